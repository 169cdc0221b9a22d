// What is told of each request: on a diagnostics channel, and on stderr.

import path from 'node:path';
import test from 'ava';
import { newDirectory, settledTrees } from '../cache/processes.mjs';
import { nodeMajor, runIn } from '../helpers/run.mjs';
import { removeTree, writeTree } from '../helpers/tree.mjs';

const register = path.resolve(import.meta.dirname, '../../dist/register.js');

const files = {
  'package.json': '{}',
  'node_modules/one/package.json': '{ "exports": "./main.js" }',
  'node_modules/one/main.js': `exports.two = require('./two');`,
  'node_modules/one/two.js': `exports.path = require('path');`,
  'home/.keep': '',
};

/** What the program asks for; its own file is asked for first. */
const ASKED = `
  require('one');
  require('node:fs');
  try { require('./nothing'); } catch {}
`;
/** Each of those: the request, who asked, the answer or the code of the error, and where it comes from. */
const told = (own) => [
  ...own,
  ['one', '<root>/app.js', '<root>/node_modules/one/main.js', 'core'],
  ['./two', '<root>/node_modules/one/main.js', '<root>/node_modules/one/two.js', 'core'],
  ['path', '<root>/node_modules/one/two.js', 'path', 'builtin'],
  ['./nothing', '<root>/app.js', 'MODULE_NOT_FOUND', 'node'],
];

const SUBSCRIBE = `
  require('node:diagnostics_channel').subscribe('fast-resolve:resolve', (message, name) => {
    const { kind, request, from, answer, error, source, duration } = message;
    process.stdout.write(JSON.stringify([kind, request, from, answer ?? error.code, source]) + '\\n');
    if (!(duration >= 0) || (answer === undefined) === (error === undefined)) process.exitCode = 9;
  });
`;

const run = (t, program, { preloaded = [register], wait } = {}) => {
  const root = writeTree({ ...files, ...program.files });
  t.teardown(() => removeTree(root));
  return runIn(root, { preloaded, wait }, { nodeArguments: ['<hook>'], args: ['app.js'], ...program });
};

const linesOf = (stdout) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('['))
    .map((line) => JSON.parse(line));

const withoutKind = (lines) => lines.map(([, ...rest]) => rest);

test('each request of a program is told from when somebody listens, whether the hook had waited or not', async (t) => {
  for (const wait of ['0', undefined]) {
    const { stdout, exitCode } = await run(t, { files: { 'app.js': `${SUBSCRIBE}${ASKED}` } }, { wait });
    t.deepEqual(withoutKind(linesOf(stdout)), told([]), `${wait}`);
    t.is(exitCode, 0);
  }
});

test('a preload hears of the program itself', async (t) => {
  const { stdout } = await run(t, {
    files: { 'listener.js': SUBSCRIBE, 'app.js': ASKED },
    nodeArguments: ['<hook>', '-r', '<root>/listener.js'],
  });
  t.deepEqual(withoutKind(linesOf(stdout)), told([['<root>/app.js', null, '<root>/app.js', 'node']]));
});

test('an answer of the snapshot, and one that was given before, say so', async (t) => {
  const app = `
    ${SUBSCRIBE}
    const { resolve } = require(process.env.LIBRARY);
    for (let count = 0; count < 3; count++) resolve('one', __dirname);
  `;
  const { root } = await settledTrees({ root: { ...files, 'app.js': app } });
  t.teardown(() => removeTree(root));
  const program = { nodeArguments: ['<hook>'], args: ['app.js'], env: { FAST_RESOLVE_CACHE: newDirectory(t) } };
  const sources = async () => {
    const { stdout } = await runIn(root, { preloaded: [register], wait: '0' }, program);
    return linesOf(stdout)
      .filter(([kind]) => kind === 'resolve')
      .map(([, , , , source]) => source);
  };
  t.deepEqual(await sources(), ['core', 'core', 'memory']);
  t.deepEqual(await sources(), ['snapshot', 'snapshot', 'snapshot']);
});

test('import, resolve() and resolveImport() are told by their kinds, and what they ask of Node is not told twice', async (t) => {
  const app = `
    ${SUBSCRIBE}
    const { createResolver, resolve, resolveImport } = require(process.env.LIBRARY);
    const attempt = (call) => { try { call(); } catch {} };
    console.log('["begin"]');
    resolve('fs', __dirname);
    attempt(() => resolve('nothing', __dirname));
    resolveImport('one', __filename);
    resolveImport('fs', __filename);
    attempt(() => resolveImport('nothing', __filename));
    const other = createResolver({ extensions: ['.js'] });
    other.resolve('one', __dirname);
    other.resolveImport('one', __filename);
    import('one');
  `;
  const { stdout } = await run(t, { files: { 'app.js': app } }, { wait: '0' });
  const lines = linesOf(stdout);
  const one = '<root>/node_modules/one/main.js';
  const expected = [
    ['resolve', 'fs', '<root>', 'fs', 'builtin'],
    ['resolve', 'nothing', '<root>', 'MODULE_NOT_FOUND', 'node'],
    ['resolveImport', 'one', '<root>/app.js', `file://${one}`, 'core'],
    ['resolveImport', 'fs', '<root>/app.js', 'node:fs', 'builtin'],
    // Before `module.registerHooks`, Node can't be asked.
    ['resolveImport', 'nothing', '<root>/app.js', 'ERR_MODULE_NOT_FOUND', nodeMajor > 20 ? 'node' : 'core'],
    ['resolve', 'one', '<root>', one, 'core'],
    ['resolveImport', 'one', '<root>/app.js', `file://${one}`, 'core'],
  ];
  // Before `module.registerHooks`, no hook hears of an import.
  if (nodeMajor > 20) expected.push(['import', 'one', 'file://<root>/app.js', `file://${one}`, 'core']);
  const since = lines.slice(lines.findIndex(([kind]) => kind === 'begin') + 1);
  t.deepEqual(
    since
      .filter(([kind]) => kind !== 'require')
      .map((line) => line.map((text) => text.replace('file:///<root>', 'file://<root>'))),
    expected,
  );
});

test('a listener that throws, or resolves itself, disturbs nothing', async (t) => {
  const app = `
    const channel = require('node:diagnostics_channel');
    process.on('uncaughtException', ({ message }) => console.log('thrown', message));
    let count = 0;
    channel.subscribe('fast-resolve:resolve', ({ request }) => {
      count++;
      require('./node_modules/one/two');
      require.resolve('one');
      throw new Error(request);
    });
    console.log(typeof require('one').two.path.join, count);
  `;
  const { stdout, exitCode } = await run(t, { files: { 'app.js': app } }, { wait: '0' });
  t.deepEqual(stdout.trim().split('\n').toSorted(), ['function 2', 'thrown ./two', 'thrown one']);
  t.is(exitCode, 0);
});

test('whatever a program puts in the place of the channel, it gets its modules', async (t) => {
  const stubs = [
    `channel.channel = () => { throw new Error('stub'); };`,
    `channel.channel = () => undefined;`,
    `channel.hasSubscribers = () => { throw new Error('stub'); };`,
    `channel.Channel.prototype.publish = () => { throw new Error('stub'); }; channel.subscribe('fast-resolve:resolve', () => {});`,
  ];
  for (const stub of stubs) {
    const files = {
      'app.js': `const channel = require('node:diagnostics_channel'); ${stub} require('fs').writeSync(1, Object.keys(require('one')).join());`,
    };
    const { stdout, stderr, exitCode } = await run(t, { files }, { wait: '1' });
    t.deepEqual([stdout.trim(), exitCode], ['two', 0], `${stub}${stderr}`);
  }
});

test('FAST_RESOLVE_LOG=resolve prints one line for each request', async (t) => {
  const { stderr, exitCode } = await run(t, {
    files: { 'app.js': ASKED },
    env: { FAST_RESOLVE_LOG: 'resolve' },
  });
  const lines = stderr.trim().split('\n');
  const expected = told([['<root>/app.js', '-', '<root>/app.js', 'node']]);
  t.deepEqual(
    lines.map((line) => line.replace(/, \d+\.\d{3} ms\)$/, ')')),
    expected.map(
      ([request, from, answer, source]) => `fast-resolve: require ${request} from ${from}: ${answer} (${source})`,
    ),
  );
  t.is(exitCode, 0);
});

test('another value is told of once, and nothing is logged', async (t) => {
  const { stderr } = await run(t, { files: { 'app.js': ASKED }, env: { FAST_RESOLVE_LOG: '1' } });
  t.regex(stderr, /FAST_RESOLVE_LOG is "resolve", not "1": nothing is logged/);
  t.notRegex(stderr, /fast-resolve: require/);
});

test('whatever is asked for, the log prints a line and the program goes on', async (t) => {
  const app = `
    const Module = require('module');
    const { resolve } = require(process.env.LIBRARY);
    const attempt = (call) => { try { call(); } catch {} };
    attempt(() => resolve('x', Symbol()));
    attempt(() => resolve({ __proto__: null }, __dirname));
    attempt(() => Module._resolveFilename('fs', { filename: Symbol() }));
    attempt(() => require('two\\nlines'));
    console.log('over');
  `;
  const { stdout, stderr, exitCode } = await run(t, { files: { 'app.js': app }, env: { FAST_RESOLVE_LOG: 'resolve' } });
  t.is(stdout, 'over\n');
  t.is(exitCode, 0);
  t.true(
    stderr.split('\n').every((line) => line === '' || line.startsWith('fast-resolve: ')),
    stderr,
  );
  t.regex(stderr, /resolve x from symbol: ERR_INVALID_ARG_TYPE/);
  t.regex(stderr, /require "two\\nlines" from/);
});

test('an import that fails is told once, as an import', async (t) => {
  const listener = SUBSCRIBE.replace("require('node:diagnostics_channel')", 'channel');
  const app = `import channel from 'node:diagnostics_channel';${listener} await import('nothing-of-that-name').catch(() => {});`;
  const { stdout } = await run(t, { files: { 'app.mjs': app }, args: ['app.mjs'] }, { wait: '0' });
  const kinds = linesOf(stdout)
    .filter(([, request]) => request === 'nothing-of-that-name')
    .map(([kind]) => kind);
  // Before `module.registerHooks`, all that is heard of is what Node asks for to word the error.
  t.deepEqual(kinds, nodeMajor > 20 ? ['import'] : ['require']);
});
