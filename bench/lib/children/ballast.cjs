// Makes the process that measures as large as the programs that have the trouble.
'use strict';

const mebibyte = 1024 * 1024;
const chunkBytes = 16 * mebibyte;

const ballast = [];

/** Touches memory until so many mebibytes are resident; a small process may be larger than that already. */
exports.fillMemory = (mebibytes) => {
  while (process.memoryUsage.rss() < mebibytes * mebibyte) {
    const missing = mebibytes * mebibyte - process.memoryUsage.rss();
    ballast.push(Buffer.alloc(Math.min(chunkBytes, missing), 1));
  }
};
