// fork, its channel, what can be sent over it, and cluster.

import { fork, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { endWhileBusy, seen, thrown } from './observe.mjs';

const at = (name) => fileURLToPath(new URL(`programs/${name}`, import.meta.url));
const answerer = at('answerer.cjs');
/** A child and what it answers, first of all. */
const asked = async (message, options, handle) => {
  const child = fork(answerer, options);
  const answered = once(child, 'message');
  child.send(message, handle);
  return [child, (await answered)[0]];
};
const closed = async (child) => {
  const end = once(child, 'exit');
  if (child.connected) child.disconnect();
  return end;
};

export const cases = [
  {
    title: 'messages as JSON',
    async run() {
      const [child, answer] = await asked({ list: [1, 'ä', null], date: new Date(0), nothing: undefined });
      return [answer, await closed(child)];
    },
  },
  {
    title: 'messages of the advanced kind',
    async run() {
      const message = { map: new Map([[1, new Set([2])]]), big: 2n, bytes: new Uint8Array([1, 2, 3]) };
      const [child, answer] = await asked(message, { serialization: 'advanced' });
      return [
        answer.map instanceof Map,
        answer.map.get(1).has(2),
        `${answer.big}`,
        [...answer.bytes],
        await closed(child),
      ];
    },
  },
  {
    title: 'a thousand messages keep their order',
    async run() {
      const child = fork(answerer);
      const answers = [];
      const all = new Promise((resolve) => {
        child.on('message', ({ number }) => {
          if (answers.push(number) === 1000) resolve();
        });
      });
      for (let number = 0; number < 1000; number++) child.send({ number, padding: 'x'.repeat(1000) });
      await all;
      return [answers.every((number, index) => number === index), await closed(child)];
    },
    expected: [true, [0, null]],
  },
  {
    title: 'a server is shared',
    async run() {
      const server = net.createServer((socket) => socket.end('parent')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address();
      const [child, answer] = await asked('server', {}, server);
      server.close();
      const [text] = await once(net.connect(port, '127.0.0.1').setEncoding('utf8'), 'data');
      child.kill();
      return [answer, text, await once(child, 'exit')];
    },
    expected: ['listening', 'child', [null, 'SIGTERM']],
  },
  {
    title: 'a socket is handed over',
    async run() {
      const child = fork(answerer);
      const server = net.createServer({ pauseOnConnect: true }, (socket) => child.send('socket', socket));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const [text] = await once(net.connect(server.address().port, '127.0.0.1').setEncoding('utf8'), 'data');
      server.close();
      return [text, await closed(child)];
    },
    expected: ['child', [0, null]],
  },
  {
    title: 'a datagram socket is shared',
    async run() {
      const own = dgram.createSocket('udp4');
      await new Promise((resolve) => own.bind(0, '127.0.0.1', resolve));
      const { port } = own.address();
      const [child, answer] = await asked('dgram', {}, own);
      const disconnected = once(child, 'disconnect');
      own.close();
      const client = dgram.createSocket('udp4');
      const answered = once(client, 'message');
      client.send('hello', port, '127.0.0.1');
      const text = `${(await answered)[0]}`;
      client.close();
      await disconnected;
      // The socket keeps it alive.
      child.kill();
      return [answer, text, await once(child, 'exit')];
    },
    expected: ['bound', 'child: hello', [null, 'SIGTERM']],
  },
  {
    title: 'a channel at another descriptor, beside pipes',
    async run() {
      const child = spawn(process.execPath, [answerer], { stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'ipc', 'ignore'] });
      const answered = once(child, 'message');
      child.send({ a: 1 });
      return [(await answered)[0], child.stdio.length, await closed(child)];
    },
    expected: [{ a: 1 }, 6, [0, null]],
  },
  {
    title: 'two channels are one too many',
    run: () => thrown(() => spawn('true', { stdio: ['ipc', 'ipc', 'ipc'] })).code,
  },
  {
    title: 'fork: execPath, execArgv, arguments, env and cwd',
    async run() {
      const text = 'console.log(process.execArgv, process.argv.slice(2), process.env.A, process.cwd(), process.argv0)';
      const child = fork('-e', [text, 'b'], {
        execPath: process.execPath,
        execArgv: ['--no-warnings'],
        env: { A: 'a' },
        cwd: '/usr',
        silent: true,
      });
      return seen(child);
    },
  },
  {
    title: 'fork: silent, stdio and what goes to them',
    async run() {
      const silent = fork(answerer, { silent: true });
      const own = fork(answerer, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
      const kinds = [silent, own].map(({ stdin, stdout, stderr }) =>
        [stdin, stdout, stderr].map((stream) => stream !== null),
      );
      return [kinds, await closed(silent), await closed(own)];
    },
  },
  {
    title: 'send: what it returns, its options and its callback',
    async run() {
      const child = fork(answerer);
      const answered = once(child, 'message');
      const told = await new Promise((resolve) => {
        const returned = child.send({ a: 1 }, undefined, { keepOpen: false }, (error) => resolve([returned, error]));
      });
      const wrong = [undefined, Symbol('x'), () => {}].map((message) => thrown(() => child.send(message)));
      const noHandle = thrown(() => child.send('x', {}));
      const noOptions = thrown(() => child.send('x', undefined, 7));
      return [told, (await answered)[0], wrong, noHandle, noOptions, await closed(child)];
    },
  },
  {
    title: 'a socket that stays open here, too',
    async run() {
      const child = fork(answerer);
      const server = net.createServer({ pauseOnConnect: true }, (socket) => {
        child.send('socket', socket, { keepOpen: true }, () =>
          server.emit('kept', [socket.destroyed, socket.fd ?? null]),
        );
        server.once('over', () => socket.destroy());
      });
      const kept = once(server, 'kept');
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const [text] = await once(net.connect(server.address().port, '127.0.0.1').setEncoding('utf8'), 'data');
      const [facts] = await kept;
      server.emit('over');
      server.close();
      return [text, facts[0], await closed(child)];
    },
    expected: ['child', false, [0, null]],
  },
  {
    title: 'the channel by itself: ref and unref',
    async run() {
      const child = fork(answerer);
      const { channel } = child;
      const count = () => process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;
      const counts = [count()];
      for (const name of ['unref', 'ref']) {
        channel[name]();
        counts.push(count());
      }
      // The parent's own pipes are none of this.
      return [counts.map((number) => number - counts[1]), channel.fd > 0, await closed(child), child.channel ?? null];
    },
  },
  {
    title: 'a child that disconnects by itself, and one that is gone with its channel',
    async run() {
      const events = async (text) => {
        const child = fork('-e', [text], {
          execArgv: [],
          execPath: process.execPath,
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        });
        const result = await seen(child);
        return [result.events.map(([name, ...values]) => [name, ...values]).sort(), child.connected];
      };
      return [await events('process.disconnect()'), await events('process.kill(process.pid, "SIGKILL")')];
    },
  },
  {
    title: 'fork: a URL, detached, with a timeout and a signal for it',
    async run() {
      const child = fork(new URL('programs/answerer.cjs', import.meta.url), {
        detached: true,
        timeout: 20,
        killSignal: 'SIGUSR2',
      });
      return (await seen(child)).events.filter(([name]) => name === 'exit' || name === 'spawn');
    },
    expected: [['spawn'], ['exit', null, 'SIGUSR2']],
  },
  {
    title: 'fork: what it refuses',
    run: () => [
      thrown(() => fork(7)),
      thrown(() => fork('x', 7)),
      thrown(() => fork('x', [], { stdio: ['pipe', 'pipe', 'pipe'] })),
      thrown(() => fork('x', [], { serialization: 'xml' })),
    ],
  },
  {
    title: 'fork: an end of its own',
    async run() {
      const child = fork(answerer);
      child.send({ end: 9 });
      return seen(child);
    },
  },
  {
    title: 'fork: killed by an AbortSignal',
    async run() {
      const controller = new AbortController();
      const child = fork(answerer, { signal: controller.signal, killSignal: 'SIGKILL' });
      const result = seen(child);
      controller.abort();
      return (await result).events;
    },
  },
  {
    title: 'fork: the end of the channel comes before that of a child that was killed, also while this thread is busy',
    async run() {
      const [child] = await asked('x');
      const result = seen(child);
      await endWhileBusy(child, () => child.kill('SIGKILL'));
      return (await result).events;
    },
    expected: [['disconnect'], ['exit', null, 'SIGKILL'], ['close', null, 'SIGKILL']],
  },
  {
    title: 'cluster: workers that share a port, one that is killed, one that disconnects',
    async run() {
      const { default: cluster } = await import('node:cluster');
      cluster.setupPrimary({ exec: at('cluster_worker.cjs') });
      const workers = [cluster.fork(), cluster.fork()];
      const listening = await Promise.all(workers.map((worker) => once(worker, 'listening')));
      const { port } = listening[0][0];
      const answers = new Set();
      for (let count = 0; count < 8; count++) {
        const [text] = await once(net.connect(port, '127.0.0.1').setEncoding('utf8'), 'data');
        answers.add(text);
      }
      const ends = workers.map((worker) => once(worker, 'exit'));
      workers[0].process.kill('SIGKILL');
      workers[1].disconnect();
      return [answers.size, await Promise.all(ends), workers.map((worker) => worker.exitedAfterDisconnect)];
    },
    // A worker thread is no primary.
    notInWorkers: true,
  },
];
