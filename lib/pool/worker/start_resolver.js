'use strict';

// The parent's resolver in the worker, and the addon.

/**
 * @param {boolean} isResolverOn Whether what the worker requires is found as `fast-resolve/register` finds it.
 * @param {string | undefined} program The parent's program.
 * @param {string} snapshotOf What the snapshot belongs to.
 * @returns {object | null} The addon, where there is one.
 */
function startResolver(isResolverOn, program, snapshotOf) {
  const { native } = require('../../resolve/addon.js');
  if (!isResolverOn || native === null || process.env.FAST_RESOLVE === '0') return native;
  process.argv[1] = program;
  require('../../resolve/captured.js').captured.setProgram({ program, snapshotOf });
  if (require('../../resolve/hook.js').install()) require('../../resolve/runtime.js').getCurrentAnswers('turn');
  return native;
}

module.exports = { startResolver };
