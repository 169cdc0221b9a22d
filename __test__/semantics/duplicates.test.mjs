// The layouts of node_modules that npm 2 (nested) and npm 3 (flat) write, and which copy each module gets.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const moduleA = (version) => ({ json: { name: 'module-a', version } });

const moduleB = `exports.moduleA = require('module-a'); exports.loads = require.resolve('module-a');`;

const app = `
  const moduleA = require('module-a');
  const moduleB = require('module-b');
  console.log(require.resolve('module-a'));
  console.log(moduleB.loads);
  console.log(moduleA === moduleB.moduleA);
`;

testPrograms(test, [
  {
    title: 'npm 2: nested copies of one package are two modules',
    files: {
      'app.js': app,
      'package.json': { json: { name: 'app' } },
      'node_modules/module-a/index.js': 'module.exports = {};',
      'node_modules/module-b/index.js': moduleB,
      'node_modules/module-b/node_modules/module-a/index.js': 'module.exports = {};',
    },
    stdout: [
      '<root>/node_modules/module-a/index.js',
      '<root>/node_modules/module-b/node_modules/module-a/index.js',
      'false',
    ],
  },
  {
    title: 'npm 3: a flat layout is one module',
    files: {
      'app.js': app,
      'package.json': { json: { name: 'app' } },
      'node_modules/module-a/index.js': 'module.exports = {};',
      'node_modules/module-b/index.js': moduleB,
    },
    stdout: ['<root>/node_modules/module-a/index.js', '<root>/node_modules/module-a/index.js', 'true'],
  },
  {
    title: 'npm 3: versions that conflict stay nested, and each user gets its own',
    files: {
      'app.js': `${app}
        console.log(require('module-a/package.json').version);
        console.log(moduleB.version());
      `,
      'package.json': { json: { name: 'app' } },
      'node_modules/module-a/package.json': moduleA('1.1.0'),
      'node_modules/module-a/index.js': 'module.exports = {};',
      'node_modules/module-b/index.js': `${moduleB} exports.version = () => require('module-a/package').version;`,
      'node_modules/module-b/node_modules/module-a/package.json': moduleA('1.2.0'),
      'node_modules/module-b/node_modules/module-a/index.js': 'module.exports = {};',
    },
    stdout: [
      '<root>/node_modules/module-a/index.js',
      '<root>/node_modules/module-b/node_modules/module-a/index.js',
      'false',
      '1.1.0',
      '1.2.0',
    ],
  },
  {
    title: 'a linked package is the module at its real path',
    files: {
      'app.js': `
        const direct = require('./packages/module-a');
        const linked = require('module-a');
        console.log(direct === linked);
        console.log(require.resolve('module-a'));
        console.log(linked.dependency);
      `,
      'packages/module-a/index.js': `module.exports = { dependency: require.resolve('only-beside-the-real-path') };`,
      'packages/node_modules/only-beside-the-real-path/index.js': '',
      'node_modules/module-a': { link: '../packages/module-a' },
    },
    stdout: [
      'true',
      '<root>/packages/module-a/index.js',
      '<root>/packages/node_modules/only-beside-the-real-path/index.js',
    ],
  },
]);
