'use strict';

// Whether there are descriptors for a process.

const fs = require('node:fs');
const os = require('node:os');

/** The most that a start takes: two for each pipe, and two by which the child says that it is there. */
const DESCRIPTORS = 8;

/**
 * Where there are descriptors for the pipes and none for more, Node forgets the pipes, and they stay open for good: so it is looked
 * whether there are enough.
 * @throws EMFILE, ENFILE
 */
function checkDescriptors() {
  if (process.platform === 'win32') return;
  const taken = [];
  try {
    while (taken.length < DESCRIPTORS) taken.push(fs.openSync(os.devNull));
  } catch (error) {
    // Node may not be allowed to open it, and then looks by itself.
    if (error.code === 'EMFILE' || error.code === 'ENFILE') throw error;
  } finally {
    for (const descriptor of taken) fs.closeSync(descriptor);
  }
}

module.exports = { checkDescriptors };
