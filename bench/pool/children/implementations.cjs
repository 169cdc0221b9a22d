// The pools, each with a function that opens one: `open({ file, workers, spares, isBinary })` resolves to `run(value)`, which
// has the function that `file` exports called in a worker, and `close()`. All workers are started at once.
//
// Messages are what each library makes of them by itself; where bytes are to be carried, they are told to use Node's advanced
// serialization if they have a choice.
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

const repositoryRoot = path.resolve(__dirname, '..', '..', '..');

const workerScript = (name) => path.join(__dirname, '..', 'workers', `${name}.cjs`);

/** Leaves the choice to the library where there are no bytes. */
const binary = (isBinary) => (isBinary ? { serialization: 'advanced' } : {});

const openOurs =
  (options) =>
  ({ file, workers, spares = 0 }) => {
    const { Pool } = require(path.join(repositoryRoot, 'dist/pool.js'));
    const pool = new Pool({ filename: file, minWorkers: workers, maxWorkers: workers, spares, ...options });
    return {
      run: (value) => pool.run(value),
      alloc: (bytes) => pool.alloc(bytes),
      close: () => pool.close(),
    };
  };

/** As plain as it gets: tasks go to the workers one after the other. */
const openFork =
  (serialization) =>
  ({ file, workers }) => {
    const waiting = new Map();
    const children = Array.from({ length: workers }, () => {
      const child = fork(workerScript('fork'), [file], { serialization });
      child.on('message', ({ id, result }) => {
        waiting.get(id)(result);
        waiting.delete(id);
      });
      return child;
    });
    let next = 0;
    return {
      run: (value) =>
        new Promise((resolve) => {
          const id = next;
          next += 1;
          waiting.set(id, resolve);
          children[id % workers].send({ id, value });
        }),
      close: () =>
        Promise.all(
          children.map((child) => {
            child.disconnect();
            return once(child, 'exit');
          }),
        ),
    };
  };

const openTinypool = async ({ file, workers, isBinary }) => {
  const { default: Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: file,
    runtime: 'child_process',
    minThreads: workers,
    maxThreads: workers,
    ...binary(isBinary),
  });
  return { run: (value) => pool.run(value), close: () => pool.destroy() };
};

const openJestWorker = ({ file, workers }) => {
  const { Worker } = require('jest-worker');
  const pool = new Worker(file, { numWorkers: workers, enableWorkerThreads: false, exposedMethods: ['default'] });
  return { run: (value) => pool.default(value), close: () => pool.end() };
};

const openWorkerpool = ({ file, workers, isBinary }) => {
  const workerpool = require('workerpool');
  const pool = workerpool.pool(workerScript('workerpool'), {
    workerType: 'process',
    minWorkers: workers,
    maxWorkers: workers,
    forkArgs: [file],
    forkOpts: binary(isBinary),
  });
  // Its promises are of a class of its own.
  return { run: async (value) => pool.exec('run', [value]), close: () => pool.terminate() };
};

const openPiscina = ({ file, workers }) => {
  const { Piscina } = require('piscina');
  const pool = new Piscina({ filename: file, minThreads: workers, maxThreads: workers });
  return { run: (value) => pool.run(value), close: () => pool.destroy() };
};

const openers = {
  'fast-resolve': openOurs({}),
  'fast-resolve, resolver: false': openOurs({ resolver: false }),
  'fork, json': openFork('json'),
  'fork, advanced': openFork('advanced'),
  tinypool: openTinypool,
  'jest-worker': openJestWorker,
  workerpool: openWorkerpool,
  'piscina (threads)': openPiscina,
};

/** The file with a task's function. */
const taskFile = (name) => path.join(__dirname, '..', 'tasks', `${name}.cjs`);

const open = (name, options) => openers[name](options);

module.exports = { open, taskFile };
