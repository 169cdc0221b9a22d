// Where the output of processes goes.

import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { until } from '../helpers/survivors.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { fixture, next, superviseFor } from './supervised.mjs';

const needsPosix = process.platform === 'linux' ? test : test.skip;
const script = (text) => ({ command: process.execPath, args: ['-e', text] });
/** What is there to be read. Newer Nodes give it piece by piece. */
function readAll(stream) {
  let text = '';
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk;
  return text;
}

const PRINTS = "console.log('out'); console.error('err'); process.on('message', () => {}); process.send('ready')";

test('files are appended to, and opened anew by the next process', async (t) => {
  const root = treeFor(t, { out: 'before\n' });
  const [out, err, moved] = ['out', 'err', 'moved'].map((name) => path.join(root, name));
  const options = { stdout: { file: out }, stderr: pathToFileURL(err), ready: 'message' };
  const supervisor = superviseFor(t, script(PRINTS), options);
  await supervisor.whenReady();
  await supervisor.reload();
  t.is(fs.readFileSync(out, 'utf8'), 'before\nout\nout\n');
  fs.renameSync(out, moved);
  await supervisor.reload();
  await supervisor.stop();
  t.is(fs.readFileSync(out, 'utf8'), 'out\n');
  t.is(fs.readFileSync(err, 'utf8'), 'err\nerr\nerr\n');
  t.is(fs.readFileSync(moved, 'utf8'), 'before\nout\nout\n');
});

test('no descriptor of a file stays open', async (t) => {
  const root = treeFor(t, {});
  const openFiles = () =>
    fs.readdirSync('/proc/self/fd').filter((name) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${name}`).startsWith(root);
      } catch {
        // The descriptor by which the directory itself was read.
        return false;
      }
    });
  if (process.platform !== 'linux') return t.pass('only Linux tells which files are open');
  const supervisor = superviseFor(t, script(PRINTS), { stdout: { file: path.join(root, 'out') }, ready: 'message' });
  await supervisor.whenReady();
  return t.deepEqual(openFiles(), []);
});

test('a stream gets everything that all processes print, and stays open', async (t) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const listeners = stdout.listenerCount('close');
  const supervisor = superviseFor(t, script(PRINTS), { stdout, stderr, ready: 'message' });
  await supervisor.whenReady();
  await supervisor.reload();
  await supervisor.restart();
  await supervisor.stop();
  t.is(readAll(stdout), 'out\nout\nout\n');
  t.is(readAll(stderr), 'err\nerr\nerr\n');
  t.false(stdout.writableEnded);
  // Pipes of processes that have ended are closed a little later.
  await until(() => stdout.listenerCount('close') === listeners, 'it has no more listeners than before');
});

test('what was printed before a crash is with the stream when the crash is told', async (t) => {
  let written = 0;
  // It takes its time, so that the process has ended long before all of it was read.
  const write = (chunk, _encoding, callback) => {
    written += chunk.length;
    setImmediate(callback);
  };
  const stdout = new Writable({ highWaterMark: 1, write });
  const size = 2 ** 17;
  const text = `require('node:fs').writeSync(1, 'x'.repeat(${size})); process.exit(1)`;
  const supervisor = superviseFor(t, script(text), { stdout, restart: 'never' });
  await next(supervisor, 'failed');
  t.is(written, size);
});

test('a stream that is closed does not stop the process', async (t) => {
  const stdout = new Writable({ write: (_chunk, _encoding, callback) => callback() });
  // More than any pipe holds; it is ready when all of it is gone.
  const text = `
    process.on('message', () => process.stdout.write('x'.repeat(2 ** 22), () => process.send('ready')));
    process.send('here');
  `;
  const supervisor = superviseFor(t, script(text), { stdout, ready: 'message' });
  await next(supervisor, 'message');
  stdout.destroy();
  supervisor.process.send('print');
  await supervisor.whenReady();
  t.pass();
});

const PRINTS_LINES = `
  process.stdout.write('one\\ntw');
  process.stdout.write('o ä\\n\\nwithout an end', () => {
    process.stderr.write('x'.repeat(200_000) + '\\nend\\n', () => process.exit());
  });
`;

test('lines that tell whose they are', async (t) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough({ highWaterMark: 2 ** 20 })];
  const options = {
    name: 'web',
    stdout: { stream: stdout, prefix: true },
    stderr: { stream: stderr, prefix: ({ name, pid }) => `${name}/${pid}: ` },
  };
  const supervisor = superviseFor(t, script(PRINTS_LINES), options);
  const { pid } = await next(supervisor, 'exit');
  // All of it is there when the end is told.
  const lines = ['one', 'two ä', '', 'without an end'];
  t.is(readAll(stdout), lines.map((line) => `[web ${pid}] ${line}\n`).join(''));
  const errors = readAll(stderr);
  t.true(errors.endsWith(`${'x'.repeat(10)}\nweb/${pid}: end\n`));
  t.is(errors.replaceAll('\n', '').replaceAll(`web/${pid}: `, ''), `${'x'.repeat(200_000)}end`, 'long lines are whole');
  t.true(errors.split('\n').every((line) => line === '' || line.startsWith(`web/${pid}: `)));
});

test('a stream without a prefix, and the usual name', async (t) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const root = treeFor(t, { 'server.js': "console.log('out'); console.error('err')" });
  const options = { stdout: { stream: stdout }, stderr: { stream: stderr, prefix: true } };
  const supervisor = superviseFor(t, path.join(root, 'server.js'), options);
  const { pid } = await next(supervisor, 'exit');
  t.is(readAll(stdout), 'out\n');
  t.is(readAll(stderr), `[server.js ${pid}] err\n`);
});

test('a prefix that throws is an uncaught exception, and the process goes on', async (t) => {
  const program = `
    const { supervise } = require(${JSON.stringify(path.resolve(import.meta.dirname, '../../dist/pool.js'))});
    process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
    const prefix = () => { throw new Error('a prefix'); };
    const options = { argv: ['error'], restart: 'never', stdout: 'ignore', stderr: { stream: process.stderr, prefix } };
    supervise(${JSON.stringify(fixture('ends'))}, options).on('failed', ({ reason }) => console.log(reason));
  `;
  const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([parent.stdout, parent.stderr].map((stream) => stream.toArray()));
  t.is(String(Buffer.concat(out)), 'uncaught a prefix\nexit\n');
  t.regex(String(Buffer.concat(err)), /Error: as it was told to/);
});

test('output of the parent is inherited, or nothing is printed', async (t) => {
  const program = `
    const { supervise } = require(${JSON.stringify(path.resolve(import.meta.dirname, '../../dist/pool.js'))});
    supervise(${JSON.stringify(fixture('ends'))}, { argv: ['error'], restart: 'never', stdout: 'ignore' });
  `;
  const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([parent.stdout, parent.stderr].map((stream) => stream.toArray()));
  t.is(String(Buffer.concat(out)), '');
  t.regex(String(Buffer.concat(err)), /Error: as it was told to/);
});

needsPosix('a FIFO that nobody reads keeps nobody waiting', async (t) => {
  const fifo = path.join(treeFor(t, {}), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const supervisor = superviseFor(t, script(PRINTS), { stdout: { file: fifo }, restart: 'never' });
  const error = await next(supervisor, 'failed');
  t.is(error.reason, 'spawn');
  t.is(error.cause.code, 'ENXIO');
});

needsPosix('a FIFO that somebody reads is written to', async (t) => {
  const fifo = path.join(treeFor(t, {}), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const reader = fs.openSync(fifo, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  t.teardown(() => fs.closeSync(reader));
  const supervisor = superviseFor(t, script("console.log('out')"), { stdout: { file: fifo } });
  await next(supervisor, 'stop');
  t.is(fs.readFileSync(reader, 'utf8'), 'out\n');
});

test('a stream that was closed before a process starts has its output thrown away', async (t) => {
  const stdout = new PassThrough();
  stdout.destroy();
  const root = treeFor(t, { 'prints.js': `process.stdout.write('x'.repeat(1e6), () => process.exit(0));` });
  for (const target of [stdout, { stream: stdout, prefix: true }]) {
    const supervisor = superviseFor(t, path.join(root, 'prints.js'), { stdout: target, restart: 'never' });
    t.like(await next(supervisor, 'exit'), { exitCode: 0 });
  }
});

test.serial('many processes write to one stream without a warning', async (t) => {
  const warnings = [];
  const note = (warning) => warnings.push(warning);
  process.on('warning', note);
  t.teardown(() => process.off('warning', note));
  const stream = new PassThrough().resume();
  const most = stream.getMaxListeners();
  const options = { stdout: { stream, prefix: true }, stderr: { stream, prefix: true } };
  const supervisors = Array.from({ length: 12 }, () => superviseFor(t, fixture('idle'), options));
  await Promise.all(supervisors.map((supervisor) => supervisor.whenReady()));
  await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
  t.deepEqual(warnings, []);
  t.is(stream.getMaxListeners(), most);
});
