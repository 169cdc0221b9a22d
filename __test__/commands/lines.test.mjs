// Lines as they come, no faster than they are taken.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import { AbortError, CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { createMark, findMarked, until, untilGone, untilRunning } from '../helpers/survivors.mjs';

const require = createRequire(import.meta.url);
const { LineSplitter } = require('../../lib/commands/line_splitter.js');

const collect = async (lines) => {
  const all = [];
  for await (const line of lines) all.push(line);
  return all;
};

testEngines(test, 'lines come without their ends', async (t, createPool) => {
  const pool = createPool();
  for (const [text, expected] of [
    ['', []],
    ['a', ['a']],
    ['a\\n', ['a']],
    ['a\\nb', ['a', 'b']],
    ['a\\r\\nb\\r\\n', ['a', 'b']],
    ['\\n\\n', ['', '']],
    ['a\\rb\\n', ['a\rb']],
    ['ä€\\n', ['ä€']],
  ]) {
    t.deepEqual(await collect(pool.lines('printf', [text])), expected);
  }
});

testEngines(test, 'as bytes, if they are wanted', async (t, createPool) => {
  const lines = await collect(createPool().lines('printf', ['a\\r\\n\\377\\n'], { encoding: 'buffer' }));
  t.deepEqual(lines, [Buffer.from('a'), Buffer.from([0xff])]);
});

test('however the bytes come, the lines are the same', (t) => {
  const text = fc.array(fc.constantFrom('a', 'ä', '\u{1d4b3}', '\n', '\r', '\r\n'), { maxLength: 40 });
  const property = fc.property(text, fc.array(fc.nat({ max: 80 })), (pieces, cuts) => {
    const bytes = Buffer.from(pieces.join(''));
    const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((left, right) => left - right), bytes.length];
    const expected = bytes.toString().split('\n');
    const last = expected.pop();
    const lines = [...expected.map((line) => line.replace(/\r$/, '')), ...(last === '' ? [] : [last])];
    for (const encoding of ['utf8', 'buffer']) {
      const splitter = new LineSplitter(encoding, 1000);
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      const found = [...chunks.flatMap((chunk) => splitter.split(chunk)), ...splitter.end()];
      t.deepEqual(found.map(String), lines);
    }
  });
  fc.assert(property, { numRuns: 500 });
});

testEngines(test, 'as soon as they are there', async (t, createPool) => {
  const input = new PassThrough();
  const lines = createPool().lines('sh', ['-c', 'echo first; read line; echo $line'], { input });
  t.deepEqual(await lines.next(), { done: false, value: 'first' });
  input.write('second\n');
  t.deepEqual(await lines.next(), { done: false, value: 'second' });
  const end = await lines.next();
  t.true(end.done);
  t.is(end.value.exitCode, 0);
  t.is(end.value.stdout, undefined);
  t.is(end.value.stderr, '');
});

testEngines(test, 'nothing is started before the first line is wanted', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool();
  const lines = pool.lines('sleep', [mark]);
  t.is(pool.running, 0);
  await lines.return();
  t.is(pool.running, 0);
  t.deepEqual(await lines.next(), { done: true, value: undefined });
  t.deepEqual(findMarked(mark), []);
});

testEngines(test, 'a failure is thrown after the lines', async (t, createPool) => {
  const pool = createPool();
  const lines = [];
  const error = await failureOf(
    (async () => {
      for await (const line of pool.lines('sh', ['-c', 'echo a; echo why >&2; exit 3'])) lines.push(line);
    })(),
  );
  t.deepEqual(lines, ['a']);
  t.true(error instanceof CommandError);
  t.is(error.exitCode, 3);
  t.is(error.stderr, 'why\n');
  t.deepEqual(await collect(pool.lines('sh', ['-c', 'echo a; exit 3'], { reject: false })), ['a']);
  t.is((await failureOf(collect(pool.lines('no-such-program-anywhere')))).code, 'ENOENT');
});

testEngines(test, 'a loop that is left ends the command and its group', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool();
  for await (const line of pool.lines('sh', ['-c', `sleep ${mark} & while :; do echo ${mark}; done`])) {
    t.is(line, mark);
    break;
  }
  t.is(pool.running, 0);
  t.deepEqual(findMarked(mark), []);
});

testEngines(test, 'so does an error in the loop', async (t, createPool) => {
  const pool = createPool();
  const thrown = new Error('in the loop');
  const error = await failureOf(
    (async () => {
      for await (const _ of pool.lines('yes')) throw thrown;
    })(),
  );
  t.is(error, thrown);
  t.is(pool.running, 0);
});

testEngines(test, 'return() while a line is waited for', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool();
  const lines = pool.lines('sleep', [mark]);
  const next = lines.next();
  await untilRunning(mark);
  await lines.return();
  t.true((await next).done);
  t.is(pool.running, 0);
  t.deepEqual(findMarked(mark), []);
});

testEngines(test, 'a command waits while nobody takes lines, and goes on after', async (t, createPool) => {
  // What it wrote is told on its standard error, which nobody has to take.
  const mark = createMark();
  const line = `: ${mark}; i=0; while [ $i -lt 4000 ]; do printf "%01000d\\\\n" $i; i=$((i+1)); done; echo all >&2`;
  const pool = createPool();
  const lines = pool.lines('sh', ['-c', line]);
  t.is((await lines.next()).value, '0'.repeat(1000));
  const pid = await until(() => findMarked(mark)[0], 'the command is found');
  // 'S' for sleeping: in the call that writes, since there is nothing else that it waits for.
  const isStuck = () => {
    const written = /^wchar: (\d+)/m.exec(fs.readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1];
    const state = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1][0];
    return state === 'S' ? Number(written) : 0;
  };
  let before = -1;
  const written = await until(() => {
    const now = isStuck();
    const isSame = now > 0 && now === before;
    before = now;
    return isSame ? now : 0;
  }, 'the command waits');
  t.true(written < 2_000_000, `${written} bytes were written, and one line was taken`);
  t.is((await collect(lines)).length, 3999);
});

testEngines(test, 'all of many lines', async (t, createPool) => {
  let sum = 0;
  for await (const line of createPool().lines('seq', ['200000'])) sum += Number(line);
  t.is(sum, 20_000_100_000);
});

testEngines(test, 'a line that is too long', async (t, createPool) => {
  const pool = createPool({ maxBuffer: 100_000 });
  const error = await failureOf(collect(pool.lines('head', ['-c', '10000000', '/dev/zero'])));
  t.is(error.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER');
  t.true(error.isMaxBuffer);
  t.is(pool.running, 0);
  t.is((await collect(pool.lines('seq', ['50000']))).length, 50_000, 'it is not about all of them together');
});

testEngines(test, 'limits and signals hold as for any command', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool();
  const late = await failureOf(collect(pool.lines('sh', ['-c', `echo a; sleep ${mark}`], { timeout: 100 })));
  t.is(late.code, 'ETIMEDOUT');
  const controller = new AbortController();
  const cancelled = failureOf(
    (async () => {
      for await (const _ of pool.lines('yes', { signal: controller.signal })) controller.abort('enough');
    })(),
  );
  const error = await cancelled;
  t.true(error instanceof AbortError);
  t.is(error.cause, 'enough');
  await untilGone(mark);
});

testEngines(test, 'they take their turn in the queue', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  const input = new PassThrough();
  input.write('1\n');
  const lines = pool.lines('cat', { input });
  t.is((await lines.next()).value, '1');
  const other = pool.run('echo', ['other']);
  t.is(pool.queued, 1);
  input.end('2\n');
  t.deepEqual(await collect(lines), ['2']);
  t.is((await other).stdout, 'other\n');
});
