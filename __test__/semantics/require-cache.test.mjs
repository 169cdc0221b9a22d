// What deleting from `require.cache` does.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const noisy = `console.log('runs'); module.exports = {};`;

testPrograms(test, [
  {
    title: 'a module deleted from the cache runs again',
    files: {
      'noisy.js': noisy,
      'app.js': `
        const moduleName = require.resolve('./noisy');
        const first = require('./noisy');
        console.log(require('./noisy') === first);
        delete require.cache[moduleName];
        const second = require('./noisy');
        console.log(second === first);
        console.log(require('./noisy') === second);
      `,
    },
    stdout: ['runs', 'true', 'runs', 'false', 'true'],
  },
  {
    title: 'after all keys were deleted every module runs again',
    files: {
      'noisy.js': noisy,
      'node_modules/package/index.js': `require('./part'); ${noisy}`,
      'node_modules/package/part.js': noisy,
      'app.js': `
        const before = [require('./noisy'), require('package')];
        Object.keys(require.cache).forEach(function (key) {
          delete require.cache[key];
        });
        console.log(Object.keys(require.cache).length);
        const after = [require('./noisy'), require('package')];
        console.log(before[0] === after[0], before[1] === after[1]);
        console.log(Object.keys(require.cache).join());
      `,
    },
    stdout: [
      'runs',
      'runs',
      'runs',
      '0',
      'runs',
      'runs',
      'runs',
      'false false',
      '<root>/noisy.js,<root>/node_modules/package/index.js,<root>/node_modules/package/part.js',
    ],
  },
  {
    title: 'one name in different directories is different modules',
    files: {
      'one/noisy.js': noisy,
      'two/noisy.js': noisy,
      'app.js': `console.log(require('./one/noisy') === require('./two/noisy'));`,
    },
    stdout: ['runs', 'runs', 'false'],
  },
  {
    title: 'a cache entry that a program put there answers for its file',
    files: {
      'real.js': noisy,
      'app.js': `
        const Module = require('module');
        const filename = require.resolve('./real');
        const stub = new Module(filename, module);
        stub.exports = { stub: true };
        stub.loaded = true;
        require.cache[filename] = stub;
        console.log(require('./real').stub);
      `,
    },
    stdout: ['true'],
  },
  {
    title: 'a module that was deleted from the cache and from the disk is found no more',
    files: {
      'gone.js': noisy,
      'app.js': `
        const fs = require('fs');
        const filename = require.resolve('./gone');
        require('./gone');
        fs.rmSync(filename);
        console.log(require('./gone') !== undefined);
        delete require.cache[filename];
        try {
          require('./gone');
        } catch (error) {
          console.log(error.code);
        }
      `,
    },
    // Node keeps the answer that it gave once; what fails is reading the file.
    stdout: ['runs', 'true', 'ENOENT'],
  },
  {
    title: 'a module that was written after it had been looked for in vain is found',
    files: {
      'app.js': `
        const fs = require('fs');
        const attempt = (request) => {
          try {
            return require(request);
          } catch (error) {
            return error.code;
          }
        };
        for (const [request, file] of [['./late', 'late.js'], ['late-package', 'node_modules/late-package/index.js']]) {
          console.log(attempt(request));
          fs.mkdirSync(require('path').join(__dirname, file, '..'), { recursive: true });
          fs.writeFileSync(require('path').join(__dirname, file), 'module.exports = "found"');
          console.log(attempt(request));
        }
      `,
    },
    stdout: ['MODULE_NOT_FOUND', 'found', 'MODULE_NOT_FOUND', 'found'],
  },
]);
