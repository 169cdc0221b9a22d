// What happens without the hook: turned off by FAST_RESOLVE=0, or because the addon can't be loaded.

import path from 'node:path';

import test from 'ava';

import { copyPackage } from '../helpers/package-copy.mjs';
import { testLibraryPrograms, testPrograms } from '../helpers/run.mjs';

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
  'app.js': `
    console.log(require('./dep'), require('package'));
    try {
      require('missing');
    } catch (error) {
      console.log(error.code, error.requireStack.join());
    }
  `,
};

const stdout = ['./dep package', 'MODULE_NOT_FOUND <root>/app.js'];
const untouched = { stock: ['original'], hooked: ['original'] };

testPrograms(test, [
  { title: 'FAST_RESOLVE=0 turns the preload off', files, env: { FAST_RESOLVE: '0' }, stdout, witnesses: untouched },
  { title: 'FAST_RESOLVE=1 does not', files, env: { FAST_RESOLVE: '1' }, stdout },
  { title: 'an empty FAST_RESOLVE does not', files, env: { FAST_RESOLVE: '' }, stdout },
]);

const tools = `
  const state = () => [
    fastResolve.installed,
    fastResolve.resolve('package', __dirname).replace(__dirname, ''),
    fastResolve.resolve('./dep', __dirname).replace(__dirname, ''),
    fastResolve.resolve('fs', __dirname),
  ].join();
  const attempt = (action) => {
    try {
      return action();
    } catch (error) {
      return [error.code, error.message.split('\\n')[0], JSON.stringify(error.requireStack)].join();
    }
  };
`;

const without = (addon) => ({
  prepare: (root) => copyPackage(path.join(root, 'fast-resolve'), addon),
});

const warning = /\(node:<pid>\) \[FAST_RESOLVE_ADDON_UNAVAILABLE\] FastResolveWarning: /;

const programsWithout = (addon) => [
  {
    title: `with the addon ${addon}, the preload warns once, and keeps what Node answers`,
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const warnings = [];
        process.on('warning', (warning) => warnings.push(warning.code));
        process.on('exit', () => console.log(warnings.join()));
        ${files['app.js']}
        console.log(Module._resolveFilename.toString().includes('normalizeRequirableId'));
        console.log(require('./fast-resolve').installed);
        require('./fast-resolve/dist/register.js');
      `,
    },
    ...without(addon),
    nodeArguments: ['-r', './fast-resolve/dist/register.js'],
    stdout: [...stdout, 'false', 'false', 'FAST_RESOLVE_ADDON_UNAVAILABLE'],
    stderr: [warning, /Tried:/],
  },
  {
    title: `with the addon ${addon}, FAST_RESOLVE=0 keeps the preload silent`,
    files,
    ...without(addon),
    nodeArguments: ['-r', './fast-resolve/dist/register.js'],
    env: { FAST_RESOLVE: '0' },
    stdout,
  },
  {
    title: `with the addon ${addon}, resolve() answers through Node`,
    files: {
      ...files,
      'app.js': `
        const fastResolve = require('./fast-resolve');
        ${tools}
        console.log(state());
        console.log(attempt(() => fastResolve.resolve('missing', __dirname)));
        console.log(attempt(() => fastResolve.resolve(1, __dirname)));
        console.log(fastResolve.resolve.paths('package', __dirname)[0]);
        console.log(attempt(() => fastResolve.createResolver({ conditions: ['a'] })).split('.')[0]);
      `,
    },
    ...without(addon),
    stdout: [
      'false,/node_modules/package/index.js,/dep.js,fs',
      "MODULE_NOT_FOUND,Cannot find module 'missing',[]",
      'ERR_INVALID_ARG_TYPE,The "request" argument must be of type string. Received type number (1),',
      '<root>/node_modules',
      "FAST_RESOLVE_ADDON_UNAVAILABLE,The addon of fast-resolve can't be loaded",
    ],
    stderr: [warning],
  },
  {
    title: `with the addon ${addon}, install() and uninstall() change nothing`,
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const original = Module._resolveFilename;
        const fastResolve = require('./fast-resolve');
        ${tools}
        fastResolve.install();
        console.log(state(), Module._resolveFilename === original);
        fastResolve.uninstall();
        console.log(state(), Module._resolveFilename === original, require('package'));
      `,
    },
    ...without(addon),
    stdout: [
      'false,/node_modules/package/index.js,/dep.js,fs true',
      'false,/node_modules/package/index.js,/dep.js,fs true package',
    ],
    stderr: [warning],
  },
  {
    title: `with the addon ${addon}, each worker thread warns for itself and works`,
    files: {
      ...files,
      'app.js': `
        const { Worker, isMainThread } = require('worker_threads');
        console.log(require('./dep'), isMainThread);
        if (isMainThread) {
          new Worker(__filename);
        }
      `,
    },
    ...without(addon),
    nodeArguments: ['-r', './fast-resolve/dist/register.js'],
    stdout: ['./dep true', './dep false'],
    stderr: [warning],
  },
];

testLibraryPrograms(test, [...programsWithout('missing'), ...programsWithout('broken')]);
