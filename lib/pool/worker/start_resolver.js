'use strict';

// The parent's resolver in the worker, and the addon.

/**
 * @param {boolean} isResolverOn Whether what the worker requires is found as `fast-resolve/register` finds it.
 * @param {string | undefined} program The parent's program.
 * @param {string} snapshotOf What the snapshot belongs to.
 * @returns {object | null} The addon, where there is one.
 */
function startResolver(isResolverOn, program, snapshotOf) {
  const { native } = require('../../addon.js');
  if (!isResolverOn || native === null || process.env.FAST_RESOLVE === '0') return native;
  process.argv[1] = program;
  require('../../captured.js').captured.setProgram({ program, snapshotOf });
  if (require('../../hook.js').install()) require('../../runtime.js').getCurrentAnswers('turn');
  return native;
}

module.exports = { startResolver };
