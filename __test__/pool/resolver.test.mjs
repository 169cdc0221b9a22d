// Workers are warm: they resolve as the parent does, by its snapshot, and leave for the next ones what they have compiled.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { createPool } from './pools.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const entry = JSON.stringify(path.join(repository, 'dist/pool.js'));

/** A program with a pool whose worker requires a package, and how the worker finds it. */
const TREE = {
  'package.json': '{"name": "program"}',
  'program.js': `
    const { Pool } = require(${entry});
    const pool = new Pool({ filename: require.resolve('./elsewhere/task.js'), maxWorkers: 1, ...JSON.parse(process.argv[2]) });
    pool.run().then(async (result) => {
      console.log(JSON.stringify(result));
      // What it has learnt is kept when it is done with the first task and has not begun the next.
      await pool.run();
      if (process.argv[3] === 'kill') pool.workers[0].process.kill('SIGKILL');
      await pool.destroy();
    });`,
  'elsewhere/package.json': '{"name": "elsewhere"}',
  'elsewhere/task.js': `
    const path = require('node:path');
    const { installed } = require(${JSON.stringify(repository)});
    module.exports = () => {
      const found = require('dependency');
      return { found, isInstalled: installed, file: path.basename(process.argv[1]) };
    };`,
  'elsewhere/node_modules/dependency/package.json': '{"main": "lib/main.js"}',
  'elsewhere/node_modules/dependency/lib/main.js': 'module.exports = require("./other");',
  'elsewhere/node_modules/dependency/lib/other.js': 'module.exports = "found";',
  'node_modules/some/package.json': '{}',
};

async function runIn(root, options = {}, env = {}, ...args) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(root, 'program.js'), JSON.stringify(options), ...args],
    { env: { ...process.env, FAST_RESOLVE_CACHE: undefined, FAST_RESOLVE_WAIT: undefined, ...env }, timeout: 120_000 },
  );
  return JSON.parse(stdout);
}

test('a worker resolves by the hook, unless it is not to', async (t) => {
  const root = treeFor(t, TREE);
  const told = await runIn(root);
  t.like(told, { found: 'found', isInstalled: true, file: 'task.js' });
  t.like(await runIn(root, { resolver: false }), { found: 'found', isInstalled: false });
  t.like(await runIn(root, {}, { FAST_RESOLVE: '0' }), { found: 'found', isInstalled: false });
});

test("what a worker has found out is in the snapshot of the parent's program, also if the worker is killed", async (t) => {
  const root = treeFor(t, { ...TREE, 'node_modules/.cache/other': '' });
  await runIn(root, {}, {}, 'kill');
  const directory = path.join(root, 'node_modules/.cache/fast-resolve');
  t.true(fs.existsSync(directory) && fs.readdirSync(directory).length > 0);
  t.false(fs.existsSync(path.join(root, 'elsewhere/node_modules/.cache')));
});

test("a directory for the snapshot that was given relative to the parent is the worker's, too", async (t) => {
  const root = treeFor(t, TREE);
  const place = path.relative(process.cwd(), path.join(root, 'place'));
  await runIn(root, { cwd: path.join(root, 'elsewhere') }, { FAST_RESOLVE_CACHE: place });
  t.true(fs.readdirSync(path.join(root, 'place')).length > 0);
});

const nodeMajor = Number.parseInt(process.versions.node, 10);
// Node 20 has no such cache.
const needsCompileCache = nodeMajor >= 22 ? test : test.skip;

needsCompileCache('what a worker has compiled is kept after its first task, also if it is killed', async (t) => {
  const root = treeFor(t, TREE);
  const place = path.join(root, 'compiled');
  await runIn(root, {}, { NODE_COMPILE_CACHE: place }, 'kill');
  const files = fs.readdirSync(place, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  t.true(files.length > 0);
});

needsCompileCache("a cache that the parent turned on by itself is the workers', too", async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '-e',
    `const module = require('node:module');
     module.enableCompileCache(${JSON.stringify(path.join(treeFor(t, {}), 'compiled'))});
     const { Pool } = require(${entry});
     const pool = new Pool({ filename: ${JSON.stringify(path.join(import.meta.dirname, 'fixtures/tasks.cjs'))} });
     pool.run('NODE_COMPILE_CACHE', { name: 'environment' }).then(async (place) => {
       console.log(require('node:path').dirname(module.getCompileCacheDir()) === place);
       await pool.close();
     });`,
  ]);
  t.is(stdout, 'true\n');
});

test("an environment of one's own", async (t) => {
  const pool = createPool(t, { env: { POOL_TEST: 'set', PATH: undefined } });
  t.is(await pool.run('POOL_TEST', { name: 'environment' }), 'set');
  t.is(await pool.run('PATH', { name: 'environment' }), undefined);
});
