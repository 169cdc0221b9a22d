'use strict';

// Where standard output and error of a process go.

const fs = require('node:fs');

const { callUser } = require('../shared/call_user.js');
const { PrefixedLines } = require('./prefixed_lines.js');

const { O_NONBLOCK, O_WRONLY } = fs.constants;

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
      const descriptor = openFile(target.file);
      opened.push(descriptor);
      return descriptor;
    });
    return { stdio, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** A FIFO that nobody reads would block this process: it is an error (ENXIO). */
function openFile(file) {
  if (!isFifo(file)) return fs.openSync(file, 'a');
  const probe = fs.openSync(file, O_WRONLY | O_NONBLOCK);
  try {
    // The process is to wait where its reader is slow.
    return fs.openSync(file, 'a');
  } finally {
    fs.closeSync(probe);
  }
}

function isFifo(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFIFO() ?? false;
}

/** The process is there already, and goes on: what a function of the program throws is the program's affair. */
function prefixOf({ prefix }, whose) {
  let text = '';
  callUser(() => {
    text = `${prefix(whose)}`;
  });
  return text;
}

/** For one event, a pipe and what is below have so many. */
const LISTENERS = 2;

/** Many processes may write to one stream, each with listeners of its own, which is no leak. */
function allowListeners(writable, count) {
  const most = writable.getMaxListeners();
  if (most > 0) writable.setMaxListeners(most + count);
}

/**
 * Copies into a stream that outlives the process. Once it is closed the rest is thrown away: a full pipe would stop it.
 * @param {import('node:stream').Writable | { stream: import('node:stream').Writable, prefix?: Function }} target
 * @param {{ name: string, pid: number }} whose
 * @returns {Promise<void>} Settled when all was handed to the stream.
 */
function pipeOutput(output, target, whose) {
  const writable = target.stream ?? target;
  const readable = target.prefix === undefined ? output : output.pipe(new PrefixedLines(prefixOf(target, whose)));
  const closed = new Promise((resolve) => readable.once('close', resolve));
  if (writable.destroyed || writable.closed) {
    readable.resume();
    return closed;
  }
  allowListeners(writable, LISTENERS);
  readable.pipe(writable, { end: false });
  const discard = () => {
    readable.unpipe(writable);
    readable.resume();
  };
  writable.once('close', discard);
  return closed.then(() => {
    writable.off('close', discard);
    allowListeners(writable, -LISTENERS);
  });
}

module.exports = { openOutputs, pipeOutput };
