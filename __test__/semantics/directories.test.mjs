// A request that names a directory: `main`, no `main`, no package.json, and a `main` that is broken.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const says = (text) => `module.exports = ${JSON.stringify(text)};`;

testPrograms(test, [
  {
    title: 'some-library with a main',
    files: {
      'some-library/package.json': '{ "name" : "some-library",\n"main" : "./lib/some-library.js" }',
      'some-library/lib/some-library.js': says('main'),
      'some-library/index.js': says('index'),
      'node_modules/some-library': { link: '../some-library' },
      'app.js': `console.log(require('./some-library'), require('some-library'), require('./some-library/'));`,
    },
    stdout: ['main main main'],
  },
  {
    title: 'without a main, and without a package.json, a directory is its index.js',
    files: {
      'no-main/package.json': { json: { name: 'no-main' } },
      'no-main/index.js': says('no-main'),
      'no-package/index.js': says('no-package'),
      'app.js': `console.log(require('./no-main'), require('./no-package'));`,
    },
    stdout: ['no-main no-package'],
  },
  {
    title: 'index.js comes before index.json before index.node',
    files: {
      'all/index.js': says('index.js'),
      'all/index.json': '"index.json"',
      'all/index.node': 'not an addon',
      'data/index.json': '"index.json"',
      'data/index.node': 'not an addon',
      'binary/index.node': 'not an addon',
      'app.js': `
        console.log(require('./all'), require('./data'));
        console.log(require.resolve('./binary'));
      `,
    },
    stdout: ['index.js index.json', '<root>/binary/index.node'],
  },
  {
    title: 'a main that is a directory, or lacks its extension, is completed',
    files: {
      'directory/package.json': { json: { main: 'lib' } },
      'directory/lib/index.js': says('lib/index.js'),
      'extension/package.json': { json: { main: './start' } },
      'extension/start.js': says('start.js'),
      'app.js': `console.log(require('./directory'), require('./extension'));`,
    },
    stdout: ['lib/index.js start.js'],
  },
  {
    title: 'a broken main falls back to index.js, with the deprecation warning',
    files: {
      'broken/package.json': { json: { main: './missing.js' } },
      'broken/index.js': says('index'),
      'app.js': `
        process.on('warning', (warning) => console.log(warning.code));
        console.log(require('./broken'));
      `,
    },
    nodeArguments: ['<witness>', '<hook>', '--pending-deprecation'],
    stdout: ['index', 'DEP0128'],
    stderr: [
      /DEP0128\] DeprecationWarning: Invalid 'main' field in '<root>\/broken\/package\.json' of '\.\/missing\.js'/,
    ],
  },
  {
    title: 'a broken main without an index.js is an error that names the package.json',
    files: {
      'broken/package.json': { json: { main: './missing.js' } },
      'app.js': `
        try {
          require('./broken');
        } catch (error) {
          console.log(error.code, error.path, error.requestPath);
          console.log(error.message);
        }
      `,
    },
    stdout: [
      'MODULE_NOT_FOUND <root>/broken/package.json ./broken',
      `Cannot find module '<root>/broken/missing.js'. Please verify that the package.json has a valid "main" entry`,
    ],
  },
  {
    title: 'a file comes before a directory of its name, unless the request ends in a slash',
    files: {
      'both.js': says('file'),
      'both/index.js': says('directory'),
      'app.js': `console.log(require('./both'), require('./both/'), require('./both/.'));`,
    },
    stdout: ['file directory directory'],
  },
]);
