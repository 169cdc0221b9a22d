// Sockets and servers that come with a task arrive live, and none is lost on the way.

import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import test from 'ava';
import { WorkerCrashedError } from '../../dist/pool.js';
import { begin, createPool, until } from './pools.mjs';

async function listen(t, onConnection, options) {
  const server = net.createServer(options ?? {}, onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return server;
}

/** What a client gets that sends this, and then waits for the end. */
async function ask(server, text) {
  const client = net.connect(server.address().port, '127.0.0.1');
  const chunks = [];
  client.on('data', (chunk) => chunks.push(chunk));
  if (text !== undefined) client.write(text);
  await once(client, 'close');
  return Buffer.concat(chunks).toString();
}

for (const pauseOnConnect of [false, true]) {
  test(`a socket, ${pauseOnConnect ? 'paused' : 'read from'} when it was accepted`, async (t) => {
    const pool = createPool(t);
    const tasks = [];
    const server = await listen(t, (socket) => tasks.push(pool.run('answer: ', { name: 'echoLine', handle: socket })), {
      pauseOnConnect,
    });
    t.is(await ask(server, 'question\n'), 'answer: question');
    t.deepEqual(await Promise.all(tasks), ['question']);
  });
}

test('what the parent has read goes along', async (t) => {
  const pool = createPool(t);
  const tasks = [];
  const server = await listen(t, (socket) => {
    socket.once('readable', () => tasks.push(pool.run('', { name: 'echoLine', handle: socket })));
  });
  t.is(await ask(server, 'early\n'), 'early');
  t.is(await tasks[0], 'early');
});

test('what comes while the task waits is there when it begins', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, 1, { name: 'untilTold' });
  const tasks = [];
  const server = await listen(t, (socket) => {
    tasks.push(pool.run('', { name: 'echoLine', handle: socket }));
    if (tasks.length === 3) pool.workers[0].process.send('end');
  });
  const answers = await Promise.all(['a\n', 'b\n', 'c\n'].map((text) => ask(server, text)));
  t.deepEqual(answers, ['a', 'b', 'c']);
  await Promise.all([promise, ...tasks]);
});

test("a socket whose task was cancelled before it began is still its owner's", async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, 1, { name: 'untilTold' });
  const controller = new AbortController();
  let aborted;
  const server = await listen(t, (socket) => {
    aborted = t.throwsAsync(pool.run('', { name: 'echoLine', handle: socket, signal: controller.signal }), {
      code: 'ABORT_ERR',
    });
    controller.abort();
    socket.once('data', (chunk) => socket.end(`not handed over: ${chunk}`));
  });
  t.is(await ask(server, 'question'), 'not handed over: question');
  await aborted;
  pool.workers[0].process.send('end');
  await promise;
});

test("a socket whose task fails is its owner's again", async (t) => {
  const pool = createPool(t);
  let failed;
  const server = await listen(t, async (socket) => {
    failed = pool.run('SIGKILL', { name: 'end', handle: socket });
    await failed.catch(() => socket.end('sorry'));
  });
  t.is(await ask(server), 'sorry');
  await t.throwsAsync(failed, { instanceOf: WorkerCrashedError });
  const thrown = await listen(t, async (socket) => {
    await pool.run('', { name: 'throwIt', handle: socket }).catch((error) => socket.end(error.message));
  });
  t.is(await ask(thrown), 'thrown');
});

test('a server: both processes may accept', async (t) => {
  const pool = createPool(t);
  const server = await listen(t, (socket) => socket.end('parent'));
  const { promise } = await begin(pool, 3, { name: 'serve', handle: server });
  const answers = [];
  // Whoever is quicker takes it.
  while (answers.filter((answer) => answer === 'worker').length < 3) answers.push(await ask(server));
  t.true(answers.every((answer) => answer === 'worker' || answer === 'parent'));
  t.is(await promise, 3);
});

const notOnWindows = process.platform === 'win32' ? test.skip : test;

// Node can't hand one over on Windows.
notOnWindows('a socket for datagrams', async (t) => {
  const pool = createPool(t);
  const socket = dgram.createSocket('udp4');
  t.teardown(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { address, port } = await pool.run(undefined, { name: 'address', handle: socket });
  t.deepEqual([address, port], ['127.0.0.1', socket.address().port]);
});

test('a worker that has closed its channel gets none, and no task is lost', async (t) => {
  const pool = createPool(t);
  const pid = await pool.run(undefined, { name: 'pid' });
  const disconnected = once(pool.workers[0].process, 'disconnect');
  await pool.run(undefined, { name: 'disconnect' });
  await disconnected;
  const tasks = [];
  const server = await listen(t, (socket) => tasks.push(pool.run('', { name: 'echoLine', handle: socket })));
  t.is(await ask(server, 'x\n'), 'x');
  await Promise.all(tasks);
  t.not(await pool.run(undefined, { name: 'pid' }), pid);
});

for (const [title, options] of [
  ['', {}],
  [', nor the last one of its worker', { maxTasksPerWorker: 6 }],
]) {
  test(`a worker that closes its channel while handles are on their way: no task is lost${title}`, async (t) => {
    const pool = createPool(t, options);
    await pool.run('first');
    const sockets = [];
    const server = await listen(t, (socket) => sockets.push(socket), { pauseOnConnect: true });
    const answers = Array.from({ length: 3 }, () => ask(server));
    await until(() => sockets.length === 3);
    const disconnected = pool.run(undefined, { name: 'disconnect' });
    const tasks = sockets.map((handle) => pool.run('answer', { name: 'answer', handle }));
    const last = pool.run('last');
    await disconnected;
    t.is(await last, 'last');
    await Promise.all(tasks);
    t.deepEqual(await Promise.all(answers), ['answer', 'answer', 'answer']);
  });
}

const SOCKETS = 100;

test(`${SOCKETS} sockets handed over while workers are replaced: none is lost`, async (t) => {
  const pool = createPool(t, { maxWorkers: 2, concurrentTasksPerWorker: 4, maxTasksPerWorker: 20 });
  const tasks = [];
  const server = await listen(t, (socket) => {
    tasks.push(pool.run('', { name: 'echoLine', handle: socket }));
    if (tasks.length % 9 === 0) pool.recycleWorkers();
  });
  const answers = await Promise.all(Array.from({ length: SOCKETS }, (_, index) => ask(server, `line ${index}\n`)));
  t.deepEqual(
    answers,
    Array.from({ length: SOCKETS }, (_, index) => `line ${index}`),
  );
  t.is(tasks.length, SOCKETS);
  await Promise.all(tasks);
});

test('what is none is refused', async (t) => {
  const pool = createPool(t);
  await t.throwsAsync(pool.run(1, { handle: {} }), { code: 'ERR_INVALID_ARG_TYPE' });
  await t.throwsAsync(pool.run(1, { handle: new net.Socket().destroy() }), { code: 'ERR_INVALID_ARG_VALUE' });
});
