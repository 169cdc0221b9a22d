import test from 'ava';
import { runTwins, whereSeamIs } from './programs.mjs';
import { testCases } from './twins.mjs';

await testCases(test, 'ends.mjs');

const seamTest = whereSeamIs(test);

seamTest('what a listener throws is nothing to the domain in which the first child was started', async (t) => {
  const program = `
    const domain = require('node:domain');
    const fail = (message) => childProcess.spawn('true', { stdio: 'ignore' }).on('exit', () => { throw new Error(message); });
    let isHeard = false;
    const own = domain.create();
    own.on('error', ({ message }) => { isHeard = true; console.log('domain:', message); });
    process.on('uncaughtException', ({ message }) => console.log('uncaught:', message));
    // Begins outside of the domain.
    const waiting = setInterval(() => {
      if (!isHeard) return;
      clearInterval(waiting);
      fail('second');
    }, 5);
    own.run(() => fail('first'));`;
  const { stock, seam } = await runTwins(program);
  t.deepEqual(stock, { stdout: 'domain: first\nuncaught: second\n', stderr: '', code: 0, signal: null });
  t.deepEqual(seam, stock);
});

seamTest('what was in AsyncLocalStorage at the first spawn is not kept for good', async (t) => {
  const program = `
    const { AsyncLocalStorage } = require('node:async_hooks');
    const { once } = require('node:events');
    const storage = new AsyncLocalStorage();
    const collectGarbage = gc;
    let isCollected = false;
    const registry = new FinalizationRegistry(() => { isCollected = true; });
    const spawnFirst = async () => {
      const store = { much: 'x' };
      registry.register(store);
      await storage.run(store, async () => once(childProcess.spawn('true', { stdio: 'ignore' }), 'exit'));
    };
    (async () => {
      await spawnFirst();
      for (let round = 0; round < 100 && !isCollected; round++) {
        await once(childProcess.spawn('true', { stdio: 'ignore' }), 'exit');
        await new Promise((resolve) => setTimeout(resolve, 5));
        collectGarbage();
      }
      console.log(isCollected);
    })();`;
  const { stock, seam } = await runTwins(program, { nodeArguments: ['--expose-gc'] });
  t.deepEqual(stock, { stdout: 'true\n', stderr: '', code: 0, signal: null });
  t.deepEqual(seam, stock);
});

seamTest('nothing is turned on that slows the promises of a program', async (t) => {
  const program = `
    const { internalBinding } = require('internal/test/binding');
    const { async_hook_fields: fields, constants } = internalBinding('async_wrap');
    childProcess.spawn('true').on('close', () => console.log(fields[constants.kInit], fields[constants.kBefore]));`;
  const { stock, seam } = await runTwins(program, { nodeArguments: ['--expose-internals'] });
  t.deepEqual([stock.stdout, stock.code], ['0 0\n', 0]);
  t.deepEqual([seam.stdout, seam.code], [stock.stdout, stock.code]);
});

seamTest('as many children as Node has with so few descriptors', async (t) => {
  const program = `
    const children = Array.from({ length: 60 }, () => childProcess.spawn('sleep', ['1000'], { stdio: 'ignore' }));
    console.log(children.filter(({ pid }) => pid > 0).length);
    for (const child of children) child.kill('SIGKILL');`;
  const { stock, seam } = await runTwins(program, { prefix: ['prlimit', '--nofile=64'] });
  t.deepEqual(stock, { stdout: '60\n', stderr: '', code: 0, signal: null });
  t.deepEqual(seam, stock);
});

seamTest(
  'threads that are terminated while they start children leave neither pipes nor children that wait for them',
  async (t) => {
    t.timeout(120_000);
    const program = `
    const fs = require('node:fs');
    const { Worker } = require('node:worker_threads');
    const inThread = () => {
      const { spawn } = require('node:child_process');
      require('node:worker_threads').parentPort.postMessage('begins');
      for (;;) spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    };
    const countSockets = () =>
      fs.readdirSync('/proc/self/fd').filter((name) => {
        try {
          return fs.readlinkSync('/proc/self/fd/' + name).startsWith('socket:');
        } catch {
          // That by which the directory was read.
          return false;
        }
      }).length;
    (async () => {
      const before = countSockets();
      for (let round = 0; round < 20; round++) {
        const worker = new Worker('(' + inThread + ')()', { eval: true });
        await new Promise((resolve) => worker.once('message', resolve));
        await new Promise((resolve) => setTimeout(resolve, 5));
        await worker.terminate();
      }
      console.log(countSockets() - before);
    })();`;
    const { stock, seam } = await runTwins(program);
    t.deepEqual(stock, { stdout: '0\n', stderr: '', code: 0, signal: null });
    t.deepEqual(seam, stock);
  },
);
