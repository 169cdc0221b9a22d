// ChildProcess: its events, properties and methods.

import { ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { errorFacts, heard, seen, thrown } from './observe.mjs';

const answerer = fileURLToPath(new URL('programs/answerer.cjs', import.meta.url));
/** Those that end a process, without those that stop it and the ones that no program may have. */
const DEADLY = Object.keys(os.constants.signals).filter(
  (name) => !/^SIG(?:CHLD|CLD|CONT|STOP|TSTP|TTIN|TTOU|URG|WINCH|INFO)$/.test(name),
);

export const cases = [
  {
    title: 'events of a child that ends by itself',
    run: () => seen(spawn('sh', ['-c', 'echo out; echo err >&2; exit 3'])),
    expected: {
      events: [['spawn'], ['exit', 3, null], ['close', 3, null]],
      stdout: 'out\n',
      stderr: 'err\n',
    },
  },
  {
    title: 'events of a child that can not be started',
    async run() {
      const child = spawn('no-such-program', ['argument']);
      return { pid: child.pid, ...(await seen(child)) };
    },
  },
  {
    title: 'the exit comes before the close, which waits for the streams',
    async run() {
      const child = spawn('sh', ['-c', '(read line; echo late) <&3 & exit 0'], {
        stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      });
      await once(child, 'exit');
      child.stdio[3].end('go\n');
      return seen(child);
    },
    expected: { events: [['close', 0, null]], stdout: 'late\n', stderr: '' },
  },
  {
    title: 'every code',
    run: () =>
      Promise.all(
        [0, 1, 2, 126, 127, 128, 255].map(async (code) => (await seen(spawn('sh', ['-c', `exit ${code}`]))).events),
      ),
  },
  {
    title: 'every deadly signal, by its name',
    async run() {
      const events = {};
      for (const name of DEADLY) {
        const child = spawn('sleep', ['1000']);
        child.kill(name);
        [...events[name]] = await once(child, 'exit');
      }
      return events;
    },
  },
  {
    title: 'properties before, during and after',
    async run() {
      const describe = ({ pid, connected, killed, exitCode, signalCode, spawnfile, spawnargs, stdio, channel }) => ({
        pid: typeof pid,
        connected,
        killed,
        exitCode,
        signalCode,
        spawnfile,
        spawnargs,
        stdio: stdio?.map((stream) => stream?.constructor.name ?? null),
        channel: typeof channel,
      });
      const child = spawn('cat', ['-', '-'], { stdio: ['pipe', 'pipe', 'ignore'] });
      const before = describe(child);
      const isAlive = process.kill(child.pid, 0);
      child.kill();
      const during = describe(child);
      await once(child, 'close');
      return { before, isAlive, during, after: describe(child) };
    },
  },
  {
    title: 'kill: its names, numbers, and what it says',
    async run() {
      const child = spawn('sleep', ['1000']);
      const first = [child.kill(0), child.killed];
      const unknown = thrown(() => child.kill('SIGNOTHING'));
      const second = [child.kill('SIGUSR1'), child.killed];
      const events = await once(child, 'exit');
      return { first, unknown, second, events, after: [child.kill(), child.killed] };
    },
  },
  {
    title: 'kill of a child that has ended and was not told of',
    async run() {
      const child = spawn('true');
      const gone = `/proc/${child.pid}/stat`;
      const { readFileSync } = await import('node:fs');
      // Without a turn of the event loop, nobody can be told.
      while (!/\) Z /.test(readFileSync(gone, 'latin1')));
      const answers = [child.kill('SIGKILL'), process.kill(child.pid, 0)];
      return { answers, end: await once(child, 'exit') };
    },
    expected: { answers: [true, true], end: [0, null] },
  },
  {
    title: 'stop and continue',
    async run() {
      const child = spawn('sh', ['-c', 'trap "echo continued; exit 0" CONT; echo ready; while :; do sleep 0.01; done']);
      await heard(child.stdout, 'ready');
      child.kill('SIGSTOP');
      child.kill('SIGCONT');
      return [await heard(child.stdout, 'continued'), await once(child, 'exit')];
    },
    expected: ['continued\n', [0, null]],
  },
  {
    title: 'Symbol.dispose kills',
    async run() {
      const child = spawn('sleep', ['1000']);
      child[Symbol.dispose]?.();
      if (Symbol.dispose === undefined) child.kill();
      return once(child, 'exit');
    },
    expected: [null, 'SIGTERM'],
  },
  {
    title: 'hasRef, ref and unref of the handle',
    async run() {
      const child = spawn('cat');
      const { _handle: handle } = child;
      const answers = [handle.hasRef()];
      child.unref();
      answers.push(handle.hasRef());
      child.unref();
      child.ref();
      child.ref();
      answers.push(handle.hasRef());
      child.stdin.end();
      await once(child, 'exit');
      return [...answers, child._handle];
    },
    expected: [true, false, true, null],
  },
  {
    title: 'a handle that was closed tells nothing, and nothing is left',
    async run() {
      const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
      const told = [];
      child.on('exit', () => told.push('exit'));
      const handle = child._handle;
      await new Promise((resolve) => handle.close(resolve));
      const { pid } = child;
      process.kill(pid, 'SIGKILL');
      return { told, hasRef: handle.hasRef() };
    },
  },
  {
    title: 'ChildProcess by itself, with arguments that only it takes',
    async run() {
      const child = new ChildProcess();
      const error = child.spawn({ file: 'sh', args: ['name', '-c', 'echo "$0" "$1"', 'zero', 7], envPairs: ['A=b'] });
      return { error, ...(await seen(child)) };
    },
  },
  {
    title: 'messages, disconnect and connected',
    async run() {
      const child = fork(answerer);
      const answers = [];
      child.on('message', (message) => answers.push(message));
      const before = [child.connected, child.channel !== undefined];
      /** Told by an event, since there is nobody to be told of it otherwise. */
      const failureOf = async (action) => {
        const failed = once(child, 'error').catch((error) => [error]);
        action();
        return errorFacts((await failed)[0]);
      };
      const answered = once(child, 'message');
      await new Promise((resolve) => child.send({ echo: [1, 'two', null] }, resolve));
      await answered;
      // Some Nodes emit no 'close' after this.
      const ends = Promise.all([once(child, 'disconnect'), once(child, 'exit')]);
      child.disconnect();
      return {
        before,
        answers,
        ends: await ends,
        connected: child.connected,
        again: await failureOf(() => child.disconnect()),
      };
    },
  },
  {
    title: 'send after the end fails',
    async run() {
      const child = fork(answerer);
      child.disconnect();
      await once(child, 'exit');
      const error = await new Promise((resolve) => child.send('late', resolve));
      return [error.code, error.message];
    },
  },
];
