// The same where there is no addon: no shared memory, and Node starts the workers. What has to do with neither is not repeated;
// how workers end there, crashes.test.mjs, faults.test.mjs and orphans.test.mjs ask as well.

import './fixtures/no_addon.mjs';
import './cancel.test.mjs';
import './handles.test.mjs';
import './shared_memory.test.mjs';
import './streams.test.mjs';
import './values.test.mjs';
