// Asynchronous context, order, and what keeps a thread alive.

import { AsyncLocalStorage, createHook, executionAsyncId } from 'node:async_hooks';
import { exec, spawn } from 'node:child_process';
import { once } from 'node:events';
import { errorFacts } from './observe.mjs';

/** From libuv 1.52 on, the handle of a child of ours is closed while the child lives, and no active resource (docs/processes.md). */
const [major, minor] = process.versions.uv.split('.').map(Number);
const KEEPS_HANDLES = major === 1 && minor < 52;

const ACTIVE_RESOURCES = {
  title: 'active resources',
  async run() {
    const count = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
    // Those of the cases before are about to be closed.
    while (count() > 0) await new Promise(setImmediate);
    const child = spawn('cat');
    const during = count();
    child.unref();
    const unreferenced = count();
    child.ref();
    child.stdin.end();
    await once(child, 'exit');
    return [during, unreferenced];
  },
  expected: [1, 0],
};

export const cases = [
  {
    title: 'AsyncLocalStorage in every event',
    async run() {
      const storage = new AsyncLocalStorage();
      const seen = {};
      const child = storage.run('the store', () => spawn('sh', ['-c', 'echo x']));
      for (const name of ['spawn', 'exit', 'close']) child.on(name, () => (seen[name] = storage.getStore()));
      child.stdout.on('data', () => (seen.data = storage.getStore()));
      await once(child, 'close');
      return seen;
    },
    expected: { spawn: 'the store', exit: 'the store', close: 'the store', data: 'the store' },
  },
  {
    title: 'AsyncLocalStorage in the callback of exec, of several at once',
    async run() {
      const storage = new AsyncLocalStorage();
      const stores = [1, 2, 3, 4, 5].map(
        (store) => new Promise((resolve) => storage.run(store, () => exec('true', () => resolve(storage.getStore())))),
      );
      return Promise.all(stores);
    },
    expected: [1, 2, 3, 4, 5],
  },
  {
    title: "the exit is told in the handle's own asynchronous resource",
    async run() {
      const before = new Set();
      const hook = createHook({ before: (id) => before.add(id) }).enable();
      const child = spawn('true');
      const id = child._handle.getAsyncId();
      const [own] = await new Promise((resolve) => child.on('exit', () => resolve([executionAsyncId() === id])));
      hook.disable();
      return [own, before.has(id)];
    },
    expected: [true, true],
  },
  {
    title: 'next ticks and microtasks run between the ends of two children',
    async run() {
      const children = [spawn('true', { stdio: 'ignore' }), spawn('true', { stdio: 'ignore' })];
      const order = [];
      await Promise.all(
        children.map(
          (child) =>
            new Promise((resolve) => {
              child.on('exit', () => {
                order.push('exit');
                process.nextTick(() => order.push('tick'));
                queueMicrotask(() => {
                  order.push('microtask');
                  resolve();
                });
              });
            }),
        ),
      );
      return order;
    },
    expected: ['exit', 'tick', 'microtask', 'exit', 'tick', 'microtask'],
  },
  ...(KEEPS_HANDLES ? [ACTIVE_RESOURCES] : []),
  {
    title: "an error in a listener of exit is nobody else's",
    async run() {
      const failed = once(process, 'uncaughtException');
      const other = spawn('true');
      const child = spawn('true');
      child.on('exit', () => {
        throw new RangeError('from the listener');
      });
      const [[error], end] = await Promise.all([failed, once(other, 'exit')]);
      return [errorFacts(error), end];
    },
    // In a worker thread, too, but there it is the worker's end.
    notInWorkers: true,
  },
];
