// The code in the documents: each block is JavaScript; those that can stand alone are run, and come to what the comments behind them say.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { transform } from 'esbuild';
import { copyPackage } from '../helpers/package-copy.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { blocksIn, documents, programOf, textOf } from './blocks.mjs';

const blocks = documents.flatMap((document) => blocksIn(document, 'js'));

const MAIN =
  "const fastResolve = require('fast-resolve'); const { createResolver, invalidate, resolve, resolveImport } = fastResolve;";

/**
 * The blocks that are run, by document and a text that only one of it has: how many values are compared, what stands before and behind,
 * what is at hand.
 */
const RUN = [
  ['README.md', "resolve('./config', '/srv/app')", { compared: 2 }],
  ['README.md', 'fastResolve.uninstall()', { compared: 3 }],
  ['README.md', "subscribe('fast-resolve:resolve'", { compared: 0, before: MAIN }],
  ['README.md', 'fastResolve.explain', { compared: 3, before: MAIN }],
  ['README.md', 'throws ERR_MODULE_NOT_FOUND', { compared: 3, before: MAIN }],
  ['README.md', 'forBrowsers', { compared: 0, before: '' }],
  ['README.md', "'@/theme'", { compared: 1, before: MAIN }],
  ['README.md', 'snapshot: { state, reason, path', { compared: 1 }],
  ['README.md', 'resize.js', { compared: 0, before: 'const signal = undefined;' }],
  ['README.md', "require('fast-resolve/spawn').install()", { compared: 1, isOnLinux: true }],
  ['README.md', 'CommandPool', { compared: 0, isPosix: true }],
  [
    'docs/caching.md',
    "resolve('./settings', dir)",
    { compared: 0, before: `${MAIN} const fs = require('fs'); const dir = '/srv/app';` },
  ],
  [
    'docs/caching.md',
    'watcher.on',
    {
      compared: 0,
      before: `const { createResolver, invalidate } = require('fast-resolve'); const watcher = new (require('events'))();`,
    },
  ],
  ['docs/pool.md', 'a password', { compared: 0 }],
  ['docs/pool.md', "subscribe('fast-resolve:pool'", { compared: 0 }],
  ['docs/processes.md', 'spawn.uninstall()', { compared: 1, isOnLinux: true }],
  ['docs/processes.md', 'repository', { compared: 0, isPosix: true, before: "const repository = '/srv/app';" }],
  ['docs/supervise.md', 'a fresh process takes over', { compared: 0, isPosix: true }],
  ['docs/tools.md', 'theme.js?inline', { compared: 2 }],
  [
    'docs/tools.md',
    'missingDependencies',
    { compared: 1, before: `${MAIN} const resolver = createResolver({ extensions: ['.ts', '.js'] });` },
  ],
  ['docs/tools.md', 'configFile', { compared: 0, before: MAIN }],
  ['docs/tools.md', 'resolveDts', { compared: 1, before: MAIN }],
];

/** What is only read, and why. */
const ONLY_READ = [
  ['docs/adapters.md', 'import-x/resolver-next', 'a configuration of ESLint'],
  ['docs/adapters.md', "'import/resolver'", 'a configuration of ESLint'],
  ['docs/adapters.md', 'fastResolve({ browser: true })', 'a configuration of rollup'],
  ['docs/pool.md', '// hash.js', 'a file of another one'],
  ['docs/pool.md', 'queueWorker', 'needs BullMQ and a server of Redis'],
  ['docs/processes.md', "pool.run('bc'", 'needs bc'],
  ['docs/supervise.md', 'interval: 10_000', 'goes on for ever'],
  ['docs/supervise.md', 'app.sock', 'holds a port that others may have'],
  ['docs/supervise.md', 'prependListener', 'a part of a program'],
  ['docs/supervise.md', 'instances: 4', 'holds a port that others may have'],
  ['docs/supervise.md', 'uid: 33', 'needs to be root'],
  ['docs/supervise.md', 'await using', 'Node 24 and later'],
];

const main = 'index.js';
const packageJson = (json) => ({ json });
const TREE = {
  'package.json': packageJson({ name: 'app' }),
  'main.js': '',
  'main.mjs': '',
  'a.mjs': '',
  'config.js': '',
  'server.js': "process.send('ready'); process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1000);",
  'resize.js': 'module.exports = ({ width }) => width; module.exports.parse = async function* () { yield 1; };',
  'hash.js': 'module.exports = async (password) => password.length;',
  'settings.json': '{}',
  'tsconfig.json': packageJson({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
  'src/theme.ts': '',
  'src/a.js': '',
  'src/pages/': null,
  'tools/build.ts': '',
  'node_modules/date-fns/package.json': packageJson({ type: 'module', exports: `./${main}` }),
  'node_modules/date-fns/index.js': '',
  'node_modules/express/index.js': '',
  'node_modules/@types/express/index.d.ts': '',
  'node_modules/lodash/index.js': '',
  'node_modules/react-dom/package.json': packageJson({ exports: { browser: './browser.js', import: `./${main}` } }),
  'node_modules/react-dom/browser.js': '',
  'expect.mjs': fs.readFileSync(path.join(import.meta.dirname, 'expect.mjs'), 'utf8'),
};

const isOf =
  ([document, text]) =>
  (block) =>
    block.document === document && block.text.includes(text);

test('each block is listed once, as one that is run or one that is read', (t) => {
  const listed = [...RUN, ...ONLY_READ];
  for (const one of listed) t.is(blocks.filter(isOf(one)).length, 1, one.slice(0, 2).join(': '));
  for (const block of blocks) {
    t.is(listed.filter((one) => isOf(one)(block)).length, 1, `${block.document}:${block.line}`);
  }
});

test('each block is JavaScript', async (t) => {
  t.true(blocks.length > 20);
  for (const { document, line, text } of blocks) {
    await t.notThrowsAsync(transform(text, { format: 'esm', logLevel: 'silent' }), `${document}:${line}`);
  }
  await t.throwsAsync(transform('const a = …;', { logLevel: 'silent' }));
});

/** Runs a block in a project of its own that has the package as it is published; gives how many values were compared. */
async function runBlock(t, text, surroundings) {
  const app = path.join(treeFor(t, { 'srv/app/': null }), 'srv/app');
  fs.cpSync(treeFor(t, TREE), app, { recursive: true });
  await copyPackage(path.join(app, 'node_modules/fast-resolve'));
  const program = programOf(text, surroundings).replaceAll('/srv/app', app);
  fs.writeFileSync(path.join(app, 'block.mjs'), program);
  const git = ['init', '--quiet'];
  await promisify(execFile)('git', git, { cwd: app });
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  await promisify(execFile)('git', [...author, 'commit', '--quiet', '--allow-empty', '-m', 'a'], { cwd: app });
  const options = { cwd: app, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', 'block.mjs'], options);
  return Number(/compared (\d+)$/.exec(stdout.trim())[1]);
}

for (const [document, name, { compared, isOnLinux = false, isPosix = false, ...surroundings }] of RUN) {
  const isLeftOut = (isOnLinux && process.platform !== 'linux') || (isPosix && process.platform === 'win32');
  (isLeftOut ? test.skip : test.serial)(`${document}, ${name}: it runs, and comes to what it says`, async (t) => {
    const block = blocks.find(isOf([document, name]));
    t.is(await runBlock(t, block.text, surroundings), compared);
  });
}

for (const [statement, message] of [
  [
    "resolve('./config', '/srv/app'); // '/srv/app/config.json'",
    /The document says '.*config\.json', and it is '.*config\.js'/,
  ],
  ["resolve('./config', '/srv/app'); // throws MODULE_NOT_FOUND", /says that it throws MODULE_NOT_FOUND, and it is '/],
  ["resolveImport('fs', '/srv/app/a.js'); // { url: 'node:fs' }", /and it is \{ url: 'node:fs', format: 'builtin' \}/],
  ['[1, 2]; // [1, 3, …]', /and it is \[ 1, 2 \]/],
  ['fastResolve.installed; // true: it is in place', /The document says true: it is in place, and it is false/],
]) {
  test.serial(`it would be seen: ${statement}`, async (t) => {
    await t.throwsAsync(runBlock(t, statement, { before: MAIN }), { message });
  });
}

/** Blocks of shell. The commands of fast-resolve in them are run by __test__/cli/examples.test.mjs. */
const shell = documents.flatMap((document) => blocksIn(document, 'sh', 'console', 'dockerfile'));
const { scripts } = JSON.parse(textOf('package.json'));

test('each script that a document runs is in package.json', (t) => {
  const named = documents.flatMap((document) =>
    [...textOf(document).matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)].map(([, name]) => [document, name]),
  );
  t.true(named.length > 20);
  for (const [document, name] of named) t.true(Object.hasOwn(scripts, name), `${document}: npm run ${name}`);
});

test('each file that a block of shell names is there', (t) => {
  const named = shell.flatMap(({ document, line, text }) =>
    [...text.matchAll(/(?<=[\s'])((?:\.ci|__test__|bench|examples|scripts)\/[\w./-]+)(?=[\s'])/g)].map(([, name]) => [
      `${document}:${line}`,
      name,
    ]),
  );
  t.true(named.length > 3, `${named.length} names`);
  for (const [place, name] of named) t.true(fs.existsSync(name), `${place}: ${name}`);
});
