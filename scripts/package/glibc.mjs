// The oldest glibc that an addon runs with.

import { readFileSync } from 'node:fs';
import { readNeededVersions } from './elf.mjs';

/** What the addon may need: as it is published, and built with the toolchain of the machine at hand. README names both. */
export const OLDEST_GLIBC = { published: '2.17', built: '2.34' };

const compare = (left, right) => {
  const [, minorOfLeft] = left.split('.').map(Number);
  const [, minorOfRight] = right.split('.').map(Number);
  return minorOfLeft - minorOfRight;
};

/** @returns {string | undefined} Such as `2.17`; undefined where it needs none. */
export function neededGlibc(file) {
  return readNeededVersions(readFileSync(file))
    .filter((name) => name.startsWith('GLIBC_2.'))
    .map((name) => /^GLIBC_(2\.\d+)/.exec(name)[1])
    .sort(compare)
    .at(-1);
}

/** Throws where an addon needs a later glibc than that. */
export function checkGlibc(file, oldest) {
  const needed = neededGlibc(file);
  if (needed === undefined) throw new Error(`${file} needs no glibc at all: it is for another C library`);
  if (compare(needed, oldest) > 0) throw new Error(`${file} needs glibc ${needed}, and ${oldest} has to do`);
  return needed;
}
