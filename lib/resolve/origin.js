'use strict';

// What the preload has found before anything was asked, for what is loaded later.

/**
 * `files`: what was loaded so far, by the names of files. `text`: the texts that the preload's file has, and `places`: where each begins
 * and ends. `made`: by number, the functions that were made of them by V8's code in the snapshot. `codes`: how to get at V8's code of those
 * that V8 had to compile, the last first. `snapshotPlaces`: where a snapshot of this program may be. `snapshot`: where an earlier process has
 * left one. `native`: the addon, if it was loaded to open that.
 * @typedef {{ key: string, make: () => Buffer, next: Code | undefined }} Code
 * @typedef {{ directory: string, name: string }} Place
 * @type {{ files: object, text: string, places: number[][], made: object, codes: Code | undefined,
 *   snapshotPlaces: { name: string, first: string, second: string | undefined } | undefined, snapshot: Place | undefined,
 *   native: object | undefined }}
 */
const origin = {
  __proto__: null,
  files: undefined,
  text: undefined,
  places: undefined,
  made: { __proto__: null },
  codes: undefined,
  snapshotPlaces: undefined,
  snapshot: undefined,
  native: undefined,
};

module.exports = { origin };
