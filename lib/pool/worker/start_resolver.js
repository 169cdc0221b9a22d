'use strict';

// The parent's resolver in the worker, and the addon.

/**
 * @param {boolean} isResolverOn Whether what the worker requires is found as `fast-resolve/register` finds it.
 * @param {string | undefined} program The parent's program, whose snapshot it is.
 * @returns {object | null} The addon, where there is one.
 */
function startResolver(isResolverOn, program) {
  const { native } = require('../../addon.js');
  if (!isResolverOn || native === null || process.env.FAST_RESOLVE === '0') return native;
  // The place of the snapshot is found by the program.
  process.argv[1] = program;
  if (require('../../hook.js').install()) require('../../runtime.js').getCurrentAnswers();
  return native;
}

module.exports = { startResolver };
