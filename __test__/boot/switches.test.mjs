// Switches of Node: a program that is run with one runs as it would without us.

import test from 'ava';

import { only, REPORT, TOOLS, testBoot } from './programs.mjs';

/** What a switch does is the same after any number of requests. */
const FEW = only('register at once', 'spawn/register', 'both');

/** Loads modules, starts a child if it may, and a thread. */
const APP = `
  ${TOOLS}
  console.log(process.execArgv.filter((argument) => !argument.includes('register') && argument !== '-r').length > 0);
  ask(40);
  report();
  const { Worker } = require('worker_threads');
  const started = (what, start) => {
    try {
      start().on('error', (error) => console.log(what, error.code)).on('exit', (code) => console.log(what, code));
    } catch (error) {
      console.log(what, error.code);
    }
  };
  started('child', () => {
    const child = require('child_process').spawn('cat');
    child.stdin?.end();
    // One after the other, so that the order is the same each time.
    child.on('close', () => started('thread', () => new Worker('', { eval: true })));
    return child;
  });
`;

const app = (title, switches, rest) => ({
  title,
  stdout: ['true', ...REPORT, 'child 0', 'thread 0'],
  preloads: FEW,
  ...rest,
  files: { 'app.js': APP, ...rest?.files },
  nodeArguments: [...switches, '<hook>'],
});

/** A switch by itself. */
const given = (name, rest) => app(`node ${name}`, name.split(' '), rest);

/** One that leaves the hook in place. */
const hooked = (name, rest) => given(name, { isRunAgain: true, ...rest });

const has = (name) => ({ met: process.allowedNodeEnvironmentFlags.has(name), reason: `a Node with ${name}` });

const PERMISSION = has('--permission').met ? '--permission' : '--experimental-permission';
const denied = ['true', ...REPORT, 'child ERR_ACCESS_DENIED'];
/** Node 20 lets no preload be read that is not allowed to be. */
const readsPreload = { needs: has('--permission') };

testBoot(test, [
  {
    title: 'node without any',
    isRunAgain: true,
    files: { 'app.js': APP },
    stdout: ['false', ...REPORT, 'child 0', 'thread 0'],
  },

  // The program's directory is all that may be read; Node itself lets the file that is preloaded be read, and no other.
  given(`${PERMISSION} --allow-fs-read=<root>/*`, { stdout: denied, ...readsPreload }),
  given(`${PERMISSION} --allow-fs-read=<root>/* --allow-child-process --allow-worker`, readsPreload),
  given(`${PERMISSION} --allow-fs-read=<root>/* --allow-addons --allow-child-process --allow-worker`, readsPreload),
  given(`${PERMISSION} --allow-fs-read=* --allow-fs-write=* --allow-addons --allow-child-process --allow-worker`),
  given(`${PERMISSION} --allow-fs-read=<root>/* --no-addons`, { stdout: denied, ...readsPreload }),

  given('--no-addons'),
  hooked('--frozen-intrinsics'),
  hooked('--disable-proto=throw'),
  hooked('--disable-proto=delete'),
  hooked('--no-global-search-paths'),
  hooked('--experimental-vm-modules'),
  given('--pending-deprecation'),
  given('--throw-deprecation'),
  given('--pending-deprecation --throw-deprecation'),
  hooked('--trace-warnings'),
  hooked('--no-warnings'),
  given('--disable-warning=FastResolveWarning', { needs: has('--disable-warning') }),
  given('--preserve-symlinks --preserve-symlinks-main'),
  hooked('--disallow-code-generation-from-strings'),
  hooked('--enable-source-maps'),
  given('--stack-trace-limit=0'),
  given('--unhandled-rejections=strict'),
  given('--expose-internals'),
  hooked('--jitless'),
  given('--single-threaded'),
  hooked('--no-node-snapshot'),
  hooked('--title=another'),
  hooked('--use-strict'),
  given('--no-experimental-require-module', { needs: has('--experimental-require-module') }),
  given('--no-experimental-global-navigator', { needs: has('--experimental-global-navigator') }),
  given('--experimental-import-meta-resolve'),
  given('--cpu-prof --cpu-prof-dir=<root>/profiles'),
  given('--experimental-strip-types', { needs: has('--experimental-strip-types') }),
  given('--env-file=<root>/.env', { files: { '.env': 'FAST_RESOLVE_TEST_OF_ENV=1\n' } }),
  given('-r <root>/first.cjs', { files: { 'first.cjs': `require('./dep'); require('util');` } }),
  given('--import <root>/first.mjs', { files: { 'first.mjs': `import './dep.js';` } }),
  given('--import <root>/loader.mjs', {
    files: {
      'loader.mjs': `
        import { register } from 'node:module';
        register('./hooks.mjs', import.meta.url);
      `,
      'hooks.mjs': 'export const resolve = (specifier, context, next) => next(specifier, context);',
    },
  }),
  given('--experimental-loader=<root>/hooks.mjs', {
    files: { 'hooks.mjs': 'export const resolve = (specifier, context, next) => next(specifier, context);' },
  }),
  given('--experimental-policy=<root>/policy.json', {
    needs: has('--experimental-policy'),
    files: {
      'policy.json': {
        json: {
          resources: Object.fromEntries(
            ['./app.js', './dep.js', './node_modules/package/lib/main.js'].map((name) => [
              name,
              { integrity: true, dependencies: true },
            ]),
          ),
          scopes: { 'file:///': { integrity: true, dependencies: true } },
        },
      },
    },
  }),
]);

const PRINT_ONE = `${TOOLS} ask(40); console.log(require('./dep'), process.exitCode);`;

/** Other ways to hand a program to Node. */
testBoot(
  test,
  [
    {
      title: 'node --eval',
      files: {},
      args: ['--eval', PRINT_ONE],
      stdout: ['dep undefined'],
    },
    {
      title: 'node --print',
      files: {},
      args: ['--print', `${TOOLS} ask(40); require('./dep')`],
      stdout: ['dep'],
    },
    {
      title: 'node --check',
      files: { 'app.js': 'throw 1;' },
      args: ['--check', 'app.js'],
      stdout: [],
    },
    {
      title: 'node --check of what can not be parsed',
      files: { 'app.js': 'const = 1;' },
      args: ['--check', 'app.js'],
      stdout: [],
      stderr: [/SyntaxError/],
      exitCode: 1,
    },
    {
      title: 'a program on standard input',
      files: {},
      args: [],
      input: PRINT_ONE,
      stdout: ['dep undefined'],
    },
    {
      title: 'an ES module on standard input',
      files: {},
      args: ['--input-type=module'],
      input: `import { createRequire } from 'node:module'; console.log(createRequire(process.cwd() + '/x')('./dep'));`,
      stdout: ['dep'],
    },
    {
      title: 'node --interactive',
      files: {},
      args: ['--interactive'],
      input: `for (let i = 0; i < 40; i++) require('path') && 0;\nrequire('./dep')\nmodule.children.length\n`,
      // The banner names the version.
      stdout: [`Welcome to Node.js ${process.version}.`, 'Type ".help" for more information.', '> 0', "> 'dep'", '> 1'],
    },
    {
      title: 'an ES module that requires and imports',
      files: {
        'app.mjs': `
        import { createRequire } from 'node:module';
        import dep from './dep.js';
        const require = createRequire(import.meta.url);
        for (let i = 0; i < 40; i++) require.resolve('./dep');
        const { default: main } = await import('package');
        console.log(dep, main, require('package'));
      `,
      },
      args: ['app.mjs'],
      stdout: ['dep package package'],
    },
    {
      title: 'a program that can not be parsed',
      files: { 'app.js': 'const = 1;' },
      stdout: [],
      stderr: [/SyntaxError/],
      exitCode: 1,
    },
    {
      title: 'a program that is not there',
      files: {},
      stdout: [],
      stderr: [/Cannot find module '<root>\/app.js'/],
      exitCode: 1,
    },
    {
      title: 'NODE_OPTIONS with an absolute path, and what inherits it',
      files: {
        'app.js': `
        ${TOOLS}
        const { execFileSync, fork } = require('child_process');
        const { Worker } = require('worker_threads');
        ask(40);
        const inner = "for (let i = 0; i < 40; i++) require('path'); console.log('inner');";
        // Their working directories lie outside of the program.
        console.log(execFileSync(process.execPath, ['-e', inner], { cwd: '/' }).toString().trim());
        console.log(execFileSync(process.execPath, ['-e', inner], { cwd: '/', env: { NODE_OPTIONS: process.env.NODE_OPTIONS } }).toString().trim());
        new Worker(inner, { eval: true }).on('exit', () => {
          fork(__dirname + '/forked.js').on('message', (message) => console.log(message));
        });
      `,
        'forked.js': `${TOOLS} ask(40); process.send(require('./dep'), () => process.disconnect());`,
      },
      nodeArguments: [],
      env: { NODE_OPTIONS: '<hook>' },
      stdout: ['inner', 'inner', 'inner', 'dep'],
    },
    {
      title: 'NODE_OPTIONS of a parent under the permission model',
      ...readsPreload,
      files: {
        'app.js': `
        const { execFileSync } = require('child_process');
        const switches = ${JSON.stringify([PERMISSION, '--no-warnings'])};
        const line = [...switches, '--allow-fs-read=' + __dirname + '/*', __dirname + '/inner.js'];
        console.log(execFileSync(process.execPath, line).toString().trim());
      `,
        'inner.js': `${TOOLS} ask(40); console.log(require('./dep'));`,
      },
      nodeArguments: [],
      env: { NODE_OPTIONS: '<hook>' },
      stdout: ['dep'],
    },
    ...[
      ['a file', '__filename', '{}'],
      ['a file, without the options of its parent', '__filename', '{ execArgv: [] }'],
      [
        'a file, with little memory',
        '__filename',
        '{ resourceLimits: { maxOldGenerationSizeMb: 16, stackSizeMb: 1 } }',
      ],
      ['a file, with an environment of its own', '__filename', '{ env: {} }'],
      ['a file, with the environment of its parent', '__filename', '{ env: SHARE_ENV }'],
      ['a file, with its output kept', '__filename', '{ stdout: true, stderr: true }'],
      ['text', 'TEXT', '{ eval: true }'],
    ].map(([what, filename, options]) => ({
      title: `a worker thread of ${what}`,
      files: {
        'app.js': `
        const { Worker, isMainThread, parentPort, SHARE_ENV } = require('worker_threads');
        const TEXT = "for (let i = 0; i < 40; i++) require('path'); require('worker_threads').parentPort.postMessage('dep');";
        if (isMainThread) {
          const worker = new Worker(${filename}, ${options});
          worker.on('message', (message) => console.log(message)).on('exit', (code) => console.log(code));
        } else {
          for (let i = 0; i < 40; i++) require('path');
          parentPort.postMessage(require('./dep'));
        }
      `,
      },
      stdout: ['dep', '0'],
    })),
    {
      title: 'worker threads that are terminated while they load',
      files: {
        'app.js': `
        ${TOOLS}
        const { Worker, isMainThread } = require('worker_threads');
        if (isMainThread) {
          (async () => {
            for (let count = 0; count < 8; count++) {
              const worker = new Worker(__filename);
              if (count % 2) await new Promise((resolve) => worker.once('online', resolve));
              await worker.terminate();
            }
            report();
          })();
        } else {
          for (;;) ask(1);
        }
      `,
      },
      stdout: REPORT,
    },
  ].map((program) => ({ ...program, preloads: FEW })),
);
