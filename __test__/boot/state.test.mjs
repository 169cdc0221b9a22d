// `stats().hook`: whether the hook answers, and why not where it does not; and what a preload says, how often.

import path from 'node:path';

import test from 'ava';

import { copyPackage } from '../helpers/package-copy.mjs';
import { testLibraryPrograms } from '../helpers/run.mjs';
import { FILES, TOOLS } from './programs.mjs';

/** Prints what is said of the hook. A reason is a sentence, whose words are nobody's business; where it is off, there may be none. */
const HOOK = `
  const describe = () => {
    const { installed, stats } = require(LIBRARY);
    const { state, reason, imports, ...others } = stats().hook;
    const isSentence = typeof reason === 'string' && /\\S+ \\S+ \\S+/.test(reason);
    const hasReason = state === 'off' ? reason === null || isSentence : state === 'aside' ? isSentence : reason === null;
    console.log(installed, state, hasReason ? 'as it should be' : reason, typeof imports, Object.keys(others).length);
  };
`;

const program = (title, source, stdout, rest) => ({
  title,
  nodeArguments: ['<hook>'],
  ...rest,
  files: { ...FILES, 'app.js': `${TOOLS}${HOOK}${source}`, ...rest?.files },
  stdout,
});

testLibraryPrograms(test, [
  program('the hook answers', 'ask(40); describe();', ['true answering as it should be boolean 0']),
  program('nobody has installed the hook', 'describe();', ['false off as it should be boolean 0'], {
    nodeArguments: [],
  }),
  program(
    'the hook was installed and taken out',
    `
    const { install, uninstall } = require(LIBRARY);
    install();
    describe();
    uninstall();
    describe();
  `,
    ['true answering as it should be boolean 0', 'false off as it should be boolean 0'],
    { nodeArguments: [] },
  ),
  program('FAST_RESOLVE=0', 'ask(40); describe();', ['false off as it should be boolean 0'], {
    env: { FAST_RESOLVE: '0' },
  }),
  // What answers then is nobody but Node: folders that begin where the process stands are not known beforehand.
  program('a NODE_PATH that is relative', 'ask(40); describe();', ['true aside as it should be boolean 0'], {
    env: { NODE_PATH: 'relative' },
  }),
  program(
    'one preload for both',
    "ask(40); describe(); console.log(require(LIBRARY + '/dist/spawn.js').installed);",
    ['true answering as it should be boolean 0', 'true'],
    { env: { FAST_RESOLVE_SPAWN: '1' } },
  ),
  program('one preload, and not for both', "ask(40); console.log(require(LIBRARY + '/dist/spawn.js').installed);", [
    'false',
  ]),
  program('a NODE_PATH that is absolute', 'ask(40); describe();', ['true answering as it should be boolean 0'], {
    env: { NODE_PATH: '/absolute' },
  }),
  program(
    'somebody has replaced what the hook stands in for',
    `
    ask(40);
    describe();
    const { _nodeModulePaths } = Module;
    Module._nodeModulePaths = (...values) => _nodeModulePaths(...values);
    describe();
    Module._nodeModulePaths = _nodeModulePaths;
    describe();
  `,
    [
      'true answering as it should be boolean 0',
      'true aside as it should be boolean 0',
      'true answering as it should be boolean 0',
    ],
  ),
  program(
    'somebody has put Node’s function back',
    `
    ask(40);
    Module._resolveFilename = process.nodesOwn;
    describe();
  `,
    ['false off as it should be boolean 0'],
    {
      files: { 'first.js': `process.nodesOwn = require('module')._resolveFilename;` },
      nodeArguments: ['-r', '<root>/first.js', '<hook>'],
    },
  ),
  program('the permission model', 'ask(40); describe();', ['false off as it should be boolean 0'], {
    nodeArguments: [
      process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission',
      '--no-warnings',
      '--allow-fs-read=*',
      '<hook>',
    ],
  }),
  program('no addon', 'ask(40); describe();', ['false off as it should be boolean 0'], {
    env: { LIBRARY: '<root>/fast-resolve' },
    nodeArguments: ['--no-warnings', '-r', '<root>/fast-resolve/dist/register.js'],
    prepare: (root) => copyPackage(path.join(root, 'fast-resolve'), 'missing'),
  }),
  program(
    'the core that waits answers when it has come',
    `
      const { state } = require(LIBRARY).stats().hook;
      console.log(['answering', 'waiting'].includes(state));
      ask(400);
      describe();
    `,
    ['true', 'true answering as it should be boolean 0'],
    { env: { FAST_RESOLVE_WAIT: '400' } },
  ),
]);

const BOTH = ['dist/register.js', 'dist/spawn-register.js'];

const WARNINGS = `
  const warnings = [];
  process.on('warning', (warning) => warnings.push(warning.name));
  process.on('exit', () => console.log(warnings.join()));
`;

testLibraryPrograms(test, [
  ...['0', '32', undefined].map((wait) =>
    program(`a failure is said once, with FAST_RESOLVE_WAIT=${wait}`, `${WARNINGS} ask(400);`, ['FastResolveWarning'], {
      env: { FAST_RESOLVE_WAIT: wait },
      nodeArguments: ['--no-warnings', '-r', '<root>/fast-resolve/dist/register.js'],
      prepare: (root) => copyPackage(path.join(root, 'fast-resolve'), 'broken'),
    }),
  ),
  ...[
    ['one after the other', BOTH, {}],
    ['the other way around', [...BOTH].reverse(), {}],
    ['one by the other', BOTH.slice(0, 1), { FAST_RESOLVE_SPAWN: '1' }],
  ].flatMap(([how, preloads, env]) =>
    [
      ['the hook first', 'ask(400); start();'],
      ['the seam first', 'start(); ask(400);'],
    ].map(([whose, source]) =>
      program(
        `a failure is said once by both preloads, ${how}, ${whose}`,
        `${WARNINGS}
        const start = () => require('child_process').spawn('true').on('close', (code) => console.log(code));
        ${source}`,
        ['0', 'FastResolveWarning'],
        {
          nodeArguments: ['--no-warnings', ...preloads.flatMap((name) => ['-r', `<repository>/${name}`])],
          env: { FAST_RESOLVE_WAIT: undefined, NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere', ...env },
        },
      ),
    ),
  ),
]);
