// What changes in the middle of a turn is met by what was seen before. An answer that differs from the one before is worked out anew,
// from what is seen after that alone: no Node would mix the two.

import fs from 'node:fs';
import test from 'ava';
import { newDirectory, run, settledTrees } from './processes.mjs';

const roots = await settledTrees(
  Object.fromEntries(
    ['process', 'snapshot'].map((name) => [
      name,
      {
        'package.json': '{}',
        'world/link': { link: 'packages' },
        'world/packages/other/x.js': '',
        'world/packages/lib/file': '',
        'next/link': { link: 'elsewhere' },
        'next/elsewhere/y.js': '',
        'next/packages/other/x.js': '',
        'next/packages/lib/file.json': '',
      },
    ]),
  ),
);

/** In a later turn, asks for something else first, so that the link and its target are believed when the tree is replaced. */
const program = `
  const fs = require('fs');
  const { resolve } = require(process.env.LIBRARY);
  const root = process.env.ROOT;
  const ask = () => {
    try {
      return resolve('./world/link/lib/file', root);
    } catch (error) {
      return error.code;
    }
  };
  resolve('./world/link/other/x.js', root);
  if (process.env.ASKS_FIRST) console.log(ask());
  if (process.env.REPLACES) {
    setImmediate(() => {
      resolve('./world/link/other/x.js', root);
      fs.renameSync(root + '/world', root + '/old');
      fs.renameSync(root + '/next', root + '/world');
      console.log(ask());
    });
  }
`;

const start = async (t, env) => {
  const { stdout, stderr } = await run(['-e', program], { env });
  t.is(stderr, '');
  return stdout.trim().split('\n');
};

test('with what this process has answered', async (t) => {
  const root = roots.process;
  const env = { ROOT: root, FAST_RESOLVE_CACHE: '0', ASKS_FIRST: '1', REPLACES: '1' };
  t.deepEqual(await start(t, env), [`${root}/world/packages/lib/file`, 'MODULE_NOT_FOUND']);
});

test('with what the snapshot has', async (t) => {
  const root = roots.snapshot;
  const env = { ROOT: root, FAST_RESOLVE_CACHE: newDirectory(t) };
  t.deepEqual(await start(t, { ...env, ASKS_FIRST: '1' }), [`${root}/world/packages/lib/file`]);
  // So that it does not hold as a whole, and each answer is proved by itself.
  fs.writeFileSync(`${root}/world/packages/other/new.js`, '');
  t.deepEqual(await start(t, { ...env, REPLACES: '1' }), ['MODULE_NOT_FOUND']);
});
