// Children, threads and processes that end before each other, and what is left after very many.
//
// FAST_RESOLVE_TEST=long starts 10,000 children.

import test from 'ava';
import { createMark, findMarked, untilGone, untilRunning } from '../helpers/survivors.mjs';
import { runText, runTwins, whereSeamIs } from './programs.mjs';

const seamTest = whereSeamIs(test);

const sameInBoth = async (t, program, expected, options) => {
  const { stock, seam } = await runTwins(program, options);
  t.deepEqual(stock, expected, 'Node itself');
  t.deepEqual(seam, expected);
};

const killAll = async (mark) => {
  for (const pid of findMarked(mark)) process.kill(pid, 'SIGKILL');
  await untilGone(mark);
};

seamTest('a child keeps the process alive, whether or not anybody listens', async (t) => {
  const program = `
    childProcess.spawn('sh', ['-c', 'sleep 0.3; echo child'], { stdio: ['ignore', 'inherit', 'inherit'] });
    process.on('exit', () => console.log('parent'));`;
  await sameInBoth(t, program, { stdout: 'child\nparent\n', stderr: '', code: 0, signal: null });
});

for (const [how, deed] of [
  ['is not waited for after unref()', 'child.unref();'],
  ['outlives process.exit()', 'process.exit();'],
  ['outlives an exception that nobody catches', "process.on('uncaughtException', () => process.exit()); throw 1;"],
]) {
  seamTest(`a child ${how}`, async (t) => {
    const mark = createMark();
    t.teardown(() => killAll(mark));
    const program = `const child = childProcess.spawn('sleep', ['${mark}'], { stdio: 'ignore' }); ${deed}`;
    await sameInBoth(t, program, { stdout: '', stderr: '', code: 0, signal: null });
    await untilRunning(mark, 2);
    t.is(findMarked(mark).length, 2);
  });
}

for (const how of ['ends', 'is terminated']) {
  seamTest(`children outlive a thread that ${how}, and are waited for`, async (t) => {
    const mark = createMark();
    t.teardown(() => killAll(mark));
    const program = `
      const fs = require('node:fs');
      const { Worker } = require('node:worker_threads');
      const { once } = require('node:events');
      const inThread = () => {
        const { spawn } = require('node:child_process');
        const { parentPort, workerData } = require('node:worker_threads');
        const children = Array.from({ length: 5 }, () => spawn('sleep', [workerData.mark]));
        // Some of whose ends nobody will hear.
        for (let count = 0; count < 20; count++) spawn('true');
        parentPort.postMessage(children.map(({ pid }) => pid));
        if (workerData.how === 'ends') process.exit();
      };
      (async () => {
        const own = childProcess.spawn('cat', { stdio: ['pipe', 'inherit', 'inherit'] });
        const workerData = { mark: '${mark}', how: '${how}' };
        const worker = new Worker('(' + inThread + ')()', { eval: true, workerData });
        const exited = once(worker, 'exit');
        const [pids] = await once(worker, 'message');
        if (workerData.how !== 'ends') worker.terminate();
        await exited;
        console.log(pids.map((pid) => process.kill(pid, 0)).join());
        for (const pid of pids) process.kill(pid, 'SIGKILL');
        // No zombie is left of any of them.
        const readOrEmpty = (thread) => {
          try {
            return fs.readFileSync('/proc/self/task/' + thread + '/children', 'latin1').trim();
          } catch {
            // It ended in the meantime.
            return '';
          }
        };
        const list = () => fs.readdirSync('/proc/self/task').map(readOrEmpty).join(' ').trim();
        while (list() !== String(own.pid)) await new Promise((resolve) => setTimeout(resolve, 5));
        own.stdin.end('the main thread goes on\\n');
        console.log('exit', ...(await once(own, 'exit')));
      })();`;
    // Node's own children stay zombies of the process until it ends: the thread that would wait for them has gone.
    const { stdout, stderr, code } = await runText(program, { env: { NODE_OPTIONS: '-r ./dist/spawn-register.js' } });
    t.is(stderr, '');
    t.deepEqual(stdout.split('\n').sort(), ['', 'exit 0 null', 'the main thread goes on', 'true,true,true,true,true']);
    t.is(code, 0);
    await untilGone(mark);
  });
}

/** The same event or exception, and then a child again. */
const FULL = `
  const fs = require('node:fs');
  const { once } = require('node:events');
  const attempt = async (options) => {
    try {
      const child = childProcess.spawn('true', options);
      const [error] = await once(child, 'error').catch((error) => [error]);
      return [error.code, error.syscall, child.pid];
    } catch (error) {
      return ['thrown', error.code, error.syscall];
    }
  };
  (async () => {
    const first = childProcess.spawn('true');
    await once(first, 'close');
    const taken = [];
    const fill = () => {
      try {
        for (;;) taken.push(fs.openSync('/dev/null'));
      } catch {}
    };
    fill();
    const failures = [await attempt()];
    // The seam has let go of what it held, for Node to use.
    fill();
    failures.push(await attempt({ stdio: 'ignore' }));
    for (const descriptor of taken.splice(0)) fs.closeSync(descriptor);
    const child = childProcess.spawn('echo', ['after'], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code] = await once(child, 'close');
    console.log(JSON.stringify([failures, code]));
  })();`;

seamTest('no descriptors left: as Node has it, and later children start', async (t) => {
  const { stock, seam } = await runTwins(FULL, { prefix: ['prlimit', '--nofile=64'] });
  t.is(seam.stderr, '');
  t.deepEqual(seam, stock);
  const failure = ['EMFILE', 'spawn true', null];
  t.deepEqual(JSON.parse(seam.stdout.split('\n')[1]), [[failure, failure], 0]);
});

/** In turn: a child of the addon's, and one that Node fails to start when the addon has let go of what it held. */
const SCARCE = `
  const fs = require('node:fs');
  const { once } = require('node:events');
  const start = (stdio) => once(childProcess.spawn('true', { stdio }), 'exit').catch((error) => [error.code]);
  (async () => {
    const results = [];
    for (let round = 0; round < 12; round++) {
      for (const stdio of ['ignore', 'pipe']) {
        const taken = [];
        try {
          for (;;) taken.push(fs.openSync('/dev/null'));
        } catch {}
        for (const descriptor of taken.splice(-4)) fs.closeSync(descriptor);
        const started = start(stdio);
        for (const descriptor of taken) fs.closeSync(descriptor);
        results.push((await started)[0]);
      }
    }
    console.log(JSON.stringify(results));
  })();`;

seamTest('few descriptors left: what fails leaves nothing behind that crashes at the exit', async (t) => {
  const { stock, seam } = await runTwins(SCARCE, { prefix: ['timeout', '-s', 'KILL', '60', 'prlimit', '--nofile=64'] });
  t.deepEqual(seam, stock);
  const rounds = Array.from({ length: 12 }, () => [0, 'EMFILE']);
  t.deepEqual(JSON.parse(seam.stdout), rounds.flat());
  t.is(seam.code, 0);
});

const COUNT = process.env.FAST_RESOLVE_TEST === 'long' ? 10_000 : 500;

seamTest(`nothing grows with ${COUNT} children`, async (t) => {
  t.timeout(1_200_000);
  const program = `
    const fs = require('node:fs');
    const { once } = require('node:events');
    const collectGarbage = gc;
    const one = async (index) => {
      const kind = index % 8;
      const child =
        kind === 1
          ? childProcess.spawn('no-such-program')
          : kind === 2
            ? childProcess.spawn('sleep', ['1000'], { stdio: 'ignore' })
            : kind === 3
              ? childProcess.spawn('cat')
              : kind === 4
                ? childProcess.spawn('true', { cwd: '/nowhere' })
                : childProcess.spawn('true', { stdio: kind === 5 ? 'ignore' : 'pipe' });
      child.on('error', () => {});
      if (child.pid !== undefined && !isOurs(child)) throw new Error('it is not ours');
      if (kind === 2) child.kill('SIGKILL');
      if (kind === 3) child.stdin.end('x');
      if (kind === 6) child.unref();
      child.stdout?.resume();
      child.stderr?.resume();
      await new Promise((resolve) => child.once('close', resolve));
    };
    const some = async (count) => {
      let next = 0;
      const lane = async () => {
        while (next < count) await one(next++);
      };
      // An unreferenced child is no reason to stay, and here somebody waits for it.
      const stay = setInterval(() => {}, 1e6);
      await Promise.all(Array.from({ length: 8 }, lane));
      clearInterval(stay);
    };
    const list = (place) => fs.readdirSync(place);
    const measure = async () => {
      for (let round = 0; round < 5; round++) {
        collectGarbage();
        await new Promise(setImmediate);
      }
      return {
        descriptors: list('/proc/self/fd').length,
        threads: list('/proc/self/task').length,
        children: list('/proc/self/task').map((thread) => fs.readFileSync('/proc/self/task/' + thread + '/children', 'latin1')).join(''),
        bytes: process.memoryUsage().rss,
      };
    };
    // Of several rounds: memory that is not in use may be given back a while later.
    const measureLeast = async () => {
      let { bytes } = await measure();
      for (let round = 0; round < 4; round++) {
        await some(16);
        bytes = Math.min(bytes, (await measure()).bytes);
      }
      return { ...(await measure()), bytes };
    };
    (async () => {
      api.install();
      // Until memory is as large as this many at a time make it: Node's own children do so, too.
      await some(${COUNT});
      const before = await measureLeast();
      await some(${COUNT});
      console.log(JSON.stringify({ before, after: await measureLeast() }));
    })();`;
  const { stdout, stderr } = await runText(program, { nodeArguments: ['--expose-gc'] });
  t.is(stderr, '');
  const { before, after } = JSON.parse(stdout);
  t.log(before, after);
  t.is(after.descriptors, before.descriptors);
  t.is(after.threads, before.threads);
  t.is(after.children, '');
  t.true(after.bytes - before.bytes < 30_000_000, `${before.bytes} bytes before, ${after.bytes} after`);
});

seamTest('the handles of the loop stay on its list, whatever children come and go', async (t) => {
  const program = `
    const dgram = require('node:dgram');
    const { setTimeout: sleep } = require('node:timers/promises');
    api.install();
    const listed = (type) => process.report.getReport().libuv.filter((handle) => handle.type === type).length;
    (async () => {
      const sockets = [];
      const ends = [];
      for (let count = 1; count <= 5; count++) {
        for (const file of ['true', '/nowhere/to/be/found']) {
          const child = childProcess.spawn(file, { stdio: 'ignore' });
          ends.push(new Promise((resolve) => child.on('exit', resolve).on('error', resolve)));
          sockets.push(dgram.createSocket('udp4').bind());
        }
        // Other handles go away, and what libuv closes is taken off the list.
        await sleep(5);
      }
      await Promise.all(ends);
      await sleep(5);
      const during = listed('udp');
      for (const socket of sockets) socket.close();
      await sleep(5);
      console.log(during, listed('udp'), listed('process'));
    })();`;
  const ran = await runText(program);
  t.deepEqual(ran, { stdout: '10 0 0\n', stderr: '', code: 0, signal: null });
});
