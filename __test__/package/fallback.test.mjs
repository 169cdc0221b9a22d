// The package without an addon, as Windows has it: every entry loads, Node resolves and starts children. It needs nothing that is built
// but the bundles, so that it runs on every platform.

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import { copyPackage } from '../helpers/package-copy.mjs';
import { treeFor } from '../helpers/tree.mjs';

const USES = `
  assert.equal(fastResolve.resolve('dep', root), path.join(root, 'node_modules', 'dep', 'index.js'));
  const imports = () => fastResolve.resolveImport('dep', path.join(root, 'app.js')).format;
  // An older Node can't be asked what an import leads to.
  if (process.getBuiltinModule?.('module').registerHooks) assert.equal(imports(), 'commonjs');
  else assert.throws(imports, { code: 'FAST_RESOLVE_ADDON_UNAVAILABLE' });
  assert.throws(() => fastResolve.resolve('missing', root), { code: 'MODULE_NOT_FOUND' });
  assert.throws(() => fastResolve.createResolver({ extensions: ['.js'] }), { code: 'FAST_RESOLVE_ADDON_UNAVAILABLE' });
  assert.deepEqual([fastResolve.install(), fastResolve.installed, spawn.install(), spawn.installed], [false, false, false, false]);
  const commands = new CommandPool();
  commands.run(process.execPath, ['-p', '6 * 7']).then(async ({ stdout }) => {
    assert.equal(stdout.trim(), '42');
    await commands.close();
    const pool = new Pool({ filename: path.join(root, 'task.cjs'), maxWorkers: 1 });
    assert.equal(await pool.run(20), 21);
    await pool.close();
    console.log('all is well');
  });
`;

const FILES = {
  'node_modules/dep/package.json': '{ "type": "commonjs" }',
  'node_modules/dep/index.js': '',
  'task.cjs': 'module.exports = (value) => value + 1;',
  'app.cjs': `
    const assert = require('node:assert/strict');
    const path = require('node:path');
    const fastResolve = require('fast-resolve');
    const { CommandPool, Pool } = require('fast-resolve/pool');
    const spawn = require('fast-resolve/spawn');
    require('dep');
    const root = __dirname;
    ${USES}`,
  'app.mjs': `
    import assert from 'node:assert/strict';
    import path from 'node:path';
    import * as fastResolve from 'fast-resolve';
    import { CommandPool, Pool } from 'fast-resolve/pool';
    import * as spawn from 'fast-resolve/spawn';
    import 'dep';
    const root = import.meta.dirname;
    ${USES}`,
};

const PRELOADS = ['-r', 'fast-resolve/register', '-r', 'fast-resolve/spawn/register'];

for (const program of ['app.cjs', 'app.mjs']) {
  for (const preloads of [[], PRELOADS, ['--import', 'fast-resolve/register']]) {
    test(`node ${[...preloads, program].join(' ')}`, async (t) => {
      const root = treeFor(t, FILES);
      await copyPackage(path.join(root, 'node_modules/fast-resolve'), 'missing');
      const env = { ...process.env, NODE_OPTIONS: '', FAST_RESOLVE_WAIT: '0' };
      const stdout = execFileSync(process.execPath, ['--no-warnings', ...preloads, program], {
        cwd: root,
        encoding: 'utf8',
        env,
      });
      t.is(stdout, 'all is well\n');
    });
  }
}
