// What a preload loads in the middle of a program's life, it loads through nothing that the program has put in place, and where it
// can't, the program hears no more of it than a warning.

import path from 'node:path';

import test from 'ava';

import { copyPackage } from '../helpers/package-copy.mjs';
import { LIBRARY_REPORT, only, PRELOADS_OF_COPY, REPORT, TOOLS, testBoot } from './programs.mjs';

const files = (source) => ({ 'app.js': `${TOOLS}${source}` });

const program = (title, source, rest) => ({
  title,
  stdout: [...REPORT, ...LIBRARY_REPORT],
  ...rest,
  files: { ...files(source), ...rest?.files },
});

/**
 * A program that puts something in place, makes requests, and puts things back: with few requests, with so many that what waits is
 * loaded in the meantime, and with what waits loaded already.
 */
const meanwhile = (title, start, end, others) => meanwhileWith(title, start, end, { isRunAgain: true, ...others });

const meanwhileWith = (title, start, end, rest) => [
  program(`${title}: 40 requests`, `${start}; for (let i = 0; i < 40; i++) require('path'); ${end}; ${FINISH}`, rest),
  program(`${title}: 400 rounds`, `${start}; ask(400); ${end}; ${FINISH}`, {
    preloads: only('register', 'register at once'),
    ...rest,
  }),
  program(`${title}, later: 400 rounds`, `ask(40); ${start}; ask(400); ${end}; ${FINISH}`, {
    preloads: only('both'),
    ...rest,
  }),
];

const FINISH = 'report(); reportLibrary();';

/** What Node has found once it finds without `fs`. */
const ASKED = 'askAgain(1); ask = askAgain;';

testBoot(test, [
  {
    title: 'the program that found it',
    files: {
      'app.js': `
        const fs = require('fs'); const real = fs.readFileSync;
        fs.readFileSync = () => '{}';
        for (let i = 0; i < 40; i++) require('path');
        fs.readFileSync = real; console.log('ok');
      `,
    },
    stdout: ['ok'],
  },
  ...[
    ['an object as text', `() => '{}'`],
    ['nothing', '() => undefined'],
    ['an error', `() => { throw Object.assign(new Error('no'), { code: 'ENOENT' }); }`],
    ['something that is no error', '() => { throw undefined; }'],
  ].flatMap(([what, stub]) =>
    meanwhile(
      `fs.readFileSync gives ${what}`,
      `const fs = require('fs'); const real = fs.readFileSync; fs.readFileSync = ${stub}`,
      'fs.readFileSync = real',
    ),
  ),
  ...meanwhile(
    'fs.readFileSync gives JavaScript, which nobody runs',
    `
      const fs = require('fs');
      const real = fs.readFileSync;
      fs.readFileSync = () => 'globalThis.wasRun = true; module.exports = {}; exports = module.exports';
    `,
    'fs.readFileSync = real; console.log(globalThis.wasRun)',
    { stdout: ['undefined', ...REPORT, ...LIBRARY_REPORT] },
  ),
  ...meanwhile('every function of fs throws', `${ASKED} const undo = replace(require('fs'), throwing)`, 'undo()'),
  ...meanwhile(
    'every spy on fs is called for the program alone',
    `
      ${ASKED}
      const calls = [];
      const undo = replace(require('fs'), (real, name) => function () {
        calls.push(name);
        return Reflect.apply(real, this, arguments);
      });
    `,
    'undo(); console.log(calls.join())',
    { stdout: ['', ...REPORT, ...LIBRARY_REPORT] },
  ),
  ...meanwhile(
    'a compile hook that throws, for every file',
    `
      const real = Module._extensions['.js'];
      Module._extensions['.js'] = () => { throw new Error('not to be compiled'); };
    `,
    `Module._extensions['.js'] = real`,
  ),
  ...meanwhile(
    'no loader of JavaScript',
    `const real = Module._extensions['.js']; Module._extensions['.js'] = undefined`,
    `Module._extensions['.js'] = real`,
  ),
  ...meanwhile(
    'no loader of addons',
    `const real = Module._extensions['.node']; delete Module._extensions['.node']`,
    `Module._extensions['.node'] = real`,
    // What is found with other extensions than those of the beginning is not recorded.
    { isRunAgain: false },
  ),
  ...['_load', '_compile', 'load', 'require', '_nodeModulePaths', 'wrap'].flatMap((name) =>
    meanwhile(
      `Module's ${name} is spied on, and called for the program alone`,
      `
          const holder = ${JSON.stringify(name)} in Module ? Module : Module.prototype;
          const real = holder.${name};
          const strangers = [];
          holder.${name} = function (...values) {
            for (const value of [this?.filename, ...values]) {
              if (typeof value === 'string' && value.includes(LIBRARY)) strangers.push(value);
            }
            return Reflect.apply(real, this, values);
          };
        `,
      `holder.${name} = real; console.log(strangers.join())`,
      { stdout: ['', ...REPORT, ...LIBRARY_REPORT] },
    ),
  ),
  ...meanwhile(
    'the cache of modules is emptied again and again',
    `
      const empty = () => { for (const file of Object.keys(require.cache)) delete require.cache[file]; };
      empty();
    `,
    'empty(); ask(40); empty()',
  ),
  ...meanwhile(
    'the cache of modules is walked, with all that its exports have',
    `
      const walk = () => {
        for (const module of Object.values(require.cache)) {
          for (const key of Reflect.ownKeys(Object(module.exports))) void module.exports[key];
          console.log(module.loaded || module === require.main);
        }
      };
      const log = console.log;
      const answers = new Set();
      console.log = (answer) => answers.add(answer);
    `,
    'walk(); console.log = log; console.log(...answers)',
    { stdout: ['true', ...REPORT, ...LIBRARY_REPORT] },
  ),
  ...meanwhile(
    'process.dlopen throws',
    `const real = process.dlopen; process.dlopen = () => { throw new Error('no addons'); }`,
    'process.dlopen = real',
  ),
  ...meanwhile(
    'process.dlopen gives something else',
    `const real = process.dlopen; process.dlopen = (module) => { module.exports = { surprise: true }; }`,
    'process.dlopen = real',
  ),
  ...meanwhile('vm compiles nothing', `const undo = replace(require('vm'), throwing)`, 'undo()'),
]);

/** Takes all descriptors that are left. */
const NO_DESCRIPTORS = `
  const fs = require('fs');
  const taken = [];
  try {
    for (;;) taken.push(fs.openSync('/dev/null'));
  } catch {}
`;
const DESCRIPTORS = 'taken.forEach((descriptor) => fs.closeSync(descriptor));';
const ASK_FOR_FILES = `for (let i = 0; i < 400; i++) { require('path'); require.resolve('./dep'); }`;

const limited = {
  execPath: '/bin/sh',
  // Enough for each Node to start with.
  nodeArguments: ['-c', 'ulimit -n 60; exec "$0" "$@"', process.execPath, '<hook>'],
  mayWarn: 1,
};

testBoot(test, [
  program(
    'no free descriptor: 40 requests',
    `${NO_DESCRIPTORS} for (let i = 0; i < 40; i++) require('path'); ${DESCRIPTORS} ${FINISH}`,
    limited,
  ),
  program('no free descriptor: 800 requests', `${NO_DESCRIPTORS} ${ASK_FOR_FILES} ${DESCRIPTORS} ${FINISH}`, limited),
  program('no free descriptor, later', `ask(40); ${NO_DESCRIPTORS} ${ASK_FOR_FILES} ${DESCRIPTORS} ${FINISH}`, limited),
  // Node has read the package.json once, and does not read it again.
  program(
    'no free descriptor, for what was read before',
    `askAgain(40); ${NO_DESCRIPTORS} askAgain(400); ${DESCRIPTORS} ${FINISH}`,
    limited,
  ),
]);

/** Of a copy of the package, for programs that take it away. */
const copied = {
  prepare: (root) => copyPackage(path.join(root, 'fast-resolve')),
  stdout: REPORT,
  mayWarn: 1,
};

const COPIED_LIBRARY = 'const PACKAGE = __dirname + "/fast-resolve"; const fs = require("fs");';

const withCopy = (title, source, rest) => ({
  ...copied,
  title,
  preloads: PRELOADS_OF_COPY,
  files: files(`${COPIED_LIBRARY}${source}`),
  ...rest,
});

testBoot(test, [
  withCopy('the package is deleted at once', 'fs.rmSync(PACKAGE, { recursive: true }); ask(400); report();'),
  withCopy(
    'the package is deleted after a while',
    'ask(40); fs.rmSync(PACKAGE, { recursive: true }); ask(400); report();',
  ),
  withCopy(
    'the package is deleted, and asked for',
    `
      fs.rmSync(PACKAGE, { recursive: true });
      ask(400);
      report();
      try {
        require(PACKAGE);
      } catch (error) {
        console.log(error.code);
      }
    `,
    { stdout: [...REPORT, 'MODULE_NOT_FOUND'] },
  ),
  withCopy(
    'the files of the package are exchanged for others, as an upgrade does',
    `
      for (const name of fs.readdirSync(PACKAGE + '/dist')) fs.writeFileSync(PACKAGE + '/dist/' + name, 'globalThis.wasRun = true;');
      ask(400);
      report();
      console.log(globalThis.wasRun);
    `,
    { stdout: [...REPORT, 'undefined'] },
  ),
  withCopy(
    'a child and a thread are started while the package is being deleted',
    `
      const { spawn } = require('child_process');
      const { Worker } = require('worker_threads');
      fs.rmSync(PACKAGE, { recursive: true });
      spawn('true').on('close', (code) => {
        console.log(code);
        new Worker('', { eval: true, execArgv: [] }).on('exit', (code) => { console.log(code); report(); });
      });
    `,
    { stdout: ['0', '0', ...REPORT] },
  ),
  withCopy(
    'the user is exchanged for one who may not read the package',
    `
      fs.chmodSync(PACKAGE, 0o700);
      fs.chmodSync(__dirname, 0o755);
      process.setegid(65534);
      process.seteuid(65534);
      ask(400);
      report();
      process.seteuid(0);
    `,
    { needs: { met: process.getuid?.() === 0, reason: 'root' } },
  ),
  {
    ...copied,
    title: 'a package without anything but its preloads',
    preloads: PRELOADS_OF_COPY,
    files: files('ask(400); report();'),
    prepare: async (root) => {
      await copyPackage(path.join(root, 'fast-resolve'), 'missing');
      const { readdir, rm } = await import('node:fs/promises');
      const dist = path.join(root, 'fast-resolve/dist');
      const others = (await readdir(dist)).filter((name) => !name.endsWith('register.js'));
      await Promise.all(others.map((name) => rm(path.join(dist, name))));
    },
    mayWarn: 2,
  },
  {
    ...copied,
    title: 'a package with half an addon',
    preloads: PRELOADS_OF_COPY,
    files: files('ask(400); report();'),
    prepare: (root) => copyPackage(path.join(root, 'fast-resolve'), 'broken'),
  },
]);

/** `node --test`, whose report has times in it; what matters is how many passed. */
const COUNTS = '--test-reporter=<root>/counts.mjs';
const counts = {
  'counts.mjs': `
    export default async function* (events) {
      for await (const { type, data } of events) {
        if (type === 'test:pass' || type === 'test:fail') yield type + ' ' + data.name + '\\n';
        if (type === 'test:fail') yield data.details.error.cause?.stack + '\\n';
      }
    }
  `,
};

testBoot(test, [
  {
    title: 'node --test, with a mock of fs.readFileSync',
    files: {
      ...counts,
      'app.test.js': `
        const fs = require('fs');
        const { test } = require('node:test');
        const assert = require('assert');
        test('reads a configuration', (t) => {
          t.mock.method(fs, 'readFileSync', () => '{}');
          for (let i = 0; i < 40; i++) assert.ok(require('path').join);
          assert.strictEqual(fs.readFileSync('/anything'), '{}');
          assert.strictEqual(fs.readFileSync.mock.callCount(), 1);
        });
        test('and goes on', () => {
          for (let i = 0; i < 40; i++) require.resolve('./dep');
          assert.strictEqual(require('package'), 'package');
        });
      `,
    },
    nodeArguments: [],
    env: { NODE_OPTIONS: '<hook>' },
    args: ['--test', COUNTS, 'app.test.js'],
    stdout: ['test:pass reads a configuration', 'test:pass and goes on'],
  },
  {
    title: 'a test that counts what a mock of fs.readFileSync is called for',
    files: {
      ...counts,
      'app.test.js': `
        const fs = require('fs');
        const { test } = require('node:test');
        const assert = require('assert');
        test('reads nothing', (t) => {
          const { mock } = t.mock.method(fs, 'readFileSync');
          for (let i = 0; i < 40; i++) require('path');
          assert.deepStrictEqual(mock.calls.map((call) => call.arguments[0]), []);
        });
      `,
    },
    args: ['--test', COUNTS, '--test-isolation=none', 'app.test.js'],
    needs: { met: process.allowedNodeEnvironmentFlags.has('--test-isolation'), reason: 'a Node with --test-isolation' },
    stdout: ['test:pass reads nothing'],
  },
]);

testBoot(test, [
  program('an earlier preload has taken process.moduleLoadList away', `ask(40); ${FINISH}`, {
    files: { 'first.js': `Object.defineProperty(process, 'moduleLoadList', { value: undefined });` },
    nodeArguments: ['-r', '<root>/first.js', '<hook>'],
  }),
]);
