// What supervise() refuses.

import { createRequire } from 'node:module';
import net from 'node:net';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { fixture, superviseFor } from './supervised.mjs';

const require = createRequire(import.meta.url);
const { supervise } = require('../../dist/pool.js');
const { createSettings } = require('../../lib/supervise/settings.js');

const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const RANGE = 'ERR_OUT_OF_RANGE';
const file = fixture('idle');

const TARGETS = [
  [undefined, TYPE],
  [null, TYPE],
  [7, TYPE],
  [['node'], TYPE],
  ['', VALUE],
  ['a\0b', VALUE],
  [new URL('http://localhost/'), 'ERR_INVALID_URL_SCHEME'],
  [{}, TYPE],
  [{ command: '' }, VALUE],
  [{ command: 'node', arguments: [] }, VALUE],
  [{ command: 'node', args: 'x' }, TYPE],
  [{ command: 'node', args: [1] }, TYPE],
];

const OPTIONS = [
  [null, TYPE],
  [{ retries: 3 }, VALUE],
  [{ argv: 'x' }, TYPE],
  [{ execArgv: [1] }, TYPE],
  [{ execPath: 1 }, TYPE],
  [{ cwd: 1 }, TYPE],
  [{ cwd: '' }, VALUE],
  [{ env: null }, TYPE],
  [{ env: { A: 'a\0b' } }, VALUE],
  [{ stdout: 'pipe' }, VALUE],
  [{ stdout: 1 }, TYPE],
  [{ stderr: null }, TYPE],
  [{ stderr: {} }, TYPE],
  [{ stderr: { path: 'x' } }, VALUE],
  [{ uid: '0' }, TYPE],
  [{ uid: -1 }, RANGE],
  [{ gid: 1.5 }, TYPE],
  [{ gid: 2 ** 31 }, TYPE],
  [{ env: { 'with\0NUL': 'a' } }, VALUE],
  [{ handles: [] }, TYPE],
  [{ handles: { a: null } }, TYPE],
  [{ handles: { a: {} } }, VALUE],
  [{ handles: { 'a:b': { port: 0 } } }, VALUE],
  [{ handles: { '': { port: 0 } } }, VALUE],
  [{ handles: { a: { port: 1, path: 'x' } } }, VALUE],
  [{ handles: { a: { port: 65_536 } } }, RANGE],
  [{ handles: { a: { port: '80' } } }, TYPE],
  [{ handles: { a: { port: 0, host: 'localhost' } } }, VALUE],
  [{ handles: { a: { fd: -1 } } }, RANGE],
  [{ handles: { a: net.createServer() } }, VALUE],
  [{ ready: 'signal' }, TYPE],
  [{ ready: {} }, TYPE],
  [{ ready: { port: 0 } }, RANGE],
  [{ ready: { port: 1, host: 1 } }, TYPE],
  [{ instances: 0 }, RANGE],
  [{ instances: 1.5 }, RANGE],
  [{ instances: '2' }, TYPE],
  [{ name: 1 }, TYPE],
  [{ stdout: { stream: 'stdout' } }, TYPE],
  [{ stdout: { stream: process.stdout, file: 'x' } }, VALUE],
  [{ stderr: { stream: process.stderr, prefix: 'x' } }, TYPE],
  [{ stderr: { file: 'x', prefix: true } }, VALUE],
  [{ stdout: { stream: process.stdout, suffix: true } }, VALUE],
  [{ probe: () => true }, TYPE],
  [{ probe: {} }, TYPE],
  [{ probe: { check: () => true, interval: -1 } }, RANGE],
  [{ probe: { check: () => true, timeout: '1' } }, TYPE],
  [{ probe: { check: () => true, failures: 0 } }, RANGE],
  [{ probe: { check: () => true, retries: 1 } }, VALUE],
  [{ readyTimeout: -1 }, RANGE],
  [{ readyTimeout: Number.POSITIVE_INFINITY }, RANGE],
  [{ restart: 'sometimes' }, VALUE],
  [{ restart: true }, TYPE],
  [{ restart: { when: 'sometimes' } }, VALUE],
  [{ restart: { every: 1 } }, VALUE],
  [{ restart: { delay: Number.NaN } }, RANGE],
  [{ restart: { factor: 0.5 } }, RANGE],
  [{ restart: { maxDelay: 2 ** 31 } }, RANGE],
  [{ restart: { jitter: 1.1 } }, RANGE],
  [{ restart: { maxRestarts: 1.5 } }, RANGE],
  [{ restart: { window: '1' } }, TYPE],
  [{ restart: { minUptime: -1 } }, RANGE],
  [{ stopSignal: 15 }, TYPE],
  [{ stopSignal: 'SIGNONE' }, 'ERR_UNKNOWN_SIGNAL'],
  [{ stopTimeout: 2 ** 31 }, RANGE],
  [{ forwardSignals: true }, TYPE],
  [{ forwardSignals: ['SIGKILL'] }, VALUE],
  [{ forwardSignals: ['SIGNONE'] }, 'ERR_UNKNOWN_SIGNAL'],
  [{ maxMemoryBytes: 0 }, RANGE],
  [{ maxMemoryBytes: '1G' }, TYPE],
  [{ serialization: 'xml' }, VALUE],
  [{ detached: 1 }, TYPE],
  [{ signal: {} }, TYPE],
];

const errorWith = (code) => ({ instanceOf: code === RANGE ? RangeError : TypeError, code });

for (const [target, code] of TARGETS) {
  test(`as what to supervise: ${show(target)}`, (t) => {
    t.throws(() => supervise(target), errorWith(code));
  });
}

for (const [options, code] of OPTIONS) {
  test(`as options: ${show(options)}`, (t) => {
    t.throws(() => supervise(file, options), errorWith(code));
  });
}

test('arguments of a file are not for commands', (t) => {
  for (const options of [{ argv: [] }, { execArgv: [] }, { execPath: 'node' }]) {
    t.throws(() => supervise({ command: 'node' }, options), errorWith(VALUE));
  }
});

test('messages say what was expected and what came', (t) => {
  t.throws(() => supervise(file, { restart: { maxRestarts: -1 } }), {
    message: 'The value of "options.restart.maxRestarts" is out of range. It must be >= 0. Received -1',
  });
  t.throws(() => supervise(file, { handles: { web: { host: '::1' } } }), {
    message: "The property 'options.handles.web' must have one of `port`, `path` and `fd`. Received { host: '::1' }",
  });
});

test('options that are undefined count as absent', (t) => {
  const names = Object.keys(createSettings(file));
  const options = Object.fromEntries(
    names.filter((name) => !['target', 'title', 'hasChannel'].includes(name)).map((name) => [name, undefined]),
  );
  t.deepEqual(createSettings(file, { ...options, argv: undefined }), createSettings(file));
});

test('a file may be a URL; the environment is added to; arguments and flags reach it', async (t) => {
  const { treeFor } = await import('../helpers/tree.mjs');
  const root = treeFor(t, {
    'module.mjs':
      'process.send([process.argv.slice(2), process.execArgv, process.env.OURS, process.env.HOME, process.env.PATH !== undefined])',
  });
  const supervisor = superviseFor(t, pathToFileURL(`${root}/module.mjs`), {
    argv: ['a', 'b c'],
    execArgv: ['--no-warnings'],
    env: { OURS: 'yes', HOME: undefined },
  });
  const [message] = await new Promise((resolve) => supervisor.once('message', (...args) => resolve(args)));
  t.deepEqual(message, [['a', 'b c'], ['--no-warnings'], 'yes', null, true]);
});

function show(value) {
  if (value instanceof URL) return value.href;
  return JSON.stringify(value, (_key, part) => {
    if (part instanceof net.Server) return 'a server';
    return typeof part === 'number' && !Number.isFinite(part) ? `${part}` : part;
  });
}
