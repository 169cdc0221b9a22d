// A preload that writes down what memory the program holds at exit. FAST_RESOLVE_MEMORY names the file to write.
'use strict';

const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.FAST_RESOLVE_MEMORY;
delete process.env.FAST_RESOLVE_MEMORY;

if (file !== undefined && isMainThread) {
  process.on('exit', () => {
    // Garbage is not held.
    global.gc();
    writeFileSync(file, JSON.stringify(process.memoryUsage()));
  });
}
