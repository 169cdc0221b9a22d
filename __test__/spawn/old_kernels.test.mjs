// The seam on old kernels, by forcing what it does without there.

import test from 'ava';
import { whereSeamIs } from './programs.mjs';
import { runCases } from './twins.mjs';

const KERNELS = {
  'without descriptors for processes': 'pidfd,group_signal',
  'without close_range': 'close_range',
  'without anything but a clone that shares memory': 'pidfd,group_signal,close_range',
};

/** Of all cases those where the kernel has a part. */
const FILES = ['child.mjs', 'stdio.mjs'];

for (const file of FILES) {
  for (const [what, without] of Object.entries(KERNELS)) {
    whereSeamIs(test).serial(`${file} ${what}`, async (t) => {
      const stock = await runCases(file, 'stock');
      const seam = await runCases(file, 'seam', { env: { FAST_RESOLVE_SPAWN_WITHOUT: without } });
      for (const [title, { result, ours, nodes }] of Object.entries(seam)) {
        t.deepEqual(result, stock[title].result, title);
        t.deepEqual([ours, nodes], [stock[title].nodes, 0], `${title}: whose children`);
      }
    });
  }

  whereSeamIs(test).serial(`${file}: without a clone that shares memory, children are Node's`, async (t) => {
    const stock = await runCases(file, 'stock');
    const seam = await runCases(file, 'seam', { env: { FAST_RESOLVE_SPAWN_WITHOUT: 'clone' } });
    t.deepEqual(seam, stock);
  });
}
