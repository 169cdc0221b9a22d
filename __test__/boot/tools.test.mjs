// Tools of others that reach into Node's module system, or take its place, while a preload is there. They are installed once, from the
// lock file in tools/boot.

import path from 'node:path';

import test from 'ava';

import { nodeMajor } from '../helpers/run.mjs';
import { ensureTools, tools } from './ensure_tools.mjs';
import { LIBRARY_REPORT, only, REPORT, TOOLS, testBoot } from './programs.mjs';

test.before('the tools are installed', (t) => {
  t.timeout(5 * 60_000);
  ensureTools();
});

/** A program that finds these tools as its dependencies. */
const using = (names, title, source, rest) => ({
  title,
  stdout: [...REPORT, ...LIBRARY_REPORT],
  isRunAgain: true,
  ...rest,
  files: {
    'app.js': `${TOOLS}${source}`,
    ...Object.fromEntries(
      names.map((name) => [`node_modules/${name}`, { link: path.join(tools, 'node_modules', name) }]),
    ),
    ...rest?.files,
  },
});

/** With what waits loaded in the middle, and loaded already. */
const meanwhile = (names, title, before, source, rest) => [
  using(names, title, `${before} ${source}`, rest),
  using(names, `${title}, later`, `${before} ask(40); ${source}`, { ...rest, preloads: only('both') }),
];

/** Later ones it does not know, and throws by itself. */
const MOCKED = { met: nodeMajor < 26, reason: 'a Node that mock-fs knows' };

testBoot(test, [
  ...meanwhile(
    ['mock-fs'],
    'mock-fs',
    // What is loaded at the first call is to be there before the files are gone.
    `const mock = require('mock-fs'); const fs = require('fs'); console.log('begin');`,
    `
      mock({ '/virtual/file.txt': 'virtual' });
      const seen = [];
      for (let i = 0; i < 400; i++) require('path');
      seen.push(fs.readFileSync('/virtual/file.txt', 'utf8'), fs.existsSync(__filename));
      mock.restore();
      console.log(...seen);
      report();
      reportLibrary();
    `,
    { stdout: ['begin', 'virtual false', ...REPORT, ...LIBRARY_REPORT], needs: MOCKED },
  ),
  ...meanwhile(
    ['mock-fs'],
    'mock-fs, with a module that Node does not look for there',
    `const mock = require('mock-fs'); const fs = require('fs'); console.log('begin');`,
    `
      mock({ '/virtual/dep.js': 'module.exports = "mocked"' });
      const seen = [];
      for (let i = 0; i < 40; i++) require('path');
      try {
        seen.push(Module.createRequire('/virtual/app.js')('./dep'));
      } catch (error) {
        seen.push(error.code);
      }
      for (let i = 0; i < 400; i++) require('path');
      mock.restore();
      console.log(...seen);
    `,
    { stdout: ['begin', 'MODULE_NOT_FOUND'], needs: MOCKED },
  ),
  ...meanwhile(
    ['pirates'],
    'pirates, with a hook that throws',
    `const { addHook } = require('pirates');`,
    `
      const revert = addHook(() => { throw new Error('not to be compiled'); }, { exts: ['.js'], ignoreNodeModules: false });
      ask(400);
      revert();
      report();
      reportLibrary();
    `,
  ),
  ...meanwhile(
    ['pirates'],
    'pirates, with a hook that transforms, and is handed the files of the program alone',
    `const { addHook } = require('pirates');`,
    `
      const handed = [];
      const revert = addHook((code, file) => {
        handed.push(file.slice(__dirname.length));
        return code.replace(/"(dep|package)"/, '"transformed $1"');
      }, { exts: ['.js'], ignoreNodeModules: false });
      ask(400);
      report();
      revert();
      console.log(...handed);
      reportLibrary();
    `,
    {
      stdout: [
        'transformed dep transformed package',
        'MODULE_NOT_FOUND 1',
        '/dep.js /node_modules/package/lib/main.js',
        ...LIBRARY_REPORT,
      ],
    },
  ),
  ...meanwhile(
    ['pirates'],
    'pirates, with a hook that breaks what it is handed',
    `const { addHook } = require('pirates');`,
    `
      const revert = addHook(() => 'globalThis.wasRun = true; throw new Error("broken")', { ignoreNodeModules: false });
      ask(400);
      revert();
      console.log(globalThis.wasRun);
      report();
      reportLibrary();
    `,
    { stdout: ['undefined', ...REPORT, ...LIBRARY_REPORT] },
  ),
  ...meanwhile(
    ['proxyquire'],
    'proxyquire',
    `const proxyquire = require('proxyquire').noCallThru().noPreserveCache();`,
    `
      ask(400);
      console.log(proxyquire('./uses', { './dep': 'stub', absent: 'nowhere' }), require('./uses-dep'));
      report();
      reportLibrary();
    `,
    {
      files: {
        'uses.js': `module.exports = require('./dep') + require('absent');`,
        'uses-dep.js': `module.exports = require('./dep');`,
      },
      stdout: ['stubnowhere dep', ...REPORT, ...LIBRARY_REPORT],
    },
  ),
  ...meanwhile(
    ['module-alias'],
    'module-alias',
    `const moduleAlias = require('module-alias');`,
    `
      moduleAlias.addAlias('@', __dirname + '/node_modules/package');
      moduleAlias.addPath(__dirname + '/more');
      ask(400);
      console.log(require('@/lib/main'), require('extra'));
      moduleAlias.reset();
      report();
      reportLibrary();
    `,
    {
      files: { 'more/extra.js': 'module.exports = "extra";' },
      stdout: ['package extra', ...REPORT, ...LIBRARY_REPORT],
    },
  ),
  ...meanwhile(
    ['@sinonjs/fake-timers'],
    'fake timers',
    `const FakeTimers = require('@sinonjs/fake-timers');`,
    `
      const clock = FakeTimers.install({ now: 0 });
      const seen = [];
      setTimeout(() => seen.push('later', Date.now()), 1000);
      ask(400);
      seen.push(clock.countTimers());
      clock.tick(1000);
      ask(40);
      clock.uninstall();
      console.log(...seen);
      report();
      reportLibrary();
    `,
    { stdout: ['1 later 1000', ...REPORT, ...LIBRARY_REPORT] },
  ),
  ...meanwhile(
    ['@sinonjs/fake-timers'],
    'a child is started under fake timers',
    `const FakeTimers = require('@sinonjs/fake-timers'); const { execFileSync, spawn } = require('child_process');`,
    `
      const clock = FakeTimers.install({ now: 0, toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] });
      ask(40);
      const child = spawn('echo', ['child']);
      console.log(clock.countTimers(), typeof child.pid);
      clock.uninstall();
      child.stdout.setEncoding('utf8').on('data', (text) => console.log(text.trim()));
      child.on('close', (code) => { console.log(code); report(); });
    `,
    { stdout: ['0 number', 'child', '0', ...REPORT] },
  ),
]);

const COVERED = {
  'package.json': '{}',
  'app.js': [
    `const { execFileSync } = require('child_process');`,
    `for (let i = 0; i < 40; i++) require('path');`,
    `console.log(require('./dep'), require('package'));`,
    `console.log(execFileSync(process.execPath, [__dirname + '/inner.js']).toString().trim());`,
  ].join('\n'),
  'inner.js': [`for (let i = 0; i < 40; i++) require('path');`, `console.log('inner', require('./dep'));`].join('\n'),
};

/** Tells every file that was run, of the parent and of the child, with how much of it. */
const coverage = (title, args) => ({
  title,
  files: COVERED,
  nodeArguments: [],
  env: { NODE_OPTIONS: '<hook>' },
  preloads: only('register at once', 'both'),
  args: [...args, process.execPath, 'app.js'],
  stdout: [
    'dep package',
    'inner dep',
    '----------|---------|----------|---------|---------|-------------------',
    'File      | % Stmts | % Branch | % Funcs | % Lines | Uncovered Line #s ',
    '----------|---------|----------|---------|---------|-------------------',
    'All files |     100 |      100 |     100 |     100 |                   ',
    ...['app.js  ', 'dep.js  ', 'inner.js'].map(
      (file) => ` ${file} |     100 |      100 |     100 |     100 |                   `,
    ),
    '----------|---------|----------|---------|---------|-------------------',
  ],
});

const binary = (name) => path.join(tools, 'node_modules', name);

testBoot(test, [
  coverage('nyc', [binary('nyc/bin/nyc.js'), '--temp-dir=<root>/nyc', '--cache=false', '--cwd=<root>']),
  coverage('c8', [binary('c8/bin/c8.js'), '--temp-directory=<root>/c8']),
]);
