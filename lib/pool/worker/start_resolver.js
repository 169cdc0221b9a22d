'use strict';

// The parent's resolver in the worker, and the addon.

/**
 * @param {boolean} isResolverOn Whether what the worker requires is found as `fast-resolve/register` finds it.
 * @returns {object | null} The addon, where there is one.
 */
function startResolver(isResolverOn) {
  const { native } = require('../../internals.js');
  if (isResolverOn && native !== null) require('../../hook.js').register();
  return native;
}

module.exports = { startResolver };
