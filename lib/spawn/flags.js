'use strict';

// From version 24 on Node puts some options of a spawn into one number. Which bit stands for which is Node's own affair, and no
// public interface tells: the running Node is asked by having it spawn into the void.

const { ChildProcess } = require('node:child_process');
const os = require('node:os');

const UV_EINVAL = -os.constants.errno.EINVAL;
/** Where the number stands among the values. */
const PLACE = 5;

/** The bits; null where this Node has none, or none that could be found out. */
let bits;

/**
 * What a number says.
 * @returns {{ isDetached: boolean } | undefined} Undefined if there is something in it that is not known.
 */
function readFlags(flags) {
  if (flags === 0) return { isDetached: false };
  if (!Number.isInteger(flags)) return undefined;
  bits ??= learn();
  if (bits === null || (flags & ~(bits.detached | bits.windowsOnly)) !== 0) return undefined;
  return { isDetached: (flags & bits.detached) !== 0 };
}

function learn() {
  const detached = ask({ detached: true });
  const hide = ask({ windowsHide: true });
  const verbatim = ask({ windowsVerbatimArguments: true });
  const found = [detached, hide, verbatim];
  // Each is one bit, and none is another's.
  const areBits = found.every((flag) => Number.isInteger(flag) && flag > 0 && (flag & (flag - 1)) === 0);
  if (!areBits || new Set(found).size !== found.length || ask({}) !== 0) return null;
  return { detached, windowsOnly: hide | verbatim };
}

/** The number that Node makes of an option. No child and no handle comes of it. */
function ask(option) {
  let flags;
  const handle = {
    spawn(...values) {
      flags = values[PLACE];
      return UV_EINVAL;
    },
    close() {},
  };
  try {
    ChildProcess.prototype.spawn.call({ _handle: handle }, { file: '-', args: [], stdio: 'ignore', ...option });
  } catch {
    // That it could not be spawned.
  }
  return flags;
}

module.exports = { readFlags };
