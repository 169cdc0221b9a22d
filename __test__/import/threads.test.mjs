// Worker threads that begin with an ES module, or come to import one: what stock Node does, and that the core answers.

import Module from 'node:module';
import path from 'node:path';

import test from 'ava';

import { testBoot } from '../boot/programs.mjs';
import { run } from '../cache/processes.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { program } from './program.mjs';
import { FILES } from './tree.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const REGISTER = path.join(repository, 'dist/register.js');
const testHere = Module.registerHooks === undefined ? test.skip : test;

/** Runs one worker after the other. */
const RUN = `
  const { Worker } = require('node:worker_threads');
  // A worker takes no options of V8.
  const given = process.execArgv.filter((word) => !word.startsWith('--stack-trace-limit'));
  const run = (file, options) => new Promise((resolve) => {
    const worker = new Worker(file, options);
    worker.on('error', (error) => console.log('error', error.name, error.code, error.message));
    worker.on('exit', resolve);
  });
`;

const threads = (title, body, stdout, { files, ...rest } = {}) =>
  program(title, undefined, stdout, {
    args: ['app.cjs'],
    isRunAgain: false,
    ...rest,
    files: { 'app.cjs': `${RUN} (async () => { ${body} })();`, ...files },
  });

const ALL = `
  import dep from './dep.mjs';
  import typed from './typed.js';
  import { name } from './common.cjs';
  import detected from './typeless/detected.js';
  import legacy from 'legacy';
  import json from './data.json' with { type: 'json' };
  import own from 'self/dep';
  const { default: p } = await import('package');
  console.log(dep, typed, name, detected, legacy, json.value, own, p, import.meta.resolve('package').split('/').at(-1));
`;
const ALL_TOLD = 'dep typed common detected legacy json dep import i.mjs';

/** A hook of `module.register`, which has a module of its own. */
const VIRTUAL = `
  export async function resolve(specifier, context, nextResolve) {
    if (specifier === 'virtual') return { url: 'data:text/javascript,export default "virtual"', shortCircuit: true };
    return nextResolve(specifier, context);
  }
`;

testBoot(test, [
  threads('a worker that is an ES module', `await run(__dirname + '/worker.mjs');`, [ALL_TOLD], {
    files: { 'worker.mjs': ALL },
  }),
  threads('workers of an ES module program', undefined, ['dep', ALL_TOLD, ALL_TOLD], {
    args: ['app.mjs'],
    files: {
      'app.mjs': `
        import { once } from 'node:events';
        import { Worker } from 'node:worker_threads';
        import dep from './dep.mjs';
        console.log(dep);
        for (let count = 0; count < 2; count++) await once(new Worker(new URL('./worker.mjs', import.meta.url)), 'exit');
      `,
      'worker.mjs': ALL,
    },
  }),
  threads(
    'a worker of CommonJS that imports, and one that does not',
    `await run(__dirname + '/imports.cjs'); await run(__dirname + '/requires.cjs');`,
    ['dep import require', 'require common'],
    {
      files: {
        'imports.cjs': `Promise.all([import('./dep.mjs'), import('package')]).then(([dep, p]) => console.log(dep.default, p.default, require('package')));`,
        'requires.cjs': `console.log(require('package'), require('./common.cjs').name);`,
      },
    },
  ),
  threads(
    'errors in workers',
    `for (const name of ['missing', 'package', 'directory', 'syntax', 'throws']) console.log(await run(__dirname + '/' + name + '.mjs'));
     console.log(await run(__dirname + '/none.mjs'));`,
    undefined,
    {
      files: {
        'missing.mjs': `import './dep.mjs'; import './missing-file.mjs';`,
        'package.mjs': `import './dep.mjs'; import 'hidden/none';`,
        'directory.mjs': `import './dir';`,
        'syntax.mjs': `import './dep.mjs'; this is none`,
        'throws.mjs': `import './dep.mjs'; throw new TypeError('thrown');`,
      },
    },
  ),
  threads(
    'a worker that leaves out the preload',
    `await run(__dirname + '/worker.mjs', { execArgv: [] });`,
    [ALL_TOLD],
    {
      files: { 'worker.mjs': ALL },
    },
  ),
  threads(
    'a worker with a condition of its own',
    `await run(__dirname + '/worker.mjs', { execArgv: [...given, '-C', 'custom'] }); await run(__dirname + '/worker.mjs');`,
    ['custom', 'default'],
    { files: { 'worker.mjs': `import custom from 'custom'; console.log(custom);` } },
  ),
  threads(
    'workers from text, and from a URL of data',
    `
      await run("import('./dep.mjs').then(({ default: dep }) => console.log(dep, require('package')))", { eval: true });
      await run("import dep from './dep.mjs'; import p from 'package'; console.log(dep, p)", { eval: true, execArgv: [...given, '--input-type=module'] });
      const url = require('node:url').pathToFileURL(__dirname + '/dep.mjs').href;
      await run(new URL('data:text/javascript,import dep from ' + JSON.stringify(url) + '; import fs from "node:fs"; console.log(dep, typeof fs.readFileSync)'));
      await run(new URL('data:text/javascript,import "package"'));
    `,
    undefined,
  ),
  threads(
    'module.register in a worker, which its parent and the next one do not hear of',
    `await run(__dirname + '/worker.mjs'); await run(__dirname + '/next.mjs'); await import('virtual').catch(({ code }) => console.log(code));`,
    ['dep virtual import', 'import ERR_MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'],
    {
      options: ['--no-warnings'],
      files: {
        'hooks.mjs': VIRTUAL,
        'worker.mjs': `
          import { register } from 'node:module';
          import dep from './dep.mjs';
          register('./hooks.mjs', import.meta.url);
          console.log(dep, (await import('virtual')).default, (await import('package')).default);
        `,
        'next.mjs': `console.log((await import('package')).default, await import('virtual').catch(({ code }) => code));`,
      },
    },
  ),
  threads(
    'module.register before there are workers',
    `
      require('node:module').register('./hooks.mjs', 'file://' + __dirname + '/');
      console.log((await import('virtual')).default);
      await run(__dirname + '/worker.mjs');
    `,
    undefined,
    {
      options: ['--no-warnings'],
      files: {
        'hooks.mjs': VIRTUAL,
        'worker.mjs': `import dep from './dep.mjs'; console.log(dep, await import('virtual').then((m) => m.default, ({ code }) => code));`,
      },
    },
  ),
  threads(
    'registerHooks in a worker',
    `await run(__dirname + '/worker.mjs'); await run(__dirname + '/worker.cjs');`,
    ['dep dep import', 'dep import'],
    {
      files: {
        'worker.mjs': `
          import { registerHooks } from 'node:module';
          import dep from './dep.mjs';
          registerHooks({ resolve: (specifier, context, next) => next(specifier === 'virtual' ? './dep.mjs' : specifier, context) });
          console.log(dep, (await import('virtual')).default, (await import('package')).default);
        `,
        'worker.cjs': `
          const { registerHooks } = require('node:module');
          registerHooks({ resolve: (specifier, context, next) => next(specifier === 'virtual' ? './dep.mjs' : specifier, context) });
          Promise.all([import('virtual'), import('package')]).then(([dep, p]) => console.log(dep.default, p.default));
        `,
      },
    },
  ),
  threads(
    'a worker of a worker, and a worker that ends while it imports',
    `
      await run(__dirname + '/outer.mjs');
      const worker = new Worker(__dirname + '/endless.mjs');
      await new Promise((resolve) => worker.once('message', resolve));
      console.log(await worker.terminate(), (await import('package')).default);
    `,
    [ALL_TOLD, '1 import'],
    {
      files: {
        'worker.mjs': ALL,
        'outer.mjs': `
          import { once } from 'node:events';
          import { Worker } from 'node:worker_threads';
          await once(new Worker(new URL('./worker.mjs', import.meta.url)), 'exit');
        `,
        'endless.mjs': `
          import { parentPort } from 'node:worker_threads';
          await import('package');
          parentPort.postMessage('started');
          for (;;) import.meta.resolve('package');
        `,
      },
    },
  ),
]);

testHere('the core answers what a worker imports, and a worker of CommonJS has no hook for it', async (t) => {
  const root = treeFor(t, {
    ...FILES,
    'app.cjs': `${RUN} (async () => { await run(__dirname + '/worker.mjs'); await run(__dirname + '/worker.cjs'); })();`,
    'enters.mjs': `import './a.js'; import 'dep'; import 'exact'; import './missing/../b.mjs';`,
    'worker.mjs': `
      import { createRequire } from 'node:module';
      const { stats } = createRequire(import.meta.url)(process.env.LIBRARY);
      const { misses } = stats();
      await import('./enters.mjs');
      console.log(stats().hook.imports, stats().misses - misses);
    `,
    'worker.cjs': `
      const Module = require('node:module');
      const { _resolveFilename } = Module;
      Module._resolveFilename = function (request) {
        console.log(new Error().stack.includes('customization_hooks'));
        return Reflect.apply(_resolveFilename, this, arguments);
      };
      require('./c.cjs');
    `,
  });
  const env = { FAST_RESOLVE_WAIT: '0', LIBRARY: path.join(repository, 'index.js') };
  const required = await run(['-r', REGISTER, 'app.cjs'], { cwd: root, env });
  t.is(required.stdout, 'true 5\nfalse\n', required.stderr);
  // With this option, Node imports what a thread begins with, whatever it is.
  const imported = await run(['--import', REGISTER, 'app.cjs'], { cwd: root, env });
  t.is(imported.stdout, 'true 5\ntrue\n', imported.stderr);
});
