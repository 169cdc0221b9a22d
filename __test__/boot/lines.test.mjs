// Tools that show a frame of a stack print the line that it stands in, whole.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import test from 'ava';

const dist = path.resolve(import.meta.dirname, '../../dist');

/** A line ends at the first chance after the limit that the bundler is given: texts are not cut. */
const LONGEST_LINE = 1000;

test('no file that is loaded has lines that fill a screen', async (t) => {
  const names = (await readdir(dist)).filter((name) => name.endsWith('.js'));
  t.true(names.length > 0);
  const texts = await Promise.all(names.map((name) => readFile(path.join(dist, name), 'utf8')));
  const longest = texts.map((text) => Math.max(...text.split('\n').map((line) => line.length)));
  const tooLong = names.filter((_, index) => longest[index] > LONGEST_LINE);
  t.deepEqual(tooLong, []);
});
