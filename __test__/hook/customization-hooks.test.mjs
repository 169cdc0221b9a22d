// Node's own customisation hooks on top of the hook: `module.registerHooks` and `module.register`.

import Module from 'node:module';

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const needs = { met: typeof Module.registerHooks === 'function', reason: 'module.registerHooks' };

const files = {
  'dep.js': 'module.exports = "./dep";',
  'other.js': 'module.exports = "./other";',
  'node_modules/package/index.js': 'module.exports = "package";',
  'node_modules/mapped/package.json': { json: { exports: { custom: './custom.js', default: './default.js' } } },
  'node_modules/mapped/custom.js': 'module.exports = "custom";',
  'node_modules/mapped/default.js': 'module.exports = "default";',
};

const hooks = (resolve) =>
  `require('module').registerHooks({ resolve(specifier, context, nextResolve) { ${resolve} } });`;

testPrograms(test, [
  {
    title: 'a resolve hook that passes everything on sees every request',
    needs,
    files: {
      ...files,
      'app.js': `
        const seen = [];
        ${hooks('seen.push(specifier); return nextResolve(specifier, context);')}
        console.log(require('./dep'), require('package'), require('mapped'), typeof require('fs').statSync);
        console.log(seen.join());
      `,
    },
    stdout: ['./dep package default function', './dep,package,mapped,fs'],
  },
  {
    title: 'a resolve hook that sends a request elsewhere',
    needs,
    files: {
      ...files,
      'app.js': `
        ${hooks("return nextResolve(specifier === 'virtual' ? './other.js' : specifier, context);")}
        console.log(require('virtual'), require('./dep'));
        try {
          require('./missing');
        } catch (error) {
          console.log(error.code, error.requireStack.join());
        }
      `,
    },
    stdout: ['./other ./dep', 'MODULE_NOT_FOUND <root>/app.js'],
  },
  {
    title: 'conditions that a resolve hook passes on count for that request only',
    needs,
    files: {
      ...files,
      'app.js': `
        const path = require('path');
        let conditions;
        const hook = require('module').registerHooks({
          resolve(specifier, context, nextResolve) {
            return nextResolve(specifier, conditions ? { ...context, conditions } : context);
          },
        });
        const forget = () => {
          delete require.cache[require.resolve('mapped')];
          delete require.cache[path.join(__dirname, 'node_modules/mapped/custom.js')];
          require('module')._pathCache = {};
        };
        console.log(require('mapped'));
        forget();
        conditions = ['custom', 'require', 'node'];
        console.log(require('mapped'));
        forget();
        conditions = [];
        console.log(require('mapped'));
        forget();
        conditions = undefined;
        console.log(require('mapped'));
        hook.deregister();
        forget();
        console.log(require('mapped'));
      `,
    },
    stdout: ['default', 'custom', 'default', 'default', 'default'],
  },
  {
    title: 'a resolve hook that was registered by a preload before the hook',
    needs,
    files: {
      ...files,
      'alias.js': hooks("return nextResolve(specifier === 'alias' ? 'package' : specifier, context);"),
      'app.js': `console.log(require('alias'), require('./dep'));`,
    },
    nodeArguments: ['<witness>', '-r', './alias.js', '<hook>'],
    stdout: ['package ./dep'],
  },
  {
    title: 'hooks of module.register in a thread of their own do not change require',
    files: {
      ...files,
      'hooks.mjs': `
        export async function resolve(specifier, context, nextResolve) {
          return nextResolve(specifier === 'virtual' ? 'package' : specifier, context);
        }
      `,
      'app.mjs': `
        import { createRequire, register } from 'node:module';
        register('./hooks.mjs', import.meta.url);
        const { default: answer } = await import('virtual');
        const { default: cjs } = await import('./loaded.cjs');
        console.log(answer, cjs.join(), createRequire(import.meta.url)('mapped'));
      `,
      'loaded.cjs': `module.exports = [require('./dep'), require('package')];`,
    },
    nodeArguments: ['--no-deprecation', '<witness>', '<hook>'],
    args: ['app.mjs'],
    stdout: ['package ./dep,package default'],
    witnesses: null,
  },
]);
