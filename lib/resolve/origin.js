'use strict';

// What the preload has found before anything was asked, for what is loaded later.

/**
 * `snapshot`: where an earlier process has left one of this program. `codes`: how to get at V8's code of the hook's texts that V8 had to
 * compile, the last first.
 * @typedef {{ key: string, make: () => Buffer, next: Code | undefined }} Code
 * @type {{ snapshot: { directory: string, name: string } | undefined, codes: Code | undefined }}
 */
const origin = { __proto__: null, snapshot: undefined, codes: undefined };

module.exports = { origin };
