// Counts the instructions that the addon runs for a fixed replay, cold and warm from a snapshot, and fails where they have
// grown by more than a tenth over those in count.json. Times of a busy machine may not be a test; a count may.
//
//   npm run count                 compares
//   npm run count -- --write      writes count.json anew
//
// What Node runs around it is not counted: it would be most of it, and changes with every version.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareCounts, formatCounts, measureCounts, reasonNotToMeasure } from './lib/addon-counts.mjs';

const committedFile = path.join(import.meta.dirname, 'count.json');

const log = (line) => process.stdout.write(`${line}\n`);

/** Somebody else may have changed a directory above the tree in the meantime; it does not happen twice. */
const attempts = 2;

const compare = (committed) => {
  for (let attempt = 1; ; attempt += 1) {
    const counts = measureCounts();
    const { grown, shrunk } = compareCounts(committed, counts);
    log(formatCounts(committed, counts));
    if (grown.length > 0 && attempt < attempts) {
      log('More than a tenth over the committed counts: once more.');
      continue;
    }
    if (grown.length > 0) {
      log(`FAILED: ${grown.join(' and ')}: more than a tenth over the committed count.`);
      log('If that is meant to be: npm run count -- --write');
      process.exitCode = 1;
    } else if (shrunk.length > 0) {
      log(`${shrunk.join(' and ')}: more than a tenth below the committed count. Keep it: npm run count -- --write`);
    }
    return;
  }
};

const main = () => {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const reason = reasonNotToMeasure();
  if (reason !== undefined) {
    log(`SKIPPED: the instructions of the addon are not counted, because ${reason}.`);
    process.exitCode = values.write ? 1 : 0;
    return;
  }
  if (values.write) {
    const counts = measureCounts();
    fs.writeFileSync(committedFile, `${JSON.stringify(counts, null, 2)}\n`);
    log(formatCounts(counts, counts));
    return;
  }
  compare(JSON.parse(fs.readFileSync(committedFile, 'utf8')));
};

main();
