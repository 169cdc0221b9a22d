// `import()` in programs that begin with CommonJS: what stock Node does, and when the hook is there.

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

const fromCommonJs = (title, source, stdout, { files, ...rest } = {}) =>
  program(title, undefined, stdout, { args: ['app.cjs'], ...rest, files: { 'app.cjs': source, ...files } });

testBoot(test, [
  fromCommonJs(
    'a program of ES modules that CommonJS starts',
    `import('./main.mjs').then(({ default: value }) => console.log(value));`,
    ['main', 'dep import legacy common', 'file:///main'],
    {
      files: {
        'main.mjs': `
          import dep from './dep.mjs';
          import p from 'package';
          import legacy from 'legacy';
          import { name } from './common.cjs';
          console.log('main');
          console.log(dep, p, legacy, name);
          export default import.meta.resolve('./main').replace(/.*(?=.main)/, 'file://');
        `,
      },
    },
  ),
  fromCommonJs(
    'errors of import() in CommonJS',
    `
      const tell = (error) => console.log(error.name, error.code, error.message);
      (async () => {
        for (const specifier of ['./missing.mjs', 'missing', './dir', 'hidden/none', '#missing', 'malformed', './fails.mjs', 'node:none']) {
          await import(specifier).catch(tell);
        }
        await import('./fails.mjs');
      })();
    `,
    undefined,
    { files: { 'fails.mjs': `import './missing.mjs';` }, exitCode: 1, stderr: [/ERR_MODULE_NOT_FOUND/] },
  ),
  fromCommonJs('the first import fails', `import('./missing.mjs');`, [], {
    exitCode: 1,
    stderr: [/ERR_MODULE_NOT_FOUND/],
    isRunAgain: false,
  }),
  fromCommonJs(
    'require and import by turns',
    `
      (async () => {
        const seen = [];
        for (let round = 0; round < 40; round++) {
          require.resolve('./' + './'.repeat(round) + 'common.cjs');
          if (round % 13 === 0) seen.push((await import('./dep.mjs?' + round)).default, (await import('package')).default);
        }
        console.log(seen.join(), require('package'));
      })();
    `,
    ['dep,import,dep,import,dep,import,dep,import require'],
  ),
  fromCommonJs(
    'a hook that the program registers before its first import',
    `
      const seen = [];
      const { registerHooks } = require('node:module');
      registerHooks({
        resolve(specifier, context, nextResolve) {
          seen.push(specifier);
          return nextResolve(specifier === 'virtual' ? './dep.mjs' : specifier, context);
        },
      });
      (async () => {
        const { default: dep } = await import('virtual');
        console.log(dep, (await import('package')).default, require('package'), seen.join());
      })();
    `,
    ['dep import require virtual,package,package'],
  ),
  fromCommonJs(
    'a hook that the program registers between two imports',
    `
      const seen = [];
      (async () => {
        const { default: dep } = await import('./dep.mjs');
        const hooks = require('node:module').registerHooks({
          resolve(specifier, context, nextResolve) {
            seen.push(specifier);
            return nextResolve(specifier, context);
          },
        });
        console.log(dep, (await import('package')).default);
        for (let index = 0; index < 40; index++) require.resolve('./' + './'.repeat(index) + 'other.cjs');
        console.log((await import('./typed.js')).default, (await import('legacy')).default, seen.length);
        hooks.deregister();
        console.log((await import('indexed')).default, seen.length);
      })();
    `,
    // Before 24, nobody hears of `require.resolve`.
    undefined,
  ),
  fromCommonJs(
    'an import that is deep in calls',
    `
      let depth = 0;
      const deep = () => {
        depth++;
        try {
          return deep();
        } finally {
          if (depth-- > 0 && depth % 997 === 0) import('./missing.mjs').catch(() => {});
        }
      };
      try { deep(); } catch (error) { console.log(error instanceof RangeError); }
      import('./dep.mjs').then(({ default: dep }) => console.log(dep));
    `,
    ['true', 'dep'],
  ),
  program('a program that is found to be an ES module by its text', undefined, ['detected dep import'], {
    args: ['typeless/app.js'],
    files: {
      'typeless/app.js': `import one from './detected.js'; import dep from '../dep.mjs'; import p from 'package'; console.log(one, dep, p);`,
    },
    options: ['--no-warnings'],
  }),
]);

/** Whether `require` goes through hooks at this moment, by what lies between it and Node's function. */
const TELL = `
  const Module = require('node:module');
  const { _resolveFilename } = Module;
  let count = 0;
  const isHooked = () => {
    let stack;
    Module._resolveFilename = function () {
      ({ stack } = new Error());
      return Reflect.apply(_resolveFilename, this, arguments);
    };
    require('./' + './'.repeat(count++) + 'c.cjs');
    Module._resolveFilename = _resolveFilename;
    return stack.includes('customization_hooks');
  };
  const require16 = () => { for (let index = 0; index < 16; index++) require('./' + './'.repeat(count++) + 'c.cjs'); };
`;

testHere('the hook is there from the first import on, until there are but requests', async (t) => {
  const root = treeFor(t, {
    ...FILES,
    'app.cjs': `
      ${TELL}
      Error.stackTraceLimit = 100;
      const { stats } = require(process.env.LIBRARY);
      (async () => {
        const seen = [stats().hook.imports, isHooked()];
        const { misses } = stats();
        await import('./enters.mjs');
        seen.push(stats().misses - misses, isHooked());
        require16();
        seen.push(isHooked());
        await import('dep');
        seen.push(isHooked(), stats().hook.imports);
        console.log(seen.join());
      })();
    `,
    'enters.mjs': `import './a.js'; import 'dep'; import 'exact';`,
  });
  const env = { FAST_RESOLVE_WAIT: '0', LIBRARY: path.join(repository, 'index.js') };
  const late = await run(['-r', REGISTER, 'app.cjs'], { cwd: root, env });
  t.is(late.stdout, 'true,false,4,true,false,true,true\n', late.stderr);
  const off = await run(['-r', REGISTER, 'app.cjs'], { cwd: root, env: { ...env, FAST_RESOLVE_IMPORT: '0' } });
  t.is(off.stdout, 'false,false,0,false,false,false,false\n', off.stderr);
  const always = await run(['-r', REGISTER, 'app.cjs'], { cwd: root, env: { ...env, FAST_RESOLVE_IMPORT: '1' } });
  t.is(always.stdout, 'true,true,4,true,true,true,true\n', always.stderr);
});

testHere('an installed hook answers the next import; one that was taken out, none', async (t) => {
  const root = treeFor(t, {
    ...FILES,
    'app.cjs': `
      const { install, stats, uninstall } = require(process.env.LIBRARY);
      const { hasSubscribers } = require('node:diagnostics_channel');
      const missesOf = async (specifier) => {
        const { misses } = stats();
        await import(specifier);
        return stats().misses - misses;
      };
      (async () => {
        const seen = [stats().hook.imports, await missesOf('./a.js')];
        install();
        seen.push(stats().hook.imports, await missesOf('./b.mjs'));
        uninstall();
        seen.push(stats().hook.imports, await missesOf('./c.cjs'), hasSubscribers('tracing:module.import:start'));
        install();
        uninstall();
        console.log(seen.join(), hasSubscribers('tracing:module.import:start'));
      })();
    `,
  });
  const { stdout, stderr } = await run(['app.cjs'], {
    cwd: root,
    env: { LIBRARY: path.join(repository, 'index.js') },
  });
  t.is(stdout, 'false,0,true,1,false,0,false false\n', stderr);
});
