// Every way to start a program: -e, -p, standard input, the REPL, and the main script by all its names.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
  'package.json': { json: { name: 'self', exports: './dep.js', imports: { '#dep': './dep.js' } } },
};

const oneLiner = `console.log(require('./dep'), require('package'), require('self'), require('#dep'), __filename)`;
const answers = './dep package ./dep ./dep';

const main = `console.log(__filename.slice(process.cwd().length), require.main === module, require('package'));`;

testPrograms(test, [
  { title: 'node -e', files, args: ['-e', oneLiner], stdout: [`${answers} [eval]`] },
  {
    title: 'node -p',
    files,
    args: [
      '-p',
      `[require('./dep'), require('package'), require('self'), require.resolve('#dep'), module.paths[0]].join()`,
    ],
    stdout: ['./dep,package,./dep,<root>/dep.js,<root>/node_modules'],
  },
  { title: 'a program on standard input', files, args: ['-'], input: oneLiner, stdout: [`${answers} [stdin]`] },
  {
    title: 'node -e with a module that is missing',
    files,
    args: ['-e', `require('./missing')`],
    stdout: [],
    stderr: [/Cannot find module '\.\/missing'/, /requireStack: \[ '<root>\/\[eval\]' \]/],
    exitCode: 1,
  },
  {
    title: 'a program on standard input with a module that is missing',
    files,
    args: [],
    input: `require('missing')`,
    stdout: [],
    stderr: [/Cannot find module 'missing'/, /requireStack: \[ '<root>\/\[stdin\]' \]/],
    exitCode: 1,
  },
  {
    title: 'the REPL',
    files,
    args: ['-i'],
    input: `[require('./dep'), require('package'), require('self'), require('#dep'), module.id].join()
try { require('./missing') } catch (error) { error.requireStack.join() }
module.paths.length > 0
.exit
`,
    stdout: [
      `Welcome to Node.js ${process.version}.`,
      'Type ".help" for more information.',
      `> './dep,package,./dep,./dep,<repl>'`,
      `> '<repl>'`,
      '> true',
    ],
  },
  { title: 'the main script by its path', files: { ...files, 'app.js': main }, stdout: ['/app.js true package'] },
  {
    title: 'the main script without its extension',
    files: { ...files, 'app.js': main },
    args: ['./app'],
    stdout: ['/app.js true package'],
  },
  {
    title: 'the main script by its absolute path',
    files: { ...files, 'lib/app.js': main },
    args: ['<root>/lib/app'],
    stdout: ['/lib/app.js true package'],
  },
  {
    title: 'a directory as the main script',
    files: { ...files, 'lib/index.js': main, 'bin/package.json': { json: { main: './start' } }, 'bin/start.js': main },
    args: ['bin'],
    stdout: ['/bin/start.js true package'],
  },
  {
    title: 'the working directory as the main script',
    files: { ...files, 'lib/index.js': `console.log(__filename, require('package'))` },
    args: ['.'],
    cwd: 'lib',
    stdout: ['<root>/lib/index.js package'],
  },
  {
    title: 'a JSON file and a file without an extension as the main script',
    files: { ...files, app: main },
    args: ['app'],
    stdout: ['/app true package'],
  },
  {
    title: 'a main script that is missing',
    files,
    args: ['missing.js'],
    stdout: [],
    stderr: [/Error: Cannot find module '<root>\/missing\.js'/, /requireStack: \[\]/],
    exitCode: 1,
  },
  {
    title: 'a main script behind a link is the file that it points to',
    files: {
      ...files,
      'real/app.js': `require('./beside'); ${main}`,
      'real/beside.js': '',
      'link.js': { link: 'real/app.js' },
    },
    args: ['link.js'],
    stdout: ['/real/app.js true package'],
  },
  {
    title: '--preserve-symlinks-main keeps the name of the link',
    files: { ...files, 'real/app.js': `require('./dep'); ${main}`, 'link.js': { link: 'real/app.js' } },
    nodeArguments: ['--preserve-symlinks-main', '<witness>', '<hook>'],
    args: ['link.js'],
    stdout: ['/link.js true package'],
  },
  {
    title: '--preserve-symlinks alone does not apply to the main script',
    files: {
      ...files,
      'real/app.js': `require('./beside'); ${main}`,
      'real/beside.js': '',
      'link.js': { link: 'real/app.js' },
    },
    nodeArguments: ['--preserve-symlinks', '<witness>', '<hook>'],
    args: ['link.js'],
    stdout: ['/real/app.js true package'],
  },
  {
    title: 'an ES module as the main script',
    files: {
      ...files,
      'app.mjs': `
        import dep from 'package';
        import { createRequire } from 'node:module';
        console.log(dep, createRequire(import.meta.url)('./dep'));
      `,
    },
    args: ['app.mjs'],
    stdout: ['package ./dep'],
  },
  {
    title: 'node --check does not run the program',
    files: { ...files, 'app.js': main },
    nodeArguments: ['<witness>', '<hook>', '--check'],
    stdout: [],
  },
  {
    title: 'node --test runs a test file',
    files: {
      ...files,
      'reporter.mjs': `
        export default async function* reporter(source) {
          for await (const event of source) {
            if (event.type === 'test:pass' && event.data.name === 'resolves') {
              yield 'resolves passed' + String.fromCharCode(10);
            }
          }
        }
      `,
      'app.test.js': `
        const test = require('node:test');
        const assert = require('node:assert');
        test('resolves', () => assert.strictEqual(require('package') + require('./dep'), 'package./dep'));
      `,
    },
    nodeArguments: ['<witness>', '<hook>', '--test', '--test-reporter=./reporter.mjs'],
    args: ['app.test.js'],
    stdout: ['resolves passed'],
    witnesses: { stock: ['original', 'original'], hooked: ['replaced', 'replaced'] },
  },
  ...[
    ['<hook>', '-r', './one.js', '-r', './two.js'],
    ['-r', './one.js', '<hook>', '-r', './two.js'],
    ['-r', './one.js', '-r', './two.js', '<hook>'],
  ].map((chain) => ({
    title: `preloads in a chain: ${chain.join(' ')}`,
    files: {
      ...files,
      'one.js': `console.log('one', require('./dep'), module.parent.id);`,
      'two.js': `console.log('two', require('package'), module.parent.id);`,
      'app.js': main,
    },
    nodeArguments: ['<witness>', ...chain],
    stdout: ['one ./dep internal/preload', 'two package internal/preload', '/app.js true package'],
  })),
  {
    title: 'a preload by the name of a package, and one that is missing',
    files: { ...files, 'app.js': main },
    nodeArguments: ['<witness>', '<hook>', '-r', 'package', '-r', 'missing'],
    stdout: [],
    stderr: [/Cannot find module 'missing'/, /requireStack: \[ 'internal\/preload' \]/],
    exitCode: 1,
  },
]);
