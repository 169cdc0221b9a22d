'use strict';

// Loads the addon from one place, for the hook and for the seam of child processes.

/** The bundler puts the version of this package here; files that tests load one by one have none. */
const VERSION = typeof PACKAGE_VERSION === 'undefined' ? undefined : PACKAGE_VERSION;

/**
 * That of another version is refused: what it answers, and in which form, is that version's affair.
 * @param {(module: object, file: string) => void} dlopen
 * @param {{ file: string, message: string, error?: Error }[]} failures Gets one more where it can't be loaded.
 * @returns {object | undefined} What the addon gives at first (`src/binding/first.rs`).
 */
function openAddon(file, dlopen, failures) {
  const loaded = { __proto__: null, exports: { __proto__: null } };
  try {
    dlopen(loaded, file);
  } catch (error) {
    failures[failures.length] = { __proto__: null, file, message: error.message, error };
    return undefined;
  }
  const { VERSION: found } = loaded.exports;
  if (found === VERSION || VERSION === undefined) return loaded.exports;
  const message = `${file}: it is of version ${found ?? '0.1.0 or earlier'}, and this is ${VERSION}`;
  failures[failures.length] = { __proto__: null, file, message };
  return undefined;
}

/** The whole addon, of what it gave at first, which may be that; null stays null. */
function completeAddon(first) {
  if (first?.complete === undefined) return first;
  const native = { __proto__: null };
  first.complete(native);
  return native;
}

module.exports = { completeAddon, openAddon };
