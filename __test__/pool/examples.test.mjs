// The examples in examples/pool, run as they say.

import { execFile, spawn } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { promisify } from 'node:util';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';

const exampleOf = (name) => path.resolve(import.meta.dirname, '../../examples/pool', name);
// They are told what to do by signals.
const needsPosix = process.platform === 'win32' ? test.skip : test;

function start(t, name) {
  const program = spawn(process.execPath, [exampleOf(name)], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => program.kill('SIGKILL'));
  const exit = once(program, 'exit');
  const lines = readline.createInterface(program.stdout)[Symbol.asyncIterator]();
  return { program, exit, line: async () => (await lines.next()).value };
}

const portIn = (line) => Number(/\d+$/.exec(line)[0]);

async function get(port, name) {
  const [response] = await once(http.get({ port, host: '127.0.0.1', path: `/${name}`, agent: false }), 'response');
  const chunks = await response.toArray();
  return Buffer.concat(chunks).toString();
}

needsPosix('server.mjs answers with hashes', async (t) => {
  const { program, exit, line } = start(t, 'server.mjs');
  const port = portIn(await line());
  const hash = (password) => `${scryptSync(password, 'a salt of one’s own', 32).toString('hex')}\n`;
  t.deepEqual(await Promise.all([get(port, 'one'), get(port, 'two')]), [hash('one'), hash('two')]);
  program.kill('SIGTERM');
  t.regex(await line(), /^2 hashes, half of them within [\d.]+ ms$/);
  t.deepEqual(await exit, [0, null]);
});

needsPosix('sockets.mjs has workers serve connections, also while they are replaced', async (t) => {
  const { program, exit, line } = start(t, 'sockets.mjs');
  const port = portIn(await line());
  const connect = async () => {
    const socket = net.connect(port, '127.0.0.1');
    const lines = readline.createInterface(socket)[Symbol.asyncIterator]();
    const say = async (text) => {
      socket.write(`${text}\n`);
      return /^(?<pid>\d+): (?<text>.*)$/.exec((await lines.next()).value).groups;
    };
    return { say, end: () => socket.end() };
  };
  const first = await connect();
  const { pid, text } = await first.say('hello');
  t.is(text, 'HELLO');
  program.kill('SIGHUP');
  // Once the signal has arrived, a new connection is another worker's.
  let other;
  do {
    const second = await connect();
    other = (await second.say('who')).pid;
    second.end();
  } while (other === pid);
  t.deepEqual({ ...(await first.say('still there')) }, { pid, text: 'STILL THERE' });
  first.end();
  program.kill('SIGTERM');
  t.deepEqual(await exit, [0, null]);
});

test('images.mjs halves an image', async (t) => {
  const root = treeFor(t, {});
  const [from, to] = [path.join(root, 'from.pgm'), path.join(root, 'to.pgm')];
  const [width, height] = [64, 32];
  fs.writeFileSync(
    from,
    Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), Buffer.alloc(width * height, 77)]),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [exampleOf('images.mjs'), from, to]);
  t.is(stdout, '25 %\n50 %\n75 %\n100 %\n');
  t.deepEqual(fs.readFileSync(to), Buffer.concat([Buffer.from('P5\n32 16\n255\n'), Buffer.alloc(32 * 16, 77)]));
});
