// Every entry by `import`, in a project that has installed the package.

import assert from 'node:assert/strict';
import 'fast-resolve/register';
import 'fast-resolve/spawn/register';
import fastResolve, { createResolver, installed, resolve, resolveImport } from 'fast-resolve';
import pool, { CommandPool, Pool, supervise } from 'fast-resolve/pool';
import spawn, { install } from 'fast-resolve/spawn';

assert.equal(resolve('./imported.mjs', import.meta.dirname), import.meta.filename);
assert.equal(resolveImport('./imported.mjs', import.meta.url).url, import.meta.url);
const resolver = createResolver({ extensions: ['.cjs'] });
assert.equal(
  resolver.resolve('./required', import.meta.dirname),
  import.meta.filename.replace('imported.mjs', 'required.cjs'),
);
assert.deepEqual([fastResolve.resolve, spawn.install, pool.Pool], [resolve, install, Pool]);
for (const value of [CommandPool, supervise]) assert.equal(typeof value, 'function');
assert.deepEqual([installed, spawn.installed], [true, process.platform === 'linux']);
