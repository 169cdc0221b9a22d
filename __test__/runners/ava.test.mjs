// A real ava runs a project under the hook and without: all the same.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const command = path.join(repository, 'node_modules/ava/entrypoints/cli.mjs');

const TREE = {
  'package.json': { json: { name: 'project', type: 'module', ava: { workerThreads: false } } },
  'sum.cjs': 'module.exports = (left, right) => left + right;',
  'test.js': `
    import { createRequire } from 'node:module';
    import test from 'ava';
    import sum from './sum.cjs';

    const require = createRequire(import.meta.url);
    test('imports', (t) => t.is(sum(1, 2), 3));
    test('requires', (t) => t.is(require('./sum.cjs'), sum));
    test('what is not there', (t) => {
      t.is(t.throws(() => require('./missing')).code, 'MODULE_NOT_FOUND');
    });
    test('a test that fails', (t) => t.is(sum(1, 1), 3));
    test('the hook', (t) => {
      t.log(require(${JSON.stringify(repository)}).installed);
      t.pass();
    });
  `,
  'node_modules/ava': { link: path.join(repository, 'node_modules/ava') },
};

for (const kind of ['processes', 'threads']) {
  test(`the same report with ${kind}`, (t) => {
    const root = treeFor(t, TREE);
    const flags = kind === 'threads' ? ['--worker-threads'] : ['--no-worker-threads'];
    const stock = runAva(root, undefined, flags);
    const hooked = runAva(root, `-r ${path.join(repository, 'dist/register.js')}`, flags);
    t.true(stock.includes('#   false') && hooked.includes('#   true'));
    t.is(hooked.replace('#   true', '#   false'), stock);
    t.regex(stock, /# tests 5\n# pass 4\n# fail 1\n/);
  });
}

function runAva(root, options, flags) {
  const { stdout, stderr } = spawnSync(process.execPath, [command, '--tap', '--serial', ...flags], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, FAST_RESOLVE_CACHE: '0', FAST_RESOLVE_WAIT: '0', NODE_OPTIONS: options },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (stdout === '') throw new Error(stderr);
  return stdout;
}
