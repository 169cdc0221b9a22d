// Options of spawn, exec, execFile and fork.

import { exec, execFile, execFileSync, execSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorFacts, heard, seen, thrown } from './observe.mjs';

const isRoot = process.getuid?.() === 0;
const called = (start) =>
  new Promise((resolve) => {
    start((error, stdout, stderr) => resolve([errorFacts(error), `${stdout}`, `${stderr}`]));
  });
const errorOf = async (start) => {
  try {
    return (await seen(start())).events;
  } catch (error) {
    return errorFacts(error);
  }
};

export const cases = [
  { title: 'cwd', run: () => seen(spawn('pwd', { cwd: '/usr' })) },
  { title: 'cwd as a URL', run: () => seen(spawn('pwd', { cwd: new URL('file:///usr') })) },
  {
    title: 'an empty cwd is none',
    run: async () => (await seen(spawn('pwd', { cwd: '' }))).stdout.trim() === process.cwd(),
  },
  { title: 'a cwd that is missing', run: () => errorOf(() => spawn('pwd', { cwd: '/nowhere/at/all' })) },
  { title: 'a cwd that is a file', run: () => errorOf(() => spawn('pwd', { cwd: '/etc/passwd' })) },
  {
    title: 'the environment, with odd values',
    run: () =>
      seen(
        spawn('env', {
          env: { PATH: process.env.PATH, EMPTY: '', NUMBER: 7, UNDEFINED: undefined, 'odd name': 'a=b', Ü: '☃' },
        }),
      ),
  },
  {
    title: 'an empty environment',
    run: () => seen(spawn('/usr/bin/env', { env: {} })),
    expected: { events: [['spawn'], ['exit', 0, null], ['close', 0, null]], stdout: '', stderr: '' },
  },
  { title: 'an empty environment, and a name to look for', run: () => seen(spawn('env', { env: {} })) },
  {
    title: 'inherited variables',
    run: () =>
      seen(
        spawn('sh', ['-c', 'echo $HERE'], {
          env: Object.assign(Object.create({ HERE: 'inherited' }), { PATH: process.env.PATH }),
        }),
      ),
  },
  {
    title: "the child's own PATH is searched",
    run: () => errorOf(() => spawn('sh', ['-c', 'exit 1'], { env: { PATH: '/nowhere' } })),
  },
  {
    title: 'programs in a PATH of every kind',
    async run() {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-path-'));
      const at = (name) => path.join(directory, name);
      try {
        for (const [name, text, mode] of [
          ['program', '#!/bin/sh\necho program "$0"\n', 0o755],
          ['script', 'echo script "$1"\n', 0o755],
          ['data', '#!/bin/sh\n', 0o644],
          ['lost', '#!/nowhere/interpreter\n', 0o755],
          ['empty', '', 0o755],
        ])
          fs.writeFileSync(at(name), text, { mode });
        fs.mkdirSync(at('folder'));
        fs.mkdirSync(at('denied'));
        fs.writeFileSync(at('denied/program'), '', { mode: 0o644 });
        fs.symlinkSync('loop', at('loop'));
        const answers = {};
        const paths = {
          bin: directory,
          relative: '.',
          empty: '',
          first: `:${directory}`,
          denied: `${directory}/denied:${directory}`,
          file: `/etc/passwd:${directory}`,
          long: `${'/x'.repeat(3000)}:${directory}`,
        };
        for (const [kind, PATH] of Object.entries(paths)) {
          for (const name of [
            'program',
            'script',
            'data',
            'lost',
            'empty',
            'folder',
            'loop',
            'missing',
            'x'.repeat(300),
          ]) {
            const result = await errorOf(() => spawn(name, ['argument'], { env: { PATH }, cwd: directory }));
            answers[`${kind} ${name.slice(0, 9)}`] = JSON.stringify(result).replaceAll(directory, '<directory>');
          }
        }
        for (const name of [
          './program',
          './script',
          './data',
          './folder',
          './program/x',
          './loop',
          './lost',
          './missing',
        ])
          answers[name] = JSON.stringify(await errorOf(() => spawn(name, ['a'], { cwd: directory }))).replaceAll(
            directory,
            '<directory>',
          );
        answers.output = (await seen(spawn('script', ['argument'], { env: { PATH: directory } }))).stdout;
        return answers;
      } finally {
        fs.rmSync(directory, { recursive: true });
      }
    },
  },
  { title: 'argv0', run: () => seen(spawn('sh', ['-c', 'tr "\\0" " " < /proc/$$/cmdline'], { argv0: 'other' })) },
  {
    title: 'arguments that are no strings',
    run: () => seen(spawn('echo', [1, true, null, undefined, 2n, [3, 4], '', 'ä\ud800'])),
  },
  {
    title: 'detached, in a session of its own',
    run: async () =>
      (
        await seen(
          spawn('sh', ['-c', 'set -- $(cat /proc/$$/stat); echo $(($1 == $5)) $(($1 == $6))'], { detached: true }),
        )
      ).stdout,
    expected: '1 1\n',
  },
  {
    title: 'not detached',
    run: async () =>
      (await seen(spawn('sh', ['-c', 'set -- $(cat /proc/$$/stat); echo $(($1 == $5)) $(($1 == $6))']))).stdout,
    expected: '0 0\n',
  },
  {
    title: 'a detached child outlives its parent',
    async run() {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-detached-'));
      const file = path.join(directory, 'pid');
      const text = `
        const child = require('node:child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
        child.unref();
        require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));
      `;
      const preload = process.env.SPAWN_PRELOAD ?? '';
      const end = await once(
        spawn(process.execPath, [...(preload ? ['-r', preload] : []), '-e', text], { stdio: 'inherit' }),
        'close',
      );
      const pid = Number(fs.readFileSync(file, 'utf8'));
      fs.rmSync(directory, { recursive: true });
      return [end, process.kill(pid, 'SIGKILL')];
    },
    expected: [[0, null], true],
  },
  {
    title: 'uid and gid',
    run: () =>
      errorOf(() =>
        spawn('sh', ['-c', '[ "$(id -u) $(id -g) $(id -G)" = "12345 23456 23456" ]'], { uid: 12345, gid: 23456 }),
      ),
    ...(isRoot ? { expected: [['spawn'], ['exit', 0, null], ['close', 0, null]] } : {}),
  },
  {
    title: 'uid alone',
    run: () => errorOf(() => spawn('sh', ['-c', '[ "$(id -u) $(id -g)" = "12345 0" ]'], { uid: 12345 })),
  },
  {
    title: 'uids that are none',
    run: async () => [
      await errorOf(() => spawn('true', { uid: -1 })),
      thrown(() => spawn('true', { uid: 'root' })),
      thrown(() => spawn('true', { gid: 2 ** 32 })),
    ],
  },
  {
    title: 'a shell',
    run: async () => [
      await seen(spawn('echo $0; exit 4', { shell: true })),
      await seen(spawn('echo "$BASH_VERSION" | grep -c .', { shell: '/bin/bash' })),
    ],
  },
  {
    title: 'a timeout, with a signal of its own',
    run: async () => [
      await once(spawn('sleep', ['1000'], { timeout: 20 }), 'exit'),
      await once(spawn('sleep', ['1000'], { timeout: 20, killSignal: 'SIGKILL' }), 'exit'),
    ],
    expected: [
      [null, 'SIGTERM'],
      [null, 'SIGKILL'],
    ],
  },
  {
    title: 'an AbortSignal, before and during',
    async run() {
      const controller = new AbortController();
      const child = spawn('sleep', ['1000'], { signal: controller.signal });
      const result = seen(child);
      controller.abort(new Error('the reason'));
      const during = await result;
      const before = await seen(spawn('sleep', ['1000'], { signal: AbortSignal.abort() }));
      return [during.events, before.events];
    },
  },
  {
    title: 'NUL bytes',
    run: () => [
      thrown(() => spawn('a\0b')),
      thrown(() => spawn('a', ['b\0c'])),
      thrown(() => spawn('a', { cwd: 'a\0b' })),
      thrown(() => spawn('a', { env: { A: 'a\0b' } })),
    ],
  },
  { title: 'too long arguments', run: () => errorOf(() => spawn('true', ['x'.repeat(200_000)])) },
  {
    title: 'too many arguments',
    run: () =>
      errorOf(() =>
        spawn(
          'true',
          Array.from({ length: 300_000 }, () => 'x'.repeat(20)),
        ),
      ),
  },
  {
    title: 'a program that is being written',
    async run() {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-busy-'));
      const file = path.join(directory, 'busy');
      fs.copyFileSync(fs.realpathSync('/bin/true'), file);
      const descriptor = fs.openSync(file, 'r+');
      const result = await errorOf(() => spawn(file));
      fs.closeSync(descriptor);
      fs.rmSync(directory, { recursive: true });
      return JSON.stringify(result).replaceAll(directory, '<directory>');
    },
  },
  {
    title: 'killed while it starts',
    run: async () => {
      const child = spawn('sleep', ['1000']);
      child.kill('SIGKILL');
      return seen(child);
    },
  },
  {
    title: 'exec: output, code and command',
    run: () => called((done) => exec('echo out; echo err >&2; exit 3', done)),
  },
  { title: 'exec: success', run: () => called((done) => exec('printf %s "$A"', { env: { A: 'value' } }, done)) },
  { title: 'exec: killed', run: () => called((done) => exec('kill -9 $$', done)) },
  { title: 'exec: a timeout', run: () => called((done) => exec('exec sleep 1000', { timeout: 20 }, done)) },
  { title: 'exec: maxBuffer', run: () => called((done) => exec('yes', { maxBuffer: 100 }, done)) },
  {
    title: 'exec: encodings',
    run: async () => [
      await called((done) => exec('printf "\\303\\244"', { encoding: 'latin1' }, done)),
      await called((done) => exec('printf "\\303\\244"', { encoding: 'hex' }, done)),
      await called((done) => exec('printf a', { encoding: 'buffer' }, done)),
    ],
  },
  {
    title: 'exec: promisified',
    run: async () => [await promisify(exec)('echo hello'), await promisify(exec)('exit 2').catch(errorFacts)],
  },
  {
    title: 'execFile: arguments and options',
    run: () =>
      called((done) => execFile('sh', ['-c', 'pwd; echo $0', 'zero'], { cwd: '/usr', windowsHide: true }, done)),
  },
  { title: 'execFile: a file that is missing', run: () => called((done) => execFile('no-such-program', ['a'], done)) },
  {
    title: 'execFile: an AbortSignal',
    run: async () => {
      const controller = new AbortController();
      const result = called((done) => execFile('sleep', ['1000'], { signal: controller.signal }, done));
      controller.abort();
      return result;
    },
  },
  {
    title: 'exec: cwd, env, a shell of its own and a signal for what takes too long',
    run: async () => [
      await called((done) =>
        exec('pwd; echo "$A" "$BASH"', { cwd: '/usr', env: { A: 'a' }, shell: '/bin/bash' }, done),
      ),
      await called((done) => exec('exec sleep 1000', { timeout: 20, killSignal: 'SIGINT' }, done)),
    ],
  },
  {
    title: 'execFile: more errors than are kept, and no limit at all',
    run: async () => [
      await called((done) => execFile('sh', ['-c', 'yes >&2'], { maxBuffer: 10, killSignal: 'SIGKILL' }, done)),
      await called((done) => execFile('printf', ['%2000000d', '1'], { maxBuffer: Infinity }, done)).then(
        ([error, stdout]) => [error, stdout.length],
      ),
    ],
  },
  {
    title: 'execFile: promisified, with the child that it stands for',
    async run() {
      const promise = promisify(execFile)('cat');
      promise.child.stdin.end('input');
      const { stdout, stderr } = await promise;
      const failure = await promisify(execFile)('sh', ['-c', 'echo out; exit 7']).catch((error) => error);
      return [stdout, stderr, errorFacts(failure), failure.stdout];
    },
  },
  {
    title: 'execFile: another user',
    run: () => called((done) => execFile('id', ['-u'], { uid: 12345, env: { PATH: process.env.PATH } }, done)),
  },
  {
    title: 'what means something on Windows only',
    run: () => seen(spawn('echo', ['"a b"'], { windowsHide: true, windowsVerbatimArguments: true })),
    expected: { events: [['spawn'], ['exit', 0, null], ['close', 0, null]], stdout: '"a b"\n', stderr: '' },
  },
  {
    title: 'the synchronous ones are as they were',
    run: () => [
      `${execFileSync('echo', ['a'])}`,
      `${execSync('echo b')}`,
      spawnSync('sh', ['-c', 'exit 3']).status,
      errorFacts(spawnSync('no-such-program').error),
    ],
  },
  { title: 'execFile: a shell', run: () => called((done) => execFile('echo $((1 + 1))', { shell: true }, done)) },
  { title: 'execFile: without a callback', run: () => seen(execFile('echo', ['hello'])) },
  {
    title: 'the spawn event comes before the output',
    run: async () => {
      const child = spawn('echo', ['x']);
      const order = [];
      child.on('spawn', () => order.push('spawn'));
      order.push(typeof child.pid);
      await heard(child.stdout, 'x');
      order.push('output');
      await once(child, 'exit');
      return order;
    },
    expected: ['number', 'spawn', 'output'],
  },
];
