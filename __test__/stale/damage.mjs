// What may happen to snapshots between two processes. None of it may be believed, and none of it may do harm.

import fs from 'node:fs';
import { attempt, remove } from './world.mjs';

const NAME = /\.snapshot$/;

/** Damages a snapshot, if there is one, and says how. What an earlier damage left is removed before. */
export function damageSnapshots({ cache }, random) {
  removeLeftovers(cache);
  const names = fs.readdirSync(cache).filter((name) => NAME.test(name));
  if (names.length === 0) return 'no snapshot to damage';
  const damage = random.pick(DAMAGES);
  const name = random.pick(names);
  attempt(() => damage({ file: `${cache}/${name}`, other: `${cache}/${random.pick(names)}`, cache, random }));
  return `${damage.name} ${name}`;
}

/** A snapshot that can't be written again would keep this layer silent for the rest of the run. */
function removeLeftovers(cache) {
  fs.chmodSync(cache, 0o700);
  for (const entry of fs.readdirSync(cache, { withFileTypes: true })) {
    if (!entry.isFile() || !NAME.test(entry.name)) remove(`${cache}/${entry.name}`);
  }
}

const DAMAGES = [
  function truncated({ file, random }) {
    fs.truncateSync(file, random.integerBelow(fs.statSync(file).size));
  },
  function bitsFlipped({ file, random }) {
    const bytes = fs.readFileSync(file);
    for (let count = 1 + random.integerBelow(8); count > 0; count--) {
      bytes[random.integerBelow(bytes.length)] ^= 1 << random.integerBelow(8);
    }
    fs.writeFileSync(file, bytes);
  },
  function emptied({ file }) {
    fs.truncateSync(file);
  },
  function lengthened({ file }) {
    fs.appendFileSync(file, 'more');
  },
  function replacedByDirectory({ file }) {
    fs.unlinkSync(file);
    fs.mkdirSync(file);
  },
  function replacedByLink({ file }) {
    fs.renameSync(file, `${file}.moved`);
    fs.symlinkSync(`${file}.moved`, file);
  },
  function replacedByAnother({ file, other }) {
    fs.copyFileSync(other, file);
  },
  function madeWritable({ file }) {
    fs.chmodSync(file, 0o666);
  },
  function madeUnreadable({ file }) {
    fs.chmodSync(file, 0o000);
  },
  function directoryMadeWritable({ cache }) {
    fs.chmodSync(cache, 0o777);
  },
  function halfWrittenLeft({ file, random }) {
    fs.writeFileSync(`${file}.${random.integerBelow(1e6)}.tmp`, fs.readFileSync(file).subarray(0, 100));
  },
];
