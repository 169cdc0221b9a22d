// That the hook is really at work: which requests the core answers, and which are left to Node.

import test from 'ava';

import { testLibraryPrograms } from '../helpers/run.mjs';

// Counts the answers of the core behind the back of the hook.
const count = `
  const Module = require('module');
  const preload = require.cache[process.env.LIBRARY + '/dist/register.js'];
  const { addon, answers: { counts } } = (preload?.exports ?? require(process.env.LIBRARY + '/dist/core.js')).parts;
  const { resolve } = addon.native;
  let found = 0;
  addon.native.resolve = (...args) => {
    const answer = resolve(...args);
    found += typeof answer === 'number' ? 0 : 1;
    return answer;
  };
  const whoAnswers = (request, from = require) => {
    const before = found + counts.hits;
    const isNodes = () => found + counts.hits === before;
    try {
      from.resolve(request);
    } catch (error) {
      return request + ': ' + (isNodes() ? 'Node, ' : 'core, ') + error.code;
    }
    return request + ': ' + (isNodes() ? 'Node' : 'core');
  };
`;

const files = {
  'package.json': { json: { name: 'self', exports: './dep.js', imports: { '#dep': './dep.js' } } },
  'dep.js': '',
  'data.json': '{}',
  'directory/index.js': '',
  'with-main/package.json': { json: { main: './start' } },
  'with-main/start.js': '',
  'link.js': { link: 'dep.js' },
  'node_modules/package/index.js': '',
  'node_modules/package/lib/part.js': '',
  'node_modules/@scope/name/package.json': { json: { main: 'main.js' } },
  'node_modules/@scope/name/main.js': '',
  'node_modules/mapped/package.json': {
    json: { exports: { '.': { require: './main.js' }, './features/*': './lib/*.js' } },
  },
  'node_modules/mapped/main.js': '',
  'node_modules/mapped/lib/one.js': '',
  'node_modules/linked': { link: '../directory' },
};

const answerable = [
  ...['./dep', './dep.js', './data', './directory', './directory/', './with-main', './link', '.', './lib/../dep'],
  ...[
    'package',
    'package/',
    'package/lib/part',
    '@scope/name',
    'mapped',
    'mapped/features/one',
    'linked',
    'self',
    '#dep',
  ],
];

// The working directory needs an index.js to be required as such.
const withIndex = { ...files, 'index.js': '', 'lib/nothing.txt': '' };

const patches = {
  _findPath: ['Module', '(...args) => original(...args)'],
  _nodeModulePaths: ['Module', '(...args) => original(...args)'],
  _resolveLookupPaths: ['Module', '(...args) => original(...args)'],
  _initPaths: ['Module', '() => original()'],
  _stat: ['Module', '(name) => original(name)'],
  _readPackage: ['Module', '(name) => original(name)'],
  realpathSync: ["require('fs')", 'Object.assign((...args) => original(...args), original)'],
};

testLibraryPrograms(test, [
  {
    title: 'the core answers requests of every kind',
    files: {
      ...withIndex,
      'app.js': `${count}
        console.log(whoAnswers(__dirname + '/dep').replace(__dirname, ''));
        for (const request of ${JSON.stringify(answerable)}) {
          console.log(whoAnswers(request));
        }
      `,
    },
    nodeArguments: ['<hook>'],
    stdout: ['/dep', ...answerable].map((request) => `${request}: core`),
  },
  {
    title: 'the core answers what an ES module has loaded: a path, and no parent',
    files: {
      ...withIndex,
      'app.js': `${count}
        const from = (parent) => ({ resolve: (request) => Module._resolveFilename(request, parent, false) });
        for (const [parent, name] of [[null, 'dep'], [undefined, 'data']]) {
          console.log(whoAnswers(__dirname + '/' + name, from(parent)).replace(__dirname, ''));
          console.log(whoAnswers('./' + name, from(parent)));
        }
      `,
    },
    nodeArguments: ['<hook>'],
    stdout: ['/dep: core', './dep: Node', '/data: core', './data: Node'],
  },
  {
    title: 'Node answers builtins, and gives the errors',
    files: {
      ...files,
      'app.js': `${count}
        for (const request of ['fs', 'node:fs', 'missing', './missing', 'mapped/hidden', '#missing', 'node:missing']) {
          console.log(whoAnswers(request));
        }
      `,
    },
    nodeArguments: ['<hook>'],
    stdout: [
      'fs: Node',
      'node:fs: Node',
      'missing: Node, MODULE_NOT_FOUND',
      './missing: Node, MODULE_NOT_FOUND',
      'mapped/hidden: Node, ERR_PACKAGE_PATH_NOT_EXPORTED',
      '#missing: Node, ERR_PACKAGE_IMPORT_NOT_DEFINED',
      'node:missing: Node, MODULE_NOT_FOUND',
    ],
  },
  {
    title: 'the core is not asked before install(), nor after uninstall()',
    files: {
      ...files,
      'app.js': `${count}
        const fastResolve = require(process.env.LIBRARY);
        console.log(whoAnswers('package'));
        fastResolve.install();
        console.log(whoAnswers('mapped'));
        fastResolve.uninstall();
        console.log(whoAnswers('./dep'));
      `,
    },
    stdout: ['package: Node', 'mapped: core', './dep: Node'],
  },
  ...Object.entries(patches).map(([name, [owner, patch]]) => ({
    title: `the core is not asked while ${name} is patched, and is asked again after it was put back`,
    files: {
      ...files,
      'app.js': `${count}
        const owner = ${owner};
        const original = owner.${name};
        console.log(whoAnswers('mapped'));
        owner.${name} = ${patch};
        console.log(whoAnswers('./dep'), whoAnswers('mapped/features/one'));
        owner.${name} = original;
        console.log(whoAnswers('linked'));
      `,
    },
    nodeArguments: ['--disable-warning=ExperimentalWarning', '<hook>'],
    stdout: ['mapped: core', './dep: Node mapped/features/one: Node', 'linked: core'],
  })),
  {
    title: 'the core is not asked where another tool had patched _resolveFilename before',
    files: {
      ...files,
      'patch.js': `
        const Module = require('module');
        const next = Module._resolveFilename;
        Module._resolveFilename = function (...args) { return Reflect.apply(next, this, args); };
      `,
      'app.js': `${count} console.log(whoAnswers('package'), whoAnswers('./dep'));`,
    },
    nodeArguments: ['-r', './patch.js', '<hook>'],
    stdout: ['package: Node ./dep: Node'],
  },
  {
    title: 'the core answers in a worker thread, and in CommonJS loaded from ESM',
    files: {
      ...files,
      'asks.cjs': `${count} module.exports = [whoAnswers('package'), whoAnswers('./dep')].join();`,
      'worker.js': `require('worker_threads').parentPort.postMessage(require('./asks.cjs'));`,
      'app.mjs': `
        import { createRequire } from 'node:module';
        import { Worker } from 'node:worker_threads';
        import answers from './asks.cjs';
        console.log(answers);
        new Worker(new URL('./worker.js', import.meta.url)).on('message', (message) => console.log(message));
      `,
    },
    nodeArguments: ['<hook>'],
    args: ['app.mjs'],
    stdout: ['package: core,./dep: core', 'package: core,./dep: core'],
  },
]);
