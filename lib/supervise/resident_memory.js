'use strict';

// How much memory of a process is in the machine's.

const { execFile } = require('node:child_process');
const { readFile } = require('node:fs/promises');

const isSupported = process.platform !== 'win32';

async function readProcStatus(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  // A process that has ended and was not yet reaped has none.
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

const askPs = (pid) =>
  new Promise((resolve, reject) => {
    execFile('ps', ['-o', 'rss=', '-p', `${pid}`], (error, stdout) => {
      if (error && typeof error.code !== 'number') reject(error);
      // It prints nothing, and fails, where there is no such process.
      else resolve(Number(stdout.trim()) * 1024);
    });
  });

/** Resident bytes of a process; 0 where it has gone. */
async function residentBytes(pid) {
  if (process.platform !== 'linux') return askPs(pid);
  try {
    return await readProcStatus(pid);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
}

module.exports = { isSupported, residentBytes };
