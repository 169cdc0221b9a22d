// What console.log shows of a pool and of what is like it.

import { inspect } from 'node:util';
import test from 'ava';
import { CommandPool, Pool, supervise } from '../../dist/pool.js';
import { createPool } from './pools.mjs';

test('a pool shows its workers and what it is at', async (t) => {
  const pool = createPool(t);
  t.regex(inspect(pool), /^Pool \{ workers: \[\], queueSize: 0, completed: 0, utilization: 0 \}$/);
  await pool.run(1);
  const [{ id, pid }] = pool.workers;
  const text = inspect(pool, { breakLength: Number.POSITIVE_INFINITY });
  const worker = `Worker { id: ${id}, pid: ${pid}, isReady: true, isSpare: false, isRetiring: false, pending: 0 }`;
  t.true(text.startsWith(`Pool { workers: [ ${worker} ], queueSize: 0, completed: 1, utilization: `), text);
  t.is(
    inspect({ a: { b: { pool } } }, { depth: 2, breakLength: Number.POSITIVE_INFINITY }),
    '{ a: { b: { pool: [Pool] } } }',
  );
  t.is(inspect(pool.workers[0], { breakLength: Number.POSITIVE_INFINITY }), worker);
});

test('a CommandPool shows what it is at', async (t) => {
  const pool = new CommandPool();
  await pool.run('true');
  t.is(inspect(pool), 'CommandPool { running: 0, queued: 0, completed: 1 }');
  await pool.close();
});

test('a supervised process shows what it is at', async (t) => {
  const app = supervise({ command: 'sleep', args: ['1000'] });
  t.teardown(() => app.stop());
  await app.whenReady();
  t.is(
    inspect(app, { breakLength: Number.POSITIVE_INFINITY }),
    `Supervisor { state: 'running', pid: ${app.pid}, restarts: 0, addresses: ${inspect(app.addresses)} }`,
  );
});

test('a prototype is shown as any', (t) => {
  for (const { prototype } of [Pool, CommandPool]) t.notThrows(() => inspect(prototype));
});
