// How the command is called, rightly and wrongly.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { command, run, workIn } from './command.mjs';

const COMMANDS = ['run', 'bench', 'doctor', 'explain', 'precompile', 'stats', 'clear'];

const SERVER = `
  const server = require('node:net').createServer().listen(0);
  if (process.execArgv.includes('--enable-source-maps')) server.close();`;

test('help', async (t) => {
  const directory = workIn(t, {});
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { stdout, code } = await run(directory, args);
    t.is(code, 0);
    for (const name of COMMANDS) t.regex(stdout, new RegExp(`^  ${name} `, 'm'));
  }
  const { version } = JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'));
  t.is((await run(directory, ['--version'])).stdout, `${version}\n`);
});

for (const name of COMMANDS) {
  test(`the help of ${name}, and its example`, async (t) => {
    const directory = workIn(t, { 'server.js': SERVER });
    const { stdout, code } = await run(directory, [name, '--help']);
    t.is(code, 0);
    t.true(stdout.startsWith(`Usage: fast-resolve ${name} `));
    const [, example] = /^Example: fast-resolve (.+)$/m.exec(stdout);
    t.true(example.startsWith(name));
    const { code: codeOfExample, stderr } = await run(directory, example.split(' '));
    t.is(codeOfExample, 0, stderr);
  });
}

test('the command is one file, and loads nothing that it does not need', async (t) => {
  const directory = workIn(t, {
    'tell.js': `
      const { cache } = require;
      process.on('exit', () => {
        const files = Object.keys(cache).filter((file) => file !== __filename);
        const heavy = ['child_process', 'crypto', 'worker_threads'];
        const builtins = process.moduleLoadList.map((name) => name.replace('NativeModule ', ''));
        require('node:fs').writeFileSync('loaded', JSON.stringify([files, heavy.filter((name) => builtins.includes(name))]));
      });`,
  });
  const env = { NODE_OPTIONS: '-r ./tell.js' };
  for (const args of [['--version'], ['--help'], ...COMMANDS.map((name) => [name, '--help'])]) {
    t.is((await run(directory, args, { env })).code, 0);
    const [files, builtins] = JSON.parse(fs.readFileSync(`${directory}/loaded`, 'utf8'));
    t.deepEqual([files, builtins], [[command], []], args.join(' '));
  }
});

const WRONG = [
  [[], /a command is missing/, 2],
  [['rnu'], /there is no command `rnu`/, 2],
  [['__proto__'], /there is no command `__proto__`/, 2],
  [['run'], /a program is missing/, 2],
  [['run', '--no-compile-cache'], /a program is missing/, 2],
  [['bench'], /a program is missing/, 2],
  [['bench', '--rnus', '3', 'a.js'], /there is no option --rnus/, 2],
  [['bench', '--runs'], /--runs needs a value/, 2],
  [['bench', '--runs', 'many', 'a.js'], /--runs is a whole number above 0, not many/, 2],
  [['bench', '--runs', '0', 'a.js'], /--runs is a whole number above 0, not 0/, 2],
  [['bench', '--json=yes', 'a.js'], /--json takes no value/, 2],
  [
    ['bench', '--until', '50', 'a.js'],
    /each start would take 50 ms; --until is exit, listening, or an event of `process`/,
    2,
  ],
  [
    ['bench', '--until', '', 'a.js'],
    /--until is exit, listening, an event of `process`, or a number of milliseconds, not $/m,
    2,
  ],
  [
    ['precompile', '--until', '0', 'a.js'],
    /--until is exit, listening, an event of `process`, or a number of milliseconds, not 0/,
    2,
  ],
  [['precompile', '--until', '9999999999', 'a.js'], /or a number of milliseconds, not 9999999999/, 2],
  [['bench', '--conditions', 'x'], /a program is missing/, 2],
  [['bench', '--version'], /`node --version` starts no program/, 2],
  [['bench', 'missing.js'], /there is no file missing\.js/, 1],
  [['bench', 'directory'], /directory is no program/, 1],
  [['doctor'], /a program is missing/, 2],
  [['doctor', 'missing.js'], /there is no file missing\.js/, 1],
  [['doctor', '--html'], /--html needs a value/, 2],
  [
    ['doctor', '--until', '-1', 'a.js'],
    /--until is exit, listening, an event of `process`, or a number of milliseconds, not -1/,
    2,
  ],
  [['explain'], /a request is missing/, 2],
  [['explain', 'a', 'b'], /there is one request/, 2],
  [['explain', '--import', '--require', 'a'], /it is --import or --require/, 2],
  [['precompile'], /a program is missing/, 2],
  [['precompile', 'missing.js'], /there is no file missing\.js/, 1],
  [['stats', 'a', 'b'], /there is one directory at most/, 2],
  [['clear', '--everything'], /there is no option --everything/, 2],
];

for (const [args, message, expected] of WRONG) {
  test(`wrong: ${['fast-resolve', ...args].join(' ')}`, async (t) => {
    const directory = workIn(t, { 'a.js': '' });
    fs.mkdirSync(`${directory}/directory`);
    const { stdout, stderr, code } = await run(directory, args);
    t.regex(stderr, message);
    t.is(/^Usage: /m.test(stderr), expected === 2);
    t.deepEqual([stdout, code], ['', expected]);
  });
}
