// For tests of what happens to a process that is busy.

import fs from 'node:fs';

/** A net against hanging; nothing is expected to take that long. */
const LIMIT = 120_000;

const word = new Int32Array(new SharedArrayBuffer(4));

/** Lets nothing else happen in this process for so long. */
export const block = (milliseconds) => Atomics.wait(word, 0, 0, milliseconds);

/** Lets nothing else happen in this process until there is such a file. */
export function blockUntilThere(file) {
  const deadline = Date.now() + LIMIT;
  while (!fs.existsSync(file)) {
    if (Date.now() > deadline) throw new Error(`${file} does not come`);
    block(5);
  }
}
