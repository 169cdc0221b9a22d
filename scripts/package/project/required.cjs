// Every entry by `require`, in a project that has installed the package.

const assert = require('node:assert/strict');
require('fast-resolve/register');
require('fast-resolve/spawn/register');
const fastResolve = require('fast-resolve');
const { CommandPool, Pool, supervise, worker } = require('fast-resolve/pool');
const spawn = require('fast-resolve/spawn');
const { name } = require('fast-resolve/package.json');

assert.equal(name, 'fast-resolve');
assert.equal(fastResolve.resolve('./required.cjs', __dirname), __filename);
// Node has no answer in place of the addon's.
const { resolve } = fastResolve.createResolver({ extensions: ['.mjs'] });
assert.equal(resolve('./imported', __dirname), require.resolve('./imported.mjs'));
for (const value of [CommandPool, Pool, supervise, spawn.install]) assert.equal(typeof value, 'function');
assert.equal(typeof worker, 'object');
assert.deepEqual([fastResolve.installed, spawn.installed], [true, process.platform === 'linux']);
