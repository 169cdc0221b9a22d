// The examples in examples/supervise, run as they say.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { ask } from './clients.mjs';

// They are told what to do by signals.
const needsPosix = process.platform === 'win32' ? test.skip : test;

function start(t, example, args, env) {
  const file = path.resolve(import.meta.dirname, '../../examples/supervise', example);
  const program = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => program.kill('SIGKILL'));
  const exit = once(program, 'exit');
  const lines = readline.createInterface(program.stdout)[Symbol.asyncIterator]();
  const line = async () => (await lines.next()).value;
  return { program, line, exit };
}

const pidIn = (line) => Number(/\d+/.exec(line)[0]);

needsPosix('daemon.mjs restarts a program that crashes, opens its log anew, and ends it', async (t) => {
  const root = treeFor(t, { 'program.js': 'console.log(process.argv[2]); setInterval(() => {}, 1e6);' });
  const log = path.join(root, 'log');
  const { program, line, exit } = start(t, 'daemon.mjs', [log, path.join(root, 'program.js'), 'hello']);
  const pid = pidIn(await line());
  process.kill(pid, 'SIGSEGV');
  t.is(await line(), `${pid} ended: SIGSEGV`);
  t.regex(await line(), /^restart after signal, in (?:[5-9]\d|100) ms$/);
  const restarted = pidIn(await line());
  if (fs.existsSync(log)) fs.renameSync(log, `${log}.1`);
  program.kill('SIGHUP');
  const reloaded = pidIn(await line());
  t.is(await line(), `${restarted} ended: SIGTERM`);
  program.kill('SIGTERM');
  t.is(await line(), `${reloaded} ended: SIGTERM`);
  t.is(await line(), 'stopped: signal');
  t.deepEqual(await exit, [0, null]);
  t.true(fs.existsSync(log));
});

needsPosix('daemon.mjs gives up on a program that crashes too often', async (t) => {
  const root = treeFor(t, { 'program.js': 'process.exit(3)' });
  const { line, exit } = start(t, 'daemon.mjs', [path.join(root, 'log'), path.join(root, 'program.js')]);
  const seen = [];
  for (let text = await line(); text !== undefined; text = await line()) seen.push(text.split(' ')[0]);
  t.is(seen.filter((word) => word === 'restart').length, 5);
  t.is(seen.at(-1), 'failed:');
  t.deepEqual(await exit, [1, null]);
});

needsPosix('reload.mjs has a fresh server take over', async (t) => {
  const { program, line, exit } = start(t, 'reload.mjs', [], { PORT: '0' });
  const [, pid, port] = /^(\d+) serves http:\/\/127\.0\.0\.1:(\d+)$/.exec(await line());
  const answer = () => ask({ host: '127.0.0.1', port }, false);
  t.is(await answer(), `answered by ${pid}\n`);
  program.kill('SIGHUP');
  const next = pidIn(await line());
  t.not(next, Number(pid));
  t.is(await answer(), `answered by ${next}\n`);
  program.kill('SIGTERM');
  t.deepEqual(await exit, [0, null]);
});
