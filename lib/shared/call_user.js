'use strict';

/**
 * Calls a function of the user's, or what calls one. What it throws is an uncaught exception, as anywhere; but what was being done goes
 * on to its end, so that no task is lost where the exception is caught.
 */
function callUser(callback) {
  try {
    callback();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}

module.exports = { callUser };
