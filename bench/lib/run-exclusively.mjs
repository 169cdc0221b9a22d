// Lets one process at a time do a piece of work: test files run in parallel, and each may find the corpus missing.
import fs from 'node:fs';

const pollMilliseconds = 250;

const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

const tryToLock = (lockFile) => {
  try {
    fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      throw error;
    }
    return false;
  }
};

const isAlive = (processId) => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM means that somebody else's process has that number.
    return error.code === 'EPERM';
  }
};

// A process that was killed leaves its lock behind.
const removeAbandonedLock = (lockFile) => {
  try {
    // A lock file just made is still empty; the process group 0 that this reads as is always alive.
    if (!isAlive(Number(fs.readFileSync(lockFile, 'utf8')))) {
      fs.rmSync(lockFile, { force: true });
    }
  } catch (error) {
    if (error.code !== 'ENOENT') {
      throw error;
    }
  }
};

/** Runs `work` while no other process does so under the same lock file. */
export const runExclusively = (lockFile, work) => {
  while (!tryToLock(lockFile)) {
    removeAbandonedLock(lockFile);
    sleep(pollMilliseconds);
  }
  try {
    work();
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
};
