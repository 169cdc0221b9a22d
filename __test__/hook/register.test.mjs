// The ways to load `fast-resolve/register`.

import path from 'node:path';

import test from 'ava';

import { copyPackage } from '../helpers/package-copy.mjs';
import { testLibraryPrograms } from '../helpers/run.mjs';

const app = (library) => `
  const Module = require('module');
  console.log(require('${library}').installed, Module._resolveFilename.toString().includes('normalizeRequirableId'));
  console.log(require('package'), require('./dep'));
`;

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
};

const installed = {
  prepare: (root) => copyPackage(path.join(root, 'node_modules/fast-resolve')),
  stdout: ['true false', 'package ./dep'],
};

testLibraryPrograms(test, [
  {
    title: 'node -r fast-resolve/register, from node_modules',
    files: { ...files, 'app.js': app('fast-resolve') },
    nodeArguments: ['-r', 'fast-resolve/register'],
    ...installed,
  },
  {
    title: 'NODE_OPTIONS="-r fast-resolve/register"',
    files: { ...files, 'app.js': app('fast-resolve') },
    env: { NODE_OPTIONS: '-r fast-resolve/register' },
    ...installed,
  },
  {
    title: 'node --import fast-resolve/register',
    files: { ...files, 'app.js': app('fast-resolve') },
    nodeArguments: ['--import', 'fast-resolve/register'],
    ...installed,
  },
  {
    title: 'import of fast-resolve/register in an ES module',
    files: {
      ...files,
      'app.mjs': `
        import 'fast-resolve/register';
        import './app.cjs';
      `,
      'app.cjs': app('fast-resolve'),
    },
    args: ['app.mjs'],
    ...installed,
  },
  {
    title: 'require of fast-resolve/register in a program that runs already, twice',
    files: {
      ...files,
      'app.js': `
        require('fast-resolve/register');
        require('fast-resolve/register');
        ${app('fast-resolve')}
      `,
    },
    ...installed,
  },
  {
    title: 'a package that is a link, as npm link makes it',
    files: { ...files, 'app.js': app('fast-resolve'), 'node_modules/fast-resolve': { link: '../elsewhere' } },
    nodeArguments: ['-r', 'fast-resolve/register'],
    ...installed,
    prepare: (root) => copyPackage(path.join(root, 'elsewhere')),
  },
]);
