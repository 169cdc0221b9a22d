'use strict';

// From version 24 on Node puts some options of a spawn into one number. Which bit stands for which, its binding says.

const { flags } = require('./taken.js');

const detached = flags?.kProcessFlagDetached;
const hide = flags?.kProcessFlagWindowsHide;
const verbatim = flags?.kProcessFlagWindowsVerbatimArguments;

const windowsOnly = hide | verbatim;
/** Each is one bit, and none is another's. */
const areKnown = isBit(detached) && isBit(hide) && isBit(verbatim) && countBits(detached | windowsOnly) === 3;

function isBit(value) {
  return isInt32(value) && countBits(value) === 1;
}

function countBits(value) {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function isInt32(value) {
  return typeof value === 'number' && (value | 0) === value;
}

/**
 * What a number says.
 * @returns {{ isDetached: boolean } | undefined} Undefined if there is something in it that is not known.
 */
function readFlags(number) {
  if (number === 0) return { isDetached: false };
  if (!areKnown || !isInt32(number) || (number & ~(detached | windowsOnly)) !== 0) return undefined;
  return { isDetached: (number & detached) !== 0 };
}

module.exports = { isInt32, readFlags };
