// ES module programs that know nothing of this package, as in __test__/boot: what stock Node does is expected with each preload, and
// with the snapshot of an earlier run.

import test from 'ava';

import { testBoot } from '../boot/programs.mjs';
import { nodeMajor } from '../helpers/run.mjs';
import { program } from './program.mjs';

/** What is told of an error that a program catches. */
const TELL = `
  const tell = (error) => console.log(error.name, error.code, error.message, JSON.stringify(error));
`;

/** Ends a program by an error that nobody catches. */
const failing = (title, source, code, rest) =>
  program(title, `import './typed.js'; import 'package'; ${source}`, [], {
    exitCode: 1,
    stderr: [new RegExp(code)],
    ...rest,
  });

testBoot(test, [
  program(
    'static imports of all kinds',
    `
      import dep from './dep.mjs';
      import typed from './typed.js';
      import { name } from './common.cjs';
      import detected from './typeless/detected.js';
      import typeless from './typeless/common.js';
      import pkg from 'package';
      import legacy from 'legacy';
      import indexed from 'indexed';
      import open from 'hidden/open';
      import ofImports from '#dep';
      import bare from '#package';
      import self from 'self/dep';
      import fs from 'fs';
      import { join } from 'node:path';
      console.log(dep, typed, name, detected, typeless, pkg, legacy, indexed, open, ofImports, bare, self);
      console.log(typeof fs.readFileSync, typeof join);
    `,
    ['dep typed common detected typeless import legacy indexed open dep import dep', 'function function'],
  ),
  program(
    'imports of what is not JavaScript, and queries',
    `
      import json from './data.json' with { type: 'json' };
      import data from 'data:text/javascript,export { default } from "node:path"';
      import one from './dep.mjs?1';
      import two from './dep.mjs#2';
      import encoded from './d%65p.mjs';
      const url = await import(new URL('./dep.mjs', import.meta.url));
      const path = await import(new URL('./dep.mjs', import.meta.url).pathname);
      console.log(json.value, typeof data.join, one, two, encoded, url === path);
      for (const wrong of ['./data.json', './text.txt']) await import(wrong).catch(({ code }) => console.log(code));
      await import('./dep.mjs', { with: { type: 'json' } }).catch(({ code }) => console.log(code));
    `,
    [
      'json function dep dep dep true',
      'ERR_IMPORT_ATTRIBUTE_MISSING',
      'ERR_UNKNOWN_FILE_EXTENSION',
      'ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE',
    ],
  ),
  program(
    'WebAssembly',
    `import './dep.mjs'; import * as wasm from './empty.wasm'; console.log(Object.keys(wasm).length);`,
    ['0'],
    {
      options: nodeMajor < 24 ? ['--experimental-wasm-modules'] : [],
      stderr: nodeMajor < 26 ? [/ExperimentalWarning/] : [],
    },
  ),
  program(
    'import.meta.resolve',
    `
      const show = (specifier) => {
        try {
          const url = import.meta.resolve(specifier);
          console.log(specifier, url.startsWith('file:') ? url.slice(new URL('.', import.meta.url).href.length) : url);
        } catch (error) {
          console.log(specifier, error.code, error.message);
        }
      };
      for (const specifier of [
        './dep.mjs', './missing.mjs', './dir', 'package', 'missing', 'legacy', '#dep', '#missing', 'hidden/closed', 'hidden/none',
        'hidden/wrong', 'malformed', 'fs', 'node:fs', 'node:none', 'data:,1', 'http://host/x.js', '', '.', './%2f.mjs', './links/link.mjs',
      ]) show(specifier);
    `.replaceAll('\n      ', '\n'),
    undefined,
  ),
  program(
    'top-level await, and modules in a circle',
    `
      import { a } from './a.mjs';
      console.log(a, await Promise.resolve('awaited'));
    `,
    ['b of a', 'a awaited'],
    {
      files: {
        'a.mjs': `import { b } from './b.mjs'; await 0; export const a = 'a'; console.log(b());`,
        'b.mjs': `import * as ofA from './a.mjs'; export const b = () => 'b of ' + ofA.a;`,
      },
    },
  ),
  program(
    'require in a module, and a module that is required',
    `
      import { createRequire } from 'node:module';
      import common from './requires.cjs';
      const require = createRequire(import.meta.url);
      console.log(require('package'), (await import('package')).default, require.resolve('package').split('/').at(-1));
      console.log(require('./dep.mjs').default, common);
    `,
    ['require import r.cjs', 'dep dep'],
    {
      files: { 'requires.cjs': `module.exports = require('./dep.mjs').default;` },
      options: ['--no-warnings'],
    },
  ),
  program('CommonJS that imports', undefined, ['dep common import require'], {
    args: ['app.cjs'],
    files: {
      'app.cjs': `(async () => {
          const { default: dep } = await import('./dep.mjs');
          const { name } = await import('./common.cjs');
          console.log(dep, name, (await import('package')).default, require('package'));
        })();`,
    },
  }),
  program(
    'errors that a program catches',
    `
      ${TELL}
      const specifiers = [
        './missing.mjs', './dep', './dir', './dir/', 'missing', 'missing/x', '@scope', '@scope/missing', '#missing', '#', 'hidden',
        'hidden/closed', 'hidden/none', 'hidden/wrong', 'malformed', 'malformed/x.js', 'node:none', 'http://host/x.js', '', '.', '..', '/',
        './%2f.mjs', './%5c.mjs', './dep.mjs/', './text.txt', './throws.mjs', './syntax.mjs', './names.mjs', './dir/index.mjs', 'legacy/none',
      ];
      for (const specifier of specifiers) await import(specifier).then(() => console.log('none'), tell);
    `,
    undefined,
    {
      files: {
        'throws.mjs': 'throw new TypeError("thrown");',
        'syntax.mjs': 'this is no JavaScript',
        'names.mjs': 'import { none } from "./dep.mjs";',
      },
    },
  ),
  failing('a file that is missing', `import './missing.mjs';`, 'ERR_MODULE_NOT_FOUND'),
  failing(
    'a file without its extension',
    `import './dep';`,
    'Did you mean to import "\\./dep\\.mjs"|ERR_MODULE_NOT_FOUND',
  ),
  failing('a package that is missing', `import 'missing';`, "Cannot find package 'missing'"),
  failing('a directory', `import './dir';`, 'ERR_UNSUPPORTED_DIR_IMPORT'),
  failing('what a package does not export', `import 'hidden/none';`, 'ERR_PACKAGE_PATH_NOT_EXPORTED'),
  failing('a target that is none', `import 'hidden/wrong';`, 'ERR_INVALID_PACKAGE_TARGET'),
  failing('a package.json that is malformed', `import 'malformed';`, 'ERR_INVALID_PACKAGE_CONFIG'),
  failing('a name that imports do not have', `import '#missing';`, 'ERR_PACKAGE_IMPORT_NOT_DEFINED'),
  failing(
    'an import of a name that is not exported',
    `import { none } from './dep.mjs';`,
    'does not provide an export',
  ),
  failing(
    'an import of a name that CommonJS does not export',
    `import { none } from './common.cjs';`,
    "'none' not found",
  ),
  failing('an exception in a module', `import './throws.mjs';`, 'TypeError: thrown', {
    files: { 'throws.mjs': 'throw new TypeError("thrown");' },
  }),
  failing('what is no JavaScript', `import './syntax.mjs';`, 'SyntaxError', {
    files: { 'syntax.mjs': 'this is none' },
  }),
  failing('an import in a module of a module', `import './first.mjs';`, 'imported from .*second', {
    files: { 'first.mjs': 'import "./second.mjs";', 'second.mjs': 'import "./third.mjs";' },
  }),
  program(
    'a main that has no extension',
    `import './dep.mjs'; import warned from 'warned'; console.log(warned);`,
    ['warned'],
    {
      stderr: [/DEP0151/],
    },
  ),
  program(
    'a warning that is pending',
    `import './dep.mjs'; import warned from 'warned'; console.log(warned);`,
    ['warned'],
    {
      options: ['--pending-deprecation', '--trace-deprecation'],
      stderr: [/DEP0151/],
    },
  ),
  program('a module of text', undefined, ['dep import true'], {
    args: [
      '--input-type=module',
      '-e',
      `import dep from './dep.mjs'; import p from 'package'; console.log(dep, p, import.meta.url.startsWith('file:'))`,
    ],
    stdout: ['dep import true'],
    // Two programs of text have one snapshot, that of their directory.
    isRunAgain: false,
  }),
  program('a module from standard input', undefined, ['dep import'], {
    args: ['--input-type=module', '-'],
    input: `import dep from './dep.mjs'; import p from 'package'; console.log(dep, p);`,
    isRunAgain: false,
  }),
  program('a module that is found out from text', undefined, ['dep import'], {
    args: ['-e', `import dep from './dep.mjs'; import p from 'package'; console.log(dep, p);`],
    isRunAgain: false,
  }),
  program('links', `import link from './links/link.mjs'; console.log(link);`, ['beside the file']),
  program('links that are preserved', `import link from './links/link.mjs'; console.log(link);`, ['beside the link'], {
    options: ['--preserve-symlinks'],
  }),
  program('a condition', `import custom from 'custom'; console.log(custom);`, ['custom'], {
    options: ['-C', 'custom'],
  }),
  program('no such condition', `import custom from 'custom'; console.log(custom);`, ['default']),
  program(
    'formats by default',
    `import detected from './typeless/detected.js'; import './typeless/none'; console.log(detected);`,
    ['none', 'detected'],
    {
      options: ['--experimental-default-type=module', '--no-warnings'],
      files: { 'typeless/none': 'console.log("none"); export default 1;' },
      needs: { met: nodeMajor === 22, reason: '--experimental-default-type' },
      // Where all imports are left to Node, nothing is recorded.
      isRunAgain: false,
    },
  ),
  program(
    'no detection of the format',
    `import common from './typeless/common.js'; console.log(common, await import('./typeless/detected.js').catch(() => 'failed'));`,
    ['typeless failed'],
    { options: ['--no-experimental-detect-module', '--no-warnings'] },
  ),
  program(
    'no ES modules for require',
    `
      import { createRequire } from 'node:module';
      try { createRequire(import.meta.url)('./dep.mjs'); } catch ({ code }) { console.log(code); }
      import sync from 'sync';
      console.log(sync);
    `,
    ['ERR_REQUIRE_ESM', 'import'],
    {
      options: ['--no-experimental-require-module'],
      files: {
        'node_modules/sync/package.json': '{"exports":{"module-sync":"./sync.mjs","import":"./import.mjs"}}',
        'node_modules/sync/sync.mjs': 'export default "sync";',
        'node_modules/sync/import.mjs': 'export default "import";',
      },
    },
  ),
  program(
    'the permission model',
    `import dep from './dep.mjs'; console.log(dep, typeof process.permission);`,
    ['dep object'],
    {
      options: ['--permission', '--allow-fs-read=*', '--no-warnings'],
      isRunAgain: false,
    },
  ),
  program('a program that has no extension', undefined, ['dep import'], {
    args: ['bin'],
    files: { bin: `import dep from './dep.mjs'; import p from 'package'; console.log(dep, p);` },
  }),
  program('a program that is a link', undefined, ['beside the program', 'bin'], {
    args: ['.bin/tool'],
    files: {
      '.bin/tool': { link: '../tools/bin/tool.js' },
      'tools/bin/tool.js': `import beside from './beside.js'; console.log(beside); console.log(import.meta.dirname.split('/').at(-1));`,
      'tools/bin/beside.js': 'export default "beside the program";',
    },
  }),
  program(
    'a file that is not there at first',
    `
      import fs from 'node:fs';
      const later = () => new Promise((resolve) => setTimeout(resolve, 300));
      const ask = (specifier) => import(specifier).then(({ default: value }) => value, ({ code }) => code);
      const seen = [await ask('./late.mjs'), await ask('late')];
      fs.writeFileSync(new URL('./late.mjs', import.meta.url), 'export default "late";');
      fs.mkdirSync(new URL('./node_modules/late', import.meta.url));
      fs.writeFileSync(new URL('./node_modules/late/index.js', import.meta.url), 'module.exports = "package";');
      seen.push(await ask('./late.mjs'), await ask('late'));
      await later();
      seen.push(await ask('./late.mjs'), await ask('late'));
      fs.rmSync(new URL('./late.mjs', import.meta.url));
      fs.rmSync(new URL('./node_modules/late', import.meta.url), { recursive: true });
      console.log(...seen);
    `,
    ['ERR_MODULE_NOT_FOUND ERR_MODULE_NOT_FOUND late package late package'],
    // What is looked up is too young to be recorded.
    { isRunAgain: false },
  ),
  program(
    'a file that goes, and one that changes',
    `
      import fs from 'node:fs';
      const later = () => new Promise((resolve) => setTimeout(resolve, 300));
      const place = (name) => new URL(name, import.meta.url);
      const ask = (specifier) => import(specifier).then(({ default: value }) => value, ({ code }) => code);
      fs.writeFileSync(place('./made.mjs'), 'export default "made";');
      fs.mkdirSync(place('./node_modules/made'));
      fs.writeFileSync(place('./node_modules/made/package.json'), '{"exports":"./one.mjs"}');
      fs.writeFileSync(place('./node_modules/made/one.mjs'), 'export default "one";');
      fs.writeFileSync(place('./node_modules/made/two.mjs'), 'export default "two";');
      const seen = [await ask('./made.mjs'), await ask('made')];
      await later();
      fs.rmSync(place('./made.mjs'));
      fs.writeFileSync(place('./node_modules/made/package.json'), '{"exports":"./two.mjs"}');
      seen.push(await ask('./made.mjs'), await ask('made'));
      await later();
      seen.push(await ask('./made.mjs'), await ask('made'));
      fs.rmSync(place('./node_modules/made'), { recursive: true });
      await later();
      seen.push(await ask('./made.mjs'), await ask('made'));
      console.log(...seen);
    `,
    ['made one made one made one made one'],
    { isRunAgain: false },
  ),
  program(
    'a part of the loader that is replaced',
    `
      import Module from 'node:module';
      const { _stat } = Module;
      let count = 0;
      await import('./dep.mjs');
      Module._stat = (...values) => { count++; return Reflect.apply(_stat, Module, values); };
      const { default: typed } = await import('./typed.js');
      const { default: pkg } = await import('package');
      Module._stat = _stat;
      const { default: legacy } = await import('legacy');
      console.log(typed, pkg, legacy);
    `,
    ['typed import legacy'],
  ),
  program(
    'realpathSync that is replaced',
    `
      import fs from 'node:fs';
      const { realpathSync } = fs;
      const seen = [];
      fs.realpathSync = function (file, ...values) { seen.push(String(file).split('/').at(-1)); return Reflect.apply(realpathSync, fs, [file, ...values]); };
      const { default: link } = await import('./links/link.mjs');
      fs.realpathSync = realpathSync;
      console.log(link, (await import('./typed.js')).default);
    `,
    ['beside the file typed'],
  ),
  program(
    'the hook is taken out, and put in again',
    `
      import { createRequire } from 'node:module';
      const { dep } = { dep: (await import('./dep.mjs')).default };
      const library = createRequire(import.meta.url)(process.env.LIBRARY);
      library.uninstall?.();
      const { default: typed } = await import('./typed.js');
      library.install?.();
      const { default: pkg } = await import('package');
      console.log(dep, typed, pkg, await import('./missing.mjs').catch(({ code }) => code));
    `,
    ['dep typed import ERR_MODULE_NOT_FOUND'],
    // Whoever asks the library itself leaves a snapshot without the hook.
    { isRunAgain: false },
  ),
  program(
    'a module that is deep in calls',
    `
      const deep = (depth) => { try { return deep(depth + 1); } catch { return depth; } };
      deep(0);
      let overflows = 0;
      const asking = (depth) => {
        try {
          import.meta.resolve('./' + 'dir/../'.repeat(depth % 50) + 'dep.mjs');
          asking(depth + 1);
        } catch (error) {
          if (error instanceof RangeError) overflows++;
          else throw error;
        }
      };
      asking(0);
      const { default: pkg } = await import('package');
      console.log(overflows > 0, import.meta.resolve('./dir/../dir/../dep.mjs').endsWith('/dep.mjs'), pkg);
    `,
    ['true true import'],
  ),
  program(
    'functions of diagnostics_channel that throw',
    `
      import channels from 'node:diagnostics_channel';
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const name of ['subscribe', 'unsubscribe']) channels[name] = () => { throw new Error('a stub of ' + name); };
      // Each is asked for once: Node remembers the rest by itself.
      for (let count = 0; count < 20; count++) require('./each-' + count + '.cjs');
      console.log((await import('./dep.mjs')).default);
    `,
    ['dep'],
    { files: Object.fromEntries(Array.from({ length: 20 }, (_, count) => [`each-${count}.cjs`, ''])) },
  ),
]);
