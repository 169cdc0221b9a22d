// Pools over both engines: the core, and Node's own child_process in its place. The same assertions hold for both.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const { AbortError, CommandError, CommandPool } = require('../../dist/pool.js');

const { native } = require('../../dist/core.js').parts.addon;

const hasCore = native?.Commands !== undefined;

/** What a pool of each engine says of how it started a command. */
export const engines = [...(hasCore ? ['core'] : []), 'node'];

/** A pool over an engine; the variable is read once, when the pool is made. */
export const createPool = (engine, options) => {
  const before = process.env.FAST_RESOLVE_SPAWN;
  if (engine === 'node') process.env.FAST_RESOLVE_SPAWN = '0';
  else delete process.env.FAST_RESOLVE_SPAWN;
  try {
    return new CommandPool(options);
  } finally {
    if (before === undefined) delete process.env.FAST_RESOLVE_SPAWN;
    else process.env.FAST_RESOLVE_SPAWN = before;
  }
};

/**
 * Registers a test for each engine. The body gets a function that makes pools; they are closed when it is done.
 */
export const testEngines = (test, title, body) => {
  for (const engine of engines) {
    test(`${title} (${engine})`, (t) => withPools(engine, t, body));
  }
  if (!hasCore) test.skip(`${title} (core: there is none on this platform)`, () => {});
};

const withPools = async (engine, t, body) => {
  const pools = [];
  const create = (options) => {
    const pool = createPool(engine, options);
    pools.push(pool);
    return pool;
  };
  try {
    await body(t, create, engine);
  } finally {
    await Promise.all(pools.map((pool) => pool.close({ force: true })));
  }
};

/** What a promise is rejected with; fails if it is not. */
export const failureOf = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
};
