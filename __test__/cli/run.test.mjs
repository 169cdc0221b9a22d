// `fast-resolve run`: a program is what it is under plain Node, in this process's place or beside it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { command, end, environment, run, start, workIn } from './command.mjs';

/** Without the addon, a process beside it passes everything on. */
const PLACES = [
  ['in its place', {}],
  ['beside it', { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere' }],
];

const TELL = `
  process.stdin.on('data', (data) => process.stderr.write('got ' + data));
  process.stdin.on('end', () => {
    console.log(JSON.stringify({ argv: process.argv, execPath: process.execPath, cwd: process.cwd(), title: process.title }));
    process.exitCode = 7;
  });`;

const withInput = (child, input) => {
  child.stdin.end(input);
  return end(child);
};

for (const [place, env] of PLACES) {
  test(`arguments, streams and the exit code, ${place}`, async (t) => {
    const directory = workIn(t, { 'tell.js': TELL, 'tell.mjs': `import './tell.js';` });
    const stdio = ['pipe', 'pipe', 'pipe'];
    for (const file of ['tell.js', 'tell', './tell.mjs']) {
      const args = [file, '--json', '--', '-x'];
      const plain = spawn(process.execPath, args, { cwd: directory, env: environment(directory), stdio });
      const ours = start(directory, ['run', ...args], { env, stdio });
      const [expected, actual] = await Promise.all([withInput(plain, 'something'), withInput(ours, 'something')]);
      t.is(expected.code, 7);
      if (env.NAPI_RS_NATIVE_LIBRARY_PATH) actual.stderr = actual.stderr.replace(/^\(node:[\s\S]*?(?=got )/, '');
      t.deepEqual(actual, expected, file);
    }
  });

  test(`signals, ${place}`, async (t) => {
    const directory = workIn(t, {
      'wait.js': `process.on('SIGUSR2', () => console.log('heard')); setInterval(() => {}, 1e6); console.log(process.pid);`,
    });
    const child = start(directory, ['run', 'wait.js'], { env });
    const result = end(child);
    const [pid] = await once(child.stdout.setEncoding('utf8'), 'data');
    t.is(Number(pid) === child.pid, place === 'in its place');
    child.kill('SIGUSR2');
    t.is((await once(child.stdout, 'data'))[0], 'heard\n');
    child.kill('SIGTERM');
    t.like(await result, { code: null, signal: 'SIGTERM' });
    t.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' });
  });

  test(`messages, ${place}`, async (t) => {
    const directory = workIn(t, {
      'talk.js': `process.once('message', (message) => {
        for (let count = 0; count < 2000; count++) process.send({ count });
        process.send({ back: message, big: 'x'.repeat(1e6), id: process.pid }, () => process.exit(5));
      });`,
    });
    const child = start(directory, ['run', 'talk.js'], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const result = end(child);
    const heard = [];
    child.on('message', (message) => heard.push(message));
    child.send('hello');
    t.is((await result).code, 5);
    t.is(heard.length, 2001);
    const { back, big, id } = heard.at(-1);
    t.deepEqual([back, big.length], ['hello', 1e6]);
    t.is(id === child.pid, place === 'in its place');
  });

  test(`messages of another kind, ${place}`, async (t) => {
    const directory = workIn(t, {
      'talk.js': `process.once('message', (message) => { process.send(message); process.disconnect(); });`,
    });
    const child = spawn(process.execPath, [command, 'run', 'talk.js'], {
      cwd: directory,
      env: environment(directory, env),
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const message = new Map([['a', 1n]]);
    // It may have ended before its message is read.
    const [answered, exited] = [once(child, 'message'), once(child, 'exit')];
    child.send(message);
    t.deepEqual((await answered)[0], message);
    t.is((await exited)[0], 0);
  });
}

test('what it inherits', async (t) => {
  const directory = workIn(t, {
    'read.js': `const fs = require('node:fs');
      console.log(fs.readFileSync(3, 'utf8'), process.argv0);
      fs.writeSync(4, 'written');`,
  });
  const child = spawn('bash', ['-c', `exec node "$0" run read.js 3<<<something 4>out`, command], {
    cwd: directory,
    env: { ...environment(directory), PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` },
  });
  t.like(await end(child), { code: 0, stdout: 'something\n node\n', stderr: '' });
  t.is(fs.readFileSync(`${directory}/out`, 'utf8'), 'written');
});

test('in a thread, it takes the place of nothing', async (t) => {
  const directory = workIn(t, {
    'hello.js': `console.log('hello');`,
    'main.js': `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(command)}, { argv: ['run', 'hello.js'] });
      worker.on('exit', (code) => console.log('the thread has ended with', code));`,
  });
  const child = spawn(process.execPath, ['main.js'], { cwd: directory, env: environment(directory) });
  t.like(await end(child), { code: 0, stdout: 'hello\nthe thread has ended with 0\n' });
});

test("the hook, the compile cache, and Node's options", async (t) => {
  const file = path.resolve(import.meta.dirname, '../../index.js');
  const directory = workIn(t, {
    'show.js': `const { installed } = require(${JSON.stringify(file)});
      console.log(JSON.stringify([installed, process.env.NODE_COMPILE_CACHE, process.execArgv.slice(2), process.env.NODE_OPTIONS]));`,
  });
  const show = async (args, env) => JSON.parse((await run(directory, ['run', ...args, 'show.js'], { env })).stdout);
  const cache = `${directory}/cache/fast-resolve/compile-cache`;
  t.deepEqual(await show([]), [true, cache, [], null]);
  t.deepEqual(await show(['--no-compile-cache']), [true, null, [], null]);
  t.deepEqual(await show(['--conditions', 'x', '--stack-size=900']), [
    true,
    cache,
    ['--conditions', 'x', '--stack-size=900'],
    null,
  ]);
  t.deepEqual(await show([], { NODE_COMPILE_CACHE: `${directory}/own` }), [true, `${directory}/own`, [], null]);
});

test('a program that throws, that kills itself, and one that is not there', async (t) => {
  const directory = workIn(t, {
    'throws.js': `throw new Error('on purpose');`,
    'kills.js': `process.kill(process.pid, 'SIGKILL');`,
  });
  const thrown = await run(directory, ['run', 'throws.js']);
  t.is(thrown.code, 1);
  t.regex(thrown.stderr, /throws\.js:1\n[\s\S]*Error: on purpose/);
  t.like(await run(directory, ['run', 'kills.js']), { code: null, signal: 'SIGKILL', stderr: '' });
  const missing = await run(directory, ['run', 'missing.js']);
  t.is(missing.code, 1);
  t.regex(missing.stderr, /Cannot find module '.*missing\.js'/);
});

test('as a file that is run by itself, as npx does', async (t) => {
  const directory = workIn(t, { 'hello.js': `console.log('hello');` });
  const child = spawn(command, ['run', 'hello.js'], { cwd: directory, env: environment(directory) });
  t.like(await end(child), { code: 0, stdout: 'hello\n' });
});
