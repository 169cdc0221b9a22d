'use strict';

// What a worker takes of the machine, as far as the system tells it without being asked by the worker.

const fs = require('node:fs');

/** Linux counts in ticks of a hundredth of a second, whatever the kernel's own clock. */
const MS_PER_TICK = 10;
const KIB = 1024;

/**
 * @returns {{ rss: number, cpu: number } | undefined} Bytes and milliseconds; undefined where there is no /proc, or no such
 *   process any more.
 */
function readUsage(pid) {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, ...fields] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) /);
    const [userTicks, systemTicks] = fields.join(') ').split(' ').slice(11, 13).map(Number);
    // What it shares with the pool is the pool's.
    const kib = numberOf(status, 'VmRSS') - numberOf(status, 'RssShmem');
    return { rss: kib * KIB, cpu: (userTicks + systemTicks) * MS_PER_TICK };
  } catch {
    return undefined;
  }
}

const numberOf = (status, field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);

module.exports = { readUsage };
