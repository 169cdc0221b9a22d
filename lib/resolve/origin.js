'use strict';

// What the preload has found before the core is loaded.

/**
 * `snapshot`: where an earlier process has left one of this program. `code`: how to get at V8's code of the core, where V8 had to compile it.
 * @type {{ snapshot?: { directory: string, name: string }, code?: { key: string, make: () => Buffer } }}
 */
const origin = { __proto__: null, snapshot: undefined, code: undefined };

module.exports = { origin };
