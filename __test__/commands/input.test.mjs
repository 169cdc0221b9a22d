// What a command reads.

import { once } from 'node:events';
import fs from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import test from 'ava';
import { AbortError, CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { createMark, findMarked, until, untilRunning } from '../helpers/survivors.mjs';

const BYTES = Buffer.from([0, 1, 2, 0xff, 10]);

const INPUTS = {
  text: () => ['ä€', Buffer.from('ä€')],
  'no text': () => ['', Buffer.alloc(0)],
  'a Buffer': () => [BYTES, BYTES],
  'a Uint16Array': () => [new Uint16Array([0x4241]), Buffer.from('AB')],
  'a DataView of part of a buffer': () => [new DataView(new Uint8Array(BYTES).buffer, 1, 2), BYTES.subarray(1, 3)],
  'a stream': () => [Readable.from([BYTES, BYTES]), Buffer.concat([BYTES, BYTES])],
  'a stream of text': () => [Readable.from(['ä', '€']), Buffer.from('ä€')],
  'a stream with an encoding': () => [
    Readable.from([Buffer.from('€')], { objectMode: false }).setEncoding('hex'),
    Buffer.from('€'),
  ],
  'a file': () => [fs.createReadStream('/bin/true'), fs.readFileSync('/bin/true')],
  'a web stream': () => [new Blob(['abc']).stream(), Buffer.from('abc')],
  'a stream that has nothing': () => [Readable.from([]), Buffer.alloc(0)],
};

for (const [what, create] of Object.entries(INPUTS)) {
  testEngines(test, `input: ${what}`, async (t, createPool) => {
    const [input, expected] = create();
    const { stdout } = await createPool().run('cat', { input, encoding: 'buffer' });
    t.deepEqual(stdout, expected);
  });
}

testEngines(test, 'much goes in while much comes out', async (t, createPool) => {
  const bytes = Buffer.alloc(20_000_000, 'some text\n');
  const pool = createPool({ encoding: 'buffer' });
  t.true((await pool.run('cat', { input: bytes })).stdout.equals(bytes));
  const pieces = Array.from({ length: 200 }, (_, index) => bytes.subarray(index * 100_000, (index + 1) * 100_000));
  t.true((await pool.run('cat', { input: Readable.from(pieces) })).stdout.equals(bytes));
});

testEngines(test, 'a stream is read no faster than the command reads', async (t, createPool) => {
  let read = 0;
  const input = new Readable({
    read() {
      read += 65_536;
      this.push(Buffer.alloc(65_536));
    },
  });
  const controller = new AbortController();
  const running = failureOf(createPool().run('sleep', ['1000'], { input, signal: controller.signal }));
  let before = -1;
  await until(() => {
    const isSame = read > 0 && read === before;
    before = read;
    return isSame;
  }, 'nothing is read any more');
  t.true(read < 3_000_000, `${read} bytes`);
  controller.abort();
  t.true((await running) instanceof AbortError);
  t.true(input.destroyed);
});

testEngines(test, 'a command that reads less is none the worse', async (t, createPool) => {
  const pool = createPool();
  const bytes = Buffer.alloc(5_000_000, 'line\n');
  t.is((await pool.run('head', ['-n', '1'], { input: bytes })).stdout, 'line\n');
  t.is((await pool.run('true', { input: bytes })).exitCode, 0);
  const endless = new Readable({
    read() {
      this.push(bytes);
    },
  });
  t.is((await pool.run('head', ['-n', '1'], { input: endless })).stdout, 'line\n');
  t.true(endless.destroyed);
});

testEngines(test, 'one that closes its input and goes on', async (t, createPool) => {
  const input = new PassThrough();
  const running = createPool().exec('exec <&-; echo closed; sleep 0.1; echo done', { input });
  await once(input, 'close');
  t.is((await running).stdout, 'closed\ndone\n');
});

testEngines(test, 'a stream that fails cancels the command', async (t, createPool) => {
  const mark = createMark();
  const cause = Object.assign(new Error('no more'), { code: 'E_NO_MORE' });
  const input = new PassThrough();
  const running = failureOf(createPool().run('sleep', [mark], { input }));
  await untilRunning(mark);
  input.destroy(cause);
  const error = await running;
  t.true(error instanceof CommandError);
  t.false(error instanceof AbortError);
  t.is(error.code, 'E_NO_MORE');
  t.is(error.cause, cause);
  t.true(error.isCanceled);
  t.deepEqual(findMarked(mark), []);
});

testEngines(test, 'also one that fails while the command waits, or that has failed', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  const first = pool.run('sleep', ['0.1']);
  const input = new PassThrough();
  const waiting = failureOf(pool.run('cat', { input }));
  t.is(pool.queued, 1);
  input.destroy(new Error('while it waits'));
  t.is((await waiting).cause.message, 'while it waits');
  t.is(pool.queued, 0);
  await first;
  const failed = new PassThrough();
  failed.destroy(new Error('before'));
  await t.throwsAsync(once(failed, 'close'), { message: 'before' });
  t.is((await failureOf(pool.run('cat', { input: failed }))).cause.message, 'before');
  const cut = new PassThrough();
  cut.destroy();
  t.is((await failureOf(pool.run('cat', { input: cut }))).code, 'ERR_STREAM_PREMATURE_CLOSE');
  const missing = fs.createReadStream('/no/such/file');
  t.is((await failureOf(pool.run('cat', { input: missing }))).code, 'ENOENT');
});

testEngines(test, 'a stream of what can not be written', async (t, createPool) => {
  const input = Readable.from([{ an: 'object' }]);
  t.is((await failureOf(createPool().run('cat', { input }))).code, 'ERR_INVALID_ARG_TYPE');
});

testEngines(test, 'a stream that was read to its end before', async (t, createPool) => {
  const input = Readable.from(['a']);
  input.resume();
  await once(input, 'end');
  t.is((await createPool().run('cat', { input })).stdout, '');
});

testEngines(test, 'a stream belongs to a command that never ran, too', async (t, createPool) => {
  const pool = createPool({ concurrency: 1, maxQueue: 0 });
  const first = pool.run('sleep', ['0.1']);
  for (const options of [{}, { signal: AbortSignal.abort() }]) {
    const input = new PassThrough();
    await failureOf(pool.run('cat', { input, ...options }));
    t.true(input.destroyed);
  }
  await first;
  const input = new PassThrough();
  await failureOf(pool.run('no-such-program-anywhere', { input }));
  t.true(input.destroyed);
});

testEngines(test, 'nothing is left on a stream', async (t, createPool) => {
  const input = new PassThrough();
  const names = () => input.eventNames().filter((name) => name !== 'prefinish' && name !== 'error');
  const before = names();
  const running = createPool().run('cat', { input });
  input.end('abc');
  t.is((await running).stdout, 'abc');
  t.deepEqual(names(), before);
});
