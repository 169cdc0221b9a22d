// `install()`, `uninstall()` and `installed`.

import path from 'node:path';

import test from 'ava';

import { copyPackage } from '../helpers/package-copy.mjs';
import { testLibraryPrograms } from '../helpers/run.mjs';

const prelude = `
  const Module = require('module');
  const original = Module._resolveFilename;
  const fastResolve = require(process.env.LIBRARY);
  const state = () => [fastResolve.installed, Module._resolveFilename === original].join();
`;

const files = {
  'dep.js': 'module.exports = "dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
};

testLibraryPrograms(test, [
  {
    title: 'requiring the library installs nothing',
    files: { ...files, 'app.js': `${prelude} console.log(state());` },
    stdout: ['false,true'],
  },
  {
    title: 'install() and uninstall() are idempotent, and uninstall() puts back the very function that was there',
    files: {
      ...files,
      'app.js': `${prelude}
        fastResolve.uninstall();
        console.log(state());
        fastResolve.install();
        const hook = Module._resolveFilename;
        console.log(state(), require('./dep'));
        fastResolve.install();
        console.log(state(), Module._resolveFilename === hook);
        fastResolve.uninstall();
        console.log(state(), require('package'));
        fastResolve.uninstall();
        console.log(state());
        fastResolve.install();
        console.log(state(), require('./node_modules/package'));
      `,
    },
    stdout: [
      'false,true',
      'true,false dep',
      'true,false true',
      'false,true package',
      'false,true',
      'true,false package',
    ],
  },
  {
    title: 'the preload is seen as installed by a program that requires the library, and can be taken out by it',
    files: {
      ...files,
      'app.js': `
        const fastResolve = require(process.env.LIBRARY);
        console.log(fastResolve.installed);
        fastResolve.uninstall();
        console.log(fastResolve.installed, require('./dep'));
      `,
    },
    nodeArguments: ['<hook>'],
    stdout: ['true', 'false dep'],
  },
  {
    title: 'installed can not be assigned',
    files: {
      ...files,
      'app.js': `'use strict'; ${prelude}
        try {
          fastResolve.installed = true;
        } catch (error) {
          console.log(error.name);
        }
        console.log(state());
      `,
    },
    stdout: ['TypeError', 'false,true'],
  },
  {
    title: 'the ESM entry steers the same hook as the CommonJS entry',
    files: {
      'app.mjs': `
        import { createRequire } from 'node:module';
        import { pathToFileURL } from 'node:url';
        const commonJs = createRequire(import.meta.url)(process.env.LIBRARY);
        const esm = await import(pathToFileURL(process.env.LIBRARY + '/dist/index.mjs'));
        esm.install();
        console.log(commonJs.installed, esm.default.installed);
        commonJs.uninstall();
        console.log(commonJs.installed, esm.default.installed);
      `,
    },
    args: ['app.mjs'],
    stdout: ['true true', 'false false'],
  },
  {
    title: 'two copies of the package in one process can be installed and taken out in any order',
    files: {
      ...files,
      'late.js': 'module.exports = "late";',
      'app.js': `
        const Module = require('module');
        const original = Module._resolveFilename;
        const one = require('./copy');
        const two = require(process.env.LIBRARY);
        for (const [first, second] of [[one, two], [two, one]]) {
          first.install();
          second.install();
          console.log(first.installed, second.installed, require.resolve('package').slice(__dirname.length));
          first.uninstall();
          console.log(first.installed, second.installed, require.resolve('./dep').slice(__dirname.length));
          second.uninstall();
          console.log(first.installed, second.installed, require.resolve('package').slice(__dirname.length));
        }
        one.install();
        console.log(require('./late'));
        one.uninstall();
        delete require.cache[require.resolve('./late')];
        console.log(require('./late'));
      `,
    },
    prepare: (root) => copyPackage(path.join(root, 'copy')),
    stdout: [
      ...[
        'true true /node_modules/package/index.js',
        'false true /dep.js',
        'false false /node_modules/package/index.js',
      ],
      ...[
        'true true /node_modules/package/index.js',
        'false true /dep.js',
        'false false /node_modules/package/index.js',
      ],
      ...['late', 'late'],
    ],
  },
  {
    title: 'the library loaded again after its cache entries were deleted does no harm',
    files: {
      ...files,
      'app.js': `${prelude}
        fastResolve.install();
        for (const name of Object.keys(require.cache)) {
          if (!name.endsWith('.node')) {
            delete require.cache[name];
          }
        }
        const again = require(process.env.LIBRARY);
        again.install();
        console.log(require('package'));
        again.uninstall();
        fastResolve.uninstall();
        console.log(require('./dep'), fastResolve.installed, again.installed);
      `,
    },
    stdout: ['package', 'dep false false'],
  },
]);
