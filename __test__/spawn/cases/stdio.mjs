// What stands behind the descriptors of a child.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { endWhileBusy, seen, thrown } from './observe.mjs';

/**
 * What each descriptor leads to, without the numbers of pipes, and without opening any. Node hands on high ones that it was
 * itself started with; they are none of the child's.
 */
const LIST = `for fd in ${Array.from({ length: 30 }, (_, number) => number).join(' ')}; do
  [ -L /proc/$$/fd/$fd ] && echo $fd && readlink /proc/$$/fd/$fd; done; true`;
const listed = async (stdio, number = 1) => {
  const child = spawn('sh', ['-c', number === 1 ? LIST : `exec >&${number}; ${LIST}`], { stdio });
  let text = '';
  child.stdio[number].setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const end = await once(child, 'close');
  return [end, text.replaceAll(/\[\d+\]/g, '').split('\n')];
};

export const cases = [
  { title: 'pipes are the default', run: () => listed(undefined) },
  { title: 'pipes by name', run: () => listed('pipe') },
  { title: 'overlapped pipes', run: () => listed(['overlapped', 'overlapped', 'overlapped', 'overlapped']) },
  { title: 'ignored ones are /dev/null', run: () => listed(['ignore', 'pipe', 'ignore']) },
  {
    title: 'others that are ignored are not there',
    run: () => listed(['pipe', 'pipe', 'ignore', 'ignore', 'pipe', 'ignore']),
  },
  {
    title: 'twenty pipes',
    run: () =>
      listed(
        Array.from({ length: 20 }, () => 'pipe'),
        19,
      ),
  },
  {
    title: 'null and undefined are the default',
    run: () => listed([null, undefined, null, null, undefined]),
  },
  {
    title: 'inherited ones, whole and by number',
    run: async () => [
      await once(
        spawn('sh', ['-c', '[ /proc/self/fd/1 -ef "/proc/$0/fd/1" ]', process.pid], { stdio: 'inherit' }),
        'close',
      ),
      await once(
        spawn(
          'sh',
          ['-c', '[ /proc/$$/fd/1 -ef "/proc/$0/fd/2" ] && [ /proc/$$/fd/2 -ef "/proc/$0/fd/1" ]', process.pid],
          {
            stdio: ['inherit', 2, 1],
          },
        ),
        'close',
      ),
      await once(spawn('true', { stdio: [0, 1, process.stderr] }), 'close'),
    ],
    expected: [
      [0, null],
      [0, null],
      [0, null],
    ],
    notInWorkers: true,
  },
  {
    title: 'a file, by its number and as a stream',
    async run() {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-stdio-'));
      const file = path.join(directory, 'file');
      try {
        const number = fs.openSync(file, 'w+');
        await once(spawn('echo', ['one'], { stdio: ['ignore', number, 'ignore'] }), 'close');
        fs.closeSync(number);
        const stream = fs.createWriteStream(file, { flags: 'a' });
        await once(stream, 'open');
        await once(spawn('echo', ['two'], { stdio: ['ignore', stream, 'ignore'] }), 'close');
        stream.destroy();
        await once(stream, 'close');
        const input = fs.openSync(file, 'r');
        const result = await seen(spawn('cat', { stdio: [input, 'pipe', 'pipe'] }));
        fs.closeSync(input);
        return result.stdout;
      } finally {
        fs.rmSync(directory, { recursive: true });
      }
    },
    expected: 'one\ntwo\n',
  },
  {
    title: 'a socket of the parent, and what its flags are then',
    async run() {
      const server = net.createServer((socket) => {
        const child = spawn('sh', ['-c', 'echo from the child; grep flags /proc/self/fdinfo/1 >&2'], {
          stdio: ['ignore', socket, 'pipe'],
        });
        child.stderr.setEncoding('utf8').once('data', (text) => server.emit('flags', text));
        child.on('close', () => socket.destroy());
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const flags = once(server, 'flags');
      const client = net.connect(server.address().port, '127.0.0.1').setEncoding('utf8');
      const [text] = await once(client, 'data');
      server.close();
      return [text, await flags];
    },
  },
  {
    title: 'a stream that has no descriptor',
    run: () => thrown(() => spawn('true', { stdio: ['pipe', new fs.WriteStream('/dev/null'), 'pipe'] })).code,
  },
  { title: 'what is no stdio', run: () => ['x', [{}], 7].map((stdio) => thrown(() => spawn('true', { stdio }))) },
  {
    title: 'a descriptor that is not open',
    async run() {
      const child = (() => {
        try {
          return spawn('true', { stdio: ['ignore', 1_000_000, 'ignore'] });
        } catch (error) {
          return error;
        }
      })();
      return child instanceof Error ? [child.code, child.syscall] : seen(child);
    },
  },
  {
    title: "pipes block at the child's end, and not at the parent's",
    async run() {
      const child = spawn('sh', ['-c', 'grep flags /proc/self/fdinfo/0; grep flags /proc/self/fdinfo/1'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const own = fs.readFileSync(`/proc/self/fdinfo/${child.stdin._handle.fd}`, 'latin1').match(/flags:.*/)[0];
      return [own, (await seen(child)).stdout];
    },
  },
  {
    title: 'a megabyte there and back',
    async run() {
      const child = spawn('cat');
      child.stdin.end('x'.repeat(1 << 20));
      const { stdout, events } = await seen(child);
      return [stdout.length, events];
    },
    expected: [1 << 20, [['spawn'], ['exit', 0, null], ['close', 0, null]]],
  },
  {
    title: 'a child that closes its input early',
    async run() {
      const child = spawn('sh', ['-c', 'exec <&-; echo closed; read line <&1 || exit 5'], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      await once(child.stdout, 'data');
      const failed = once(child.stdin, 'error').catch((error) => [error]);
      child.stdin.write('x'.repeat(1 << 20));
      const [error] = await failed;
      child.kill();
      await once(child, 'close');
      return error.code;
    },
    expected: 'EPIPE',
  },
  {
    // No other child may end at the same time: Node then looks for the ends of all before it reads what this one wrote.
    title: 'what it wrote is heard before its end, also while this thread is busy',
    async run() {
      const child = spawn('sh', ['-c', 'echo first; read line; echo last'], { stdio: ['pipe', 'pipe', 'ignore'] });
      await once(child.stdout, 'data');
      const heard = [];
      child.stdout.on('data', (text) => heard.push(`${text}`));
      child.on('exit', () => heard.push('exit'));
      await endWhileBusy(child, () => child.stdin.end('\n'));
      await once(child, 'close');
      return heard;
    },
    expected: ['last\n', 'exit'],
  },
  {
    title: 'no descriptor of the parent gets into a child',
    async run() {
      const open = fs.openSync('/', 'r');
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const other = spawn('cat');
      const result = await listed('pipe');
      const forTwin = execFileSync('sh', ['-c', LIST])
        .toString()
        .replaceAll(/\[\d+\]/g, '')
        .split('\n').length;
      other.stdin.end();
      await once(other, 'close');
      server.close();
      fs.closeSync(open);
      return [result, forTwin];
    },
  },
];
