'use strict';

// Loads the addon, and remembers why it could not be loaded. It is loaded with the package, not at the first call, so
// that a program's own patches of the module system do not meet requests that are not its own.

const PLATFORM = `${process.platform}-${process.arch}${{ linux: '-gnu', win32: '-msvc' }[process.platform] ?? ''}`;

let native = null;
let loadError = null;
try {
  native = loadFromUsualPlace() ?? require('../binding.js');
} catch (error) {
  loadError = error;
}

/**
 * The generated loader knows every platform, and finding out which this is takes it longer than loading the addon; even
 * `require` takes as long to find the file as the kernel to load it. So the two places where most installations have the
 * addon are tried first; on any doubt, the generated loader decides.
 */
function loadFromUsualPlace() {
  if (process.env.NAPI_RS_NATIVE_LIBRARY_PATH) return undefined;
  const beside = { exports: {} };
  try {
    process.dlopen(beside, `${__dirname}/../fast-resolve.${PLATFORM}.node`);
    return beside.exports;
  } catch {
    // Not there, or not for this system: the generated loader tries again, and says what went wrong.
  }
  try {
    return require(`fast-resolve-${PLATFORM}`);
  } catch {
    return undefined;
  }
}

/** What was tried, one line each; empty where the addon is loaded. */
function listAttempts() {
  const attempts = [];
  for (let error = loadError; error instanceof Error; error = error.cause) {
    const line = error.message.split('\n', 1)[0];
    if (!attempts.includes(line)) attempts.push(line);
  }
  return attempts;
}

/** Why there is no addon, as an error for those who can't do without. */
function createUnavailableError() {
  const error = new Error(`The addon of fast-resolve can't be loaded. Tried:\n- ${listAttempts().join('\n- ')}`, {
    cause: loadError,
  });
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  return error;
}

module.exports = { createUnavailableError, native };
