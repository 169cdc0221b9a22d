// `fast-resolve bench`.

import fs from 'node:fs';
import module from 'node:module';
import test from 'ava';
import { checkInterrupted, run, untilGone, workIn } from './command.mjs';

const KINDS = module.enableCompileCache === undefined ? ['stock', 'hook'] : ['stock', 'hook', 'compile cache', 'both'];

test('each kind is started as often as it should be', async (t) => {
  const directory = workIn(t, {
    'note.js': `require('node:fs').appendFileSync('notes', JSON.stringify([
      process.execArgv.length > 0, process.env.NODE_COMPILE_CACHE !== undefined, process.argv.slice(2)]) + '\\n');`,
  });
  const { stdout, code, stderr } = await run(directory, [
    'bench',
    'note.js',
    '--runs=2',
    '--json',
    '--',
    '--runs',
    '3',
  ]);
  t.is(code, 0, stderr);
  const result = JSON.parse(stdout);
  t.like(result, { program: `${directory}/note.js`, node: process.version, runs: 2 });
  t.deepEqual(
    result.kinds.map(({ name }) => name),
    KINDS,
  );
  for (const { lowerQuartile, median, upperQuartile, timesAsFast } of result.kinds) {
    t.true(0 < lowerQuartile && lowerQuartile <= median && median <= upperQuartile);
    t.is(timesAsFast, result.kinds[0].median / median);
  }
  const notes = fs.readFileSync(`${directory}/notes`, 'utf8').trim().split('\n').map(JSON.parse);
  const ofKind = { stock: [false, false], hook: [true, false], 'compile cache': [false, true], both: [true, true] };
  const round = KINDS.map((kind) => [...ofKind[kind], ['--runs', '3']]);
  t.deepEqual(notes, [round, round, round, round].flat());
  // Neither in the user's cache nor where it worked.
  t.deepEqual([fs.readdirSync(`${directory}/cache`), fs.readdirSync(`${directory}/tmp`)], [[], []]);
});

test('in words', async (t) => {
  const directory = workIn(t, { 'empty.js': '' });
  const plain = await run(directory, ['bench', '--runs', '1', 'empty.js'], { env: { FORCE_COLOR: undefined } });
  t.regex(plain.stdout, /^empty\.js with Node [\d.]+: medians and quartiles of 1 starts each\n\nstock +\d+ ms /);
  t.regex(
    plain.stdout,
    /\n\n(?:With .*, it starts [\d.]+ times as fast: .* less|This program starts no faster with either)\.\n$/,
  );
  t.notRegex(plain.stdout, /\u001b/);
  const painted = await run(directory, ['bench', '--runs', '1', 'empty.js'], { env: { FORCE_COLOR: '1' } });
  t.regex(painted.stdout, /\u001b\[36m█/);
});

test('a server, until it listens', async (t) => {
  const directory = workIn(t, { 'server.js': `require('node:net').createServer().listen(0);` });
  t.is((await run(directory, ['bench', '--runs', '1', '--until', 'listening', 'server.js'])).code, 0);
  const endless = await run(directory, ['bench', '--timeout', '1', 'server.js']);
  t.like(endless, { code: 1, stdout: '' });
  t.deepEqual(fs.readdirSync(`${directory}/tmp`), []);
});

test('interrupted, it leaves nothing behind', (t) => checkInterrupted(t, 'bench', 'SIGINT'));

test('where plain Node would have the hook, too', async (t) => {
  const directory = workIn(t, { 'empty.js': '', 'fast-resolve.js': '' });
  const { code, stderr } = await run(directory, ['bench', 'empty.js'], {
    env: { NODE_OPTIONS: '-r ./fast-resolve.js' },
  });
  t.is(code, 2);
  t.regex(stderr, /NODE_OPTIONS loads fast-resolve, so that plain Node can not be measured/);
});

test('a program that leaves a child with its streams behind', async (t) => {
  const directory = workIn(t, {
    'leave.js': `const { pid } = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
      require('node:fs').appendFileSync('pids', pid + '\\n');
      process.exit(0);`,
  });
  t.is((await run(directory, ['bench', '--runs', '1', 'leave.js'])).code, 0);
  const pids = fs.readFileSync(`${directory}/pids`, 'utf8').trim().split('\n').map(Number);
  t.is(pids.length, 3 * KINDS.length);
  for (const pid of pids) await untilGone(pid);
});

test('a server with a thread, until it listens', async (t) => {
  const directory = workIn(t, {
    'server.js': `
      const { Worker } = require('node:worker_threads');
      new Worker('require("node:worker_threads").parentPort.postMessage(process.env.NODE_OPTIONS)', { eval: true })
        .on('message', () => require('node:net').createServer().listen(0));`,
  });
  const { code, stderr } = await run(directory, ['bench', '--runs', '1', '--until', 'listening', 'server.js']);
  t.is(code, 0, stderr);
});
