// Loads the addon once, when it is first needed, and remembers why it could not be loaded.

let binding = null;
let loadError = null;

/**
 * @returns {typeof import('../binding.js') | null} The addon, or null where it can't be loaded.
 */
function loadNative() {
  if (binding === null && loadError === null) {
    try {
      binding = require('../binding.js');
    } catch (error) {
      loadError = error;
    }
  }
  return binding;
}

/** What was tried, one line each; empty once the addon is loaded. */
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

module.exports = { loadNative, createUnavailableError };
