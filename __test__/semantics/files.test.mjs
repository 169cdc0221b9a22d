// A request that names a file: by `/`, by `./`, inside a package, and the extensions that Node adds.

import { readdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const addon = readdirSync(repository).find((name) => name.endsWith('.node'));

testPrograms(test, [
  {
    title: 'an absolute request and one relative to the requiring file',
    files: {
      'home/marco/foo.js': `module.exports = 'foo, ' + require('./circle');`,
      'home/marco/circle.js': `module.exports = 'circle of marco';`,
      'circle.js': `module.exports = 'circle of app';`,
      'app.js': `
        console.log(require(__dirname + '/home/marco/foo.js'));
        console.log(require('./circle'));
        console.log(require.resolve('./home/marco/foo'));
      `,
    },
    stdout: ['foo, circle of marco', 'circle of app', '<root>/home/marco/foo.js'],
  },
  {
    title: 'example-module/path/to/file finds the module first and goes on from there',
    files: {
      'node_modules/example-module/package.json': { json: { name: 'example-module', main: './elsewhere.js' } },
      'node_modules/example-module/path/to/file.js': `module.exports = 'file';`,
      'lib/app.js': `
        console.log(require('example-module/path/to/file'));
        console.log(require.resolve('example-module/path/to/file.js'));
        console.log(require('example-module/package.json').main);
      `,
    },
    args: ['lib/app.js'],
    stdout: ['file', '<root>/node_modules/example-module/path/to/file.js', './elsewhere.js'],
  },
  {
    title: 'a name without an extension is .js before .json before .node, and a file of just that name before all',
    files: {
      exact: `module.exports = 'exact';`,
      'exact.js': `module.exports = 'exact.js';`,
      'script.js': `module.exports = 'script.js';`,
      'script.json': '"script.json"',
      'data.json': '{"name":"data.json"}',
      'data.node': 'not an addon',
      'binary.node': 'not an addon',
      'app.js': `
        console.log(require('./exact'), require('./script'), require('./data').name);
        console.log(require.resolve('./binary'));
      `,
    },
    stdout: ['exact script.js data.json', '<root>/binary.node'],
  },
  {
    title: '.js is a program, .json is data, and anything else is a program',
    files: {
      'module.js': `module.exports = typeof require;`,
      'data.json': '{"answer":42}',
      'text.txt': `module.exports = 'ran';`,
      'broken.json': '{"answer":',
      'app.js': `
        console.log(require('./module'), require('./data').answer, require('./text.txt'));
        try {
          require('./broken');
        } catch (error) {
          console.log(error.name, error.message.split(':')[0]);
        }
      `,
    },
    stdout: ['function 42 ran', 'SyntaxError <root>/broken.json'],
  },
  {
    title: 'a file ending in .node that is no addon fails as one',
    files: {
      'binary.node': 'not an addon',
      'app.js': `
        try {
          require('./binary');
        } catch (error) {
          console.log(error.code, error.message.includes(__dirname + '/binary.node'));
        }
      `,
    },
    stdout: ['ERR_DLOPEN_FAILED true'],
  },
  {
    title: 'a real addon loads by its name without the extension',
    needs: { met: addon !== undefined, reason: 'the addon built at the root of the repository' },
    files: {
      'app.js': `
        const binary = require('./binary');
        console.log(typeof binary, Object.keys(binary).length > 0, binary === require('./binary.node'));
      `,
    },
    prepare: (root) => copyFile(path.join(repository, addon), path.join(root, 'binary.node')),
    stdout: ['object true true'],
  },
]);
