// The same where there is no addon: no shared memory, and Node starts the workers.

import './fixtures/no_addon.mjs';
import './cancel.test.mjs';
import './errors.test.mjs';
import './handles.test.mjs';
import './life.test.mjs';
import './memory.test.mjs';
import './streams.test.mjs';
import './values.test.mjs';
