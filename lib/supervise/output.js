'use strict';

// Where standard output and error of a process go.

const fs = require('node:fs');

/**
 * What stands in `stdio` for each target. Files are opened anew for each process, to be appended to, so that one that was
 * moved away is made again; the process writes to them itself, and needs nobody in between.
 * @returns {{ stdio: (string | number)[], close: () => void }} `close` once the process has been started
 */
function openOutputs(targets) {
  const opened = [];
  const close = () => {
    for (const descriptor of opened.splice(0)) fs.closeSync(descriptor);
  };
  try {
    const stdio = targets.map((target) => {
      if (typeof target === 'string') return target;
      if (target.file === undefined) return 'pipe';
      const descriptor = fs.openSync(target.file, 'a');
      opened.push(descriptor);
      return descriptor;
    });
    return { stdio, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Copies into a stream that outlives the process. Once it is closed the rest is thrown away: a full pipe would stop it. */
function pipeOutput(readable, writable) {
  readable.pipe(writable, { end: false });
  const discard = () => {
    readable.unpipe(writable);
    readable.resume();
  };
  writable.once('close', discard);
  readable.once('close', () => writable.off('close', discard));
}

module.exports = { openOutputs, pipeOutput };
