'use strict';

/**
 * Sends a signal to a process group by its number. The number can't be another's as long as a member of the group lives.
 * @param {number} group
 * @param {NodeJS.Signals | 0} signal 0 to see whether anyone is there.
 * @returns {boolean} Whether anyone was there to get it.
 */
function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // The whole group has gone; or what is left of it is not this user's to end. (macOS says so of processes that have ended
    // and were not waited for, too.)
    if (error.code === 'ESRCH' || error.code === 'EPERM') return false;
    throw error;
  }
}

module.exports = { signalGroup };
