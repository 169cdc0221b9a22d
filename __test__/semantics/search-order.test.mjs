// Where a bare name is looked for: core modules, then `module.paths`, then NODE_PATH and the global folders.

import { constants } from 'node:fs';
import { copyFile, link, mkdir } from 'node:fs/promises';
import path from 'node:path';

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const says = (text) => `module.exports = ${JSON.stringify(text)};`;

const attempt = `
  const attempt = (request) => {
    try {
      return require(request);
    } catch (error) {
      return error.code;
    }
  };
`;

// A hard link spares copying the whole binary; across file systems, or where it is forbidden, only a copy will do.
const installNodeBelowPrefix = async (root) => {
  const directory = path.join(root, 'prefix/bin');
  const target = path.join(directory, 'node');
  await mkdir(directory, { recursive: true });
  await link(process.execPath, target).catch(() => copyFile(process.execPath, target, constants.COPYFILE_FICLONE));
};

testPrograms(test, [
  {
    title: 'a core module comes before a package of its name',
    files: {
      'node_modules/fs/index.js': says('package fs'),
      'node_modules/path.js': says('file path'),
      'global/fs.js': says('NODE_PATH fs'),
      'app.js': `
        console.log(typeof require('fs').readFileSync, typeof require('path').join, typeof require('node:fs').openSync);
        console.log(require.resolve('fs'), require.resolve('node:fs'));
        console.log(require('fs/'), require('./node_modules/path'));
      `,
    },
    env: { NODE_PATH: '<root>/global' },
    stdout: ['function function function', 'fs node:fs', 'package fs file path'],
  },
  {
    title: 'node_modules comes before NODE_PATH',
    files: {
      'node_modules/twice.js': says('node_modules'),
      'global/twice.js': says('NODE_PATH'),
      'global/once.js': says('NODE_PATH'),
      'app.js': `console.log(require('twice'), require('once'));`,
    },
    env: { NODE_PATH: '<root>/global' },
    stdout: ['node_modules NODE_PATH'],
  },
  {
    title: 'NODE_PATH with several entries is searched from the first to the last',
    files: {
      'first/both.js': says('first'),
      'first/one/index.js': says('first'),
      'second/both.js': says('second'),
      'second/two.json': '"second"',
      'app.js': `
        ${attempt}
        console.log(['both', 'one', 'two', 'none'].map(attempt).join());
        console.log(require.resolve.paths('both').slice(-5, -3).join());
      `,
    },
    env: { NODE_PATH: '<root>/first::<root>/missing:<root>/second' },
    stdout: ['first,first,second,MODULE_NOT_FOUND', '<root>/missing,<root>/second'],
  },
  {
    title: 'a request with a path is not looked for in node_modules or NODE_PATH',
    files: {
      'node_modules/sub.js': says('node_modules'),
      'global/sub.js': says('NODE_PATH'),
      'app.js': `
        ${attempt}
        console.log(['./sub', '../sub', '/sub'].map(attempt).join());
      `,
    },
    env: { NODE_PATH: '<root>/global' },
    stdout: ['MODULE_NOT_FOUND,MODULE_NOT_FOUND,MODULE_NOT_FOUND'],
  },
  {
    title: 'module.paths emptied turns node_modules off, and leaves NODE_PATH',
    files: {
      'node_modules/sub.js': says('node_modules'),
      'node_modules/other.js': says('node_modules'),
      'global/sub.js': says('NODE_PATH'),
      'app.js': `
        ${attempt}
        module.paths = [];
        console.log(attempt('sub'), attempt('other'));
      `,
    },
    env: { NODE_PATH: '<root>/global' },
    stdout: ['NODE_PATH MODULE_NOT_FOUND'],
  },
  {
    title: 'module.paths edited is searched as it stands, in its order',
    files: {
      'node_modules/sub.js': says('node_modules'),
      'plugins/sub.js': says('plugins'),
      'plugins/extra/index.js': says('extra'),
      'sibling.js': `${attempt} module.exports = attempt('extra');`,
      'lib/child.js': `${attempt} module.exports = attempt('extra');`,
      'app.js': `
        ${attempt}
        console.log(attempt('extra'));
        module.paths.unshift(__dirname + '/plugins');
        console.log(attempt('sub'), attempt('extra'));
        console.log(require('./sibling'), require('./lib/child'));
      `,
    },
    // Node remembers for a whole directory what a module in it has loaded, whatever the paths of the next module are.
    stdout: ['MODULE_NOT_FOUND', 'plugins extra', 'extra MODULE_NOT_FOUND'],
  },
  {
    title: 'bar.js is looked for in every node_modules upwards, the nearest first',
    files: {
      'home/user/projects/foo.js': `
        const root = require('path').resolve(__dirname, '../../..');
        console.log(require.resolve.paths('bar.js').filter((name) => name.startsWith(root)).join());
        const findAndRemove = () => {
          const filename = require.resolve('bar.js');
          console.log(filename, require(filename));
          require('fs').rmSync(filename);
          // Node would go on answering what it has found once, within a turn of the event loop even without this cache.
          require('module')._pathCache = {};
        };
        for (let turn = 0; turn < 4; turn++) {
          setImmediate(findAndRemove);
        }
      `,
      'home/user/projects/node_modules/bar.js': says(1),
      'home/user/node_modules/bar.js': says(2),
      'home/node_modules/bar.js': says(3),
      'node_modules/bar.js': says(4),
    },
    args: ['home/user/projects/foo.js'],
    env: { HOME: '<root>/nobody' },
    stdout: [
      [
        '<root>/home/user/projects/node_modules',
        '<root>/home/user/node_modules',
        '<root>/home/node_modules',
        '<root>/node_modules',
        '<root>/nobody/.node_modules',
        '<root>/nobody/.node_libraries',
      ].join(),
      '<root>/home/user/projects/node_modules/bar.js 1',
      '<root>/home/user/node_modules/bar.js 2',
      '<root>/home/node_modules/bar.js 3',
      '<root>/node_modules/bar.js 4',
    ],
  },
  {
    title: 'a directory called node_modules is not looked for below itself',
    files: {
      'node_modules/one/node_modules/two/index.js': `
        const root = process.cwd();
        const paths = require.resolve.paths('bar.js').filter((name) => name.startsWith(root + '/node_modules'));
        console.log(paths.map((name) => name.slice(root.length)).join());
      `,
      'app.js': `require('./node_modules/one/node_modules/two');`,
    },
    stdout: ['/node_modules/one/node_modules/two/node_modules,/node_modules/one/node_modules,/node_modules'],
  },
  {
    title: 'the global folders are .node_modules and .node_libraries at home, and lib/node beside the binary',
    files: {
      'home/.node_modules/one.js': says('.node_modules'),
      'home/.node_libraries/one.js': says('.node_libraries'),
      'home/.node_libraries/two.js': says('.node_libraries'),
      'prefix/lib/node/two.js': says('lib/node'),
      'prefix/lib/node/three.js': says('lib/node'),
      'app.js': `
        console.log(require('one'), require('two'), require('three'));
        console.log(require('module').globalPaths.join());
      `,
    },
    prepare: installNodeBelowPrefix,
    execPath: '<root>/prefix/bin/node',
    stdout: [
      '.node_modules .node_libraries lib/node',
      '<root>/home/.node_modules,<root>/home/.node_libraries,<root>/prefix/lib/node',
    ],
  },
]);
