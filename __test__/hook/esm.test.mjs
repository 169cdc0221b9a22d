// Where CommonJS and ES modules meet.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const canRequireEsm = { met: process.features.require_module === true, reason: 'a Node that can require ES modules' };

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
  'node_modules/dual/package.json': {
    json: { exports: { import: './index.mjs', require: './index.cjs' } },
  },
  'node_modules/dual/index.mjs': 'export default "import";',
  'node_modules/dual/index.cjs': 'module.exports = "require";',
};

testPrograms(test, [
  {
    title: 'CommonJS loaded from ESM resolves what it requires',
    files: {
      ...files,
      'lib/cjs.cjs': `
        const names = [require.resolve('../dep'), typeof require.cache];
        exports.answers = [require('package'), require('dual'), require('../dep'), ...names];
        try {
          require('./missing');
        } catch (error) {
          exports.error = [error.code, ...error.requireStack].join();
        }
      `,
      'app.mjs': `
        import cjs, { answers } from './lib/cjs.cjs';
        import dual from 'dual';
        import dep from 'package';
        console.log(answers.join(), dual, dep);
        console.log(cjs.error);
      `,
    },
    args: ['app.mjs'],
    stdout: ['package,require,./dep,<root>/dep.js,object import package', 'MODULE_NOT_FOUND,<root>/lib/cjs.cjs'],
  },
  {
    title: 'names that CommonJS re-exports are found for import',
    files: {
      ...files,
      'star.cjs': `
        "use strict";
        var __exportStar = (this && this.__exportStar) || function (m, exports) {
          for (var p in m) if (!Object.prototype.hasOwnProperty.call(exports, p)) exports[p] = m[p];
        };
        Object.defineProperty(exports, "__esModule", { value: true });
        __exportStar(require("./one.cjs"), exports);
        __exportStar(require("names"), exports);
        __exportStar(require("mapped-names/sub"), exports);
      `,
      'whole.cjs': `module.exports = require('./one');`,
      'one.cjs': 'exports.one = 1;',
      'one.js': 'exports.one = "one.js";',
      'node_modules/names/index.js': 'exports.two = 2;',
      'node_modules/mapped-names/package.json': { json: { exports: { './sub': './lib/sub.js' } } },
      'node_modules/mapped-names/lib/sub.js': 'exports.three = 3;',
      'app.mjs': `
        import { one, two, three } from './star.cjs';
        import { one as other } from './whole.cjs';
        console.log(one, two, three, other);
      `,
    },
    args: ['app.mjs'],
    stdout: ['1 2 3 one.js'],
  },
  {
    title: 'createRequire in an ES module',
    files: {
      ...files,
      'lib/app.mjs': `
        import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url);
        console.log(require('../dep'), require('package'), require('dual'), require.resolve('dual'));
        try {
          require('./missing');
        } catch (error) {
          console.log(error.code, error.requireStack.join());
        }
      `,
    },
    args: ['lib/app.mjs'],
    stdout: ['./dep package require <root>/node_modules/dual/index.cjs', 'MODULE_NOT_FOUND <root>/lib/app.mjs'],
  },
  {
    title: 'import() from CommonJS does not go through require',
    files: {
      ...files,
      'app.js': `
        (async () => {
          console.log((await import('dual')).default, require('dual'), (await import('./dep.js')).default);
          try {
            await import('./dep');
          } catch (error) {
            console.log(error.code);
          }
        })();
      `,
    },
    stdout: ['import require ./dep', 'ERR_MODULE_NOT_FOUND'],
  },
  {
    title: 'a hint about a missing extension in an import comes from the CommonJS resolution',
    files: { ...files, 'app.mjs': `import './dep';` },
    args: ['app.mjs'],
    stdout: [],
    stderr: [/ERR_MODULE_NOT_FOUND/, /Did you mean to import "\.\/dep\.js"\?/],
    exitCode: 1,
  },
  {
    title: 'an ES module loaded by require resolves what it imports, and what it requires',
    needs: canRequireEsm,
    files: {
      ...files,
      'esm.mjs': `
        import { createRequire } from 'node:module';
        import dual from 'dual';
        const require = createRequire(import.meta.url);
        export default [dual, require('dual'), require('./dep')].join();
      `,
      'app.js': `console.log(require('./esm.mjs').default);`,
    },
    nodeArguments: ['--disable-warning=ExperimentalWarning', '<witness>', '<hook>'],
    stdout: ['import,require,./dep'],
  },
  {
    title: 'a package with module-sync is one ES module for require and import',
    needs: canRequireEsm,
    files: {
      'node_modules/sync/package.json': { json: { exports: { 'module-sync': './index.mjs', default: './index.cjs' } } },
      'node_modules/sync/index.mjs': 'export const kind = "esm"; export const object = {};',
      'node_modules/sync/index.cjs': 'exports.kind = "cjs";',
      'app.mjs': `
        import { createRequire } from 'node:module';
        import { kind, object } from 'sync';
        const required = createRequire(import.meta.url)('sync');
        console.log(kind, required.kind, required.object === object);
      `,
    },
    nodeArguments: ['--disable-warning=ExperimentalWarning', '<witness>', '<hook>'],
    args: ['app.mjs'],
    stdout: ['esm esm true'],
  },
  {
    title: 'require of an ES module where that is turned off, and of one that awaits',
    files: {
      ...files,
      'esm.mjs': 'export default 1;',
      'awaits.mjs': 'await 1; export default 1;',
      'app.js': `
        for (const request of ['./esm.mjs', './awaits.mjs']) {
          try {
            require(request);
          } catch (error) {
            console.log(error.code);
          }
        }
      `,
    },
    nodeArguments: ['--no-experimental-require-module', '<witness>', '<hook>'],
    stdout: ['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ESM'],
  },
]);
