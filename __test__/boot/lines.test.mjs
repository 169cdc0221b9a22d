// Tools that show a frame of a stack print the line that it stands in, whole.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import test from 'ava';

const repository = path.resolve(import.meta.dirname, '../..');

/** The bundler's, who ends a line at the first chance after it. */
const LIMIT = 120;
/** Lists of names that something is taken apart into, and templates, give him no chance. */
const LONGEST_PIECE = 380;
/** Most pieces are short. In a file of a few lines, these need not be most. */
const USUAL_PIECE = 40;
const FEW = 3;

/** The files that the bundler makes. */
const generatedFiles = async () => {
  const inDist = (await readdir(path.join(repository, 'dist'))).filter((name) => name.endsWith('.js'));
  return inDist.map((name) => `dist/${name}`);
};

test('no file that is loaded has lines that fill a screen', async (t) => {
  const names = await generatedFiles();
  t.true(names.length > 4);
  for (const name of names) {
    const text = await readFile(path.join(repository, name), 'utf8');
    const lengths = text.split('\n').map((line) => line.length);
    t.true(Math.max(...lengths) <= LIMIT + LONGEST_PIECE, `${name}: ${Math.max(...lengths)}`);
    const long = lengths.filter((length) => length > LIMIT + USUAL_PIECE);
    t.true(
      long.length <= Math.max(FEW, lengths.length / 5),
      `${name}: ${long.length} of ${lengths.length} lines are long`,
    );
  }
});
