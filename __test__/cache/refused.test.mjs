// A snapshot that somebody else may have written, or that is not what was written: it is ignored, never an error, and
// replaced where the place is ours.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'ava';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { ask, newDirectory, onlySnapshotIn, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

const isRoot = process.getuid() === 0;
const NOBODY = 65534;
const HEADER = 80;

let root;

test.before(async () => {
  ({ root } = await settledTrees({ root: PROJECT }));
});

test.after.always(() => removeTree(root));

const edit = (change) => (file) => {
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file, change(bytes) ?? bytes);
};

const flip = (place) =>
  edit((bytes) => {
    const index = place < 0 ? bytes.length + place : place;
    bytes[index] ^= 0x10;
  });

const replace = (make) => (file) => {
  fs.renameSync(file, `${file}.away`);
  make(file, `${file}.away`);
};

/** [title, what is done to the file in its directory, the reason that is given] */
const DAMAGES = [
  ['a file that the group may write', (file) => fs.chmodSync(file, 0o620), /the file is writable by others/],
  ['a file that others may write', (file) => fs.chmodSync(file, 0o602), /the file is writable by others/],
  ['an empty file', edit(() => Buffer.alloc(0)), /not a snapshot of this version/],
  ['a file of one byte', edit((bytes) => bytes.subarray(0, 1)), /not a snapshot of this version/],
  [
    'a file that is cut in the header',
    edit((bytes) => bytes.subarray(0, HEADER - 1)),
    /not a snapshot of this version/,
  ],
  ['a file that is cut at its end', edit((bytes) => bytes.subarray(0, -1)), /checksum is wrong/],
  ['a file that is cut in the middle', edit((bytes) => bytes.subarray(0, bytes.length / 2)), /checksum is wrong/],
  ['a file that is too long', edit((bytes) => Buffer.concat([bytes, Buffer.alloc(1)])), /checksum is wrong/],
  ['zeros', edit((bytes) => bytes.fill(0)), /not a snapshot of this version/],
  ['text', edit(() => Buffer.from('{"./a":"/etc/passwd"}')), /not a snapshot of this version/],
  ['another format', flip(7), /not a snapshot of this version/],
  ['a bit of the checksum', flip(8), /checksum is wrong/],
  ['a bit of the header', flip(20), /checksum is wrong/],
  ['a bit of the key', flip(HEADER), /checksum is wrong/],
  ['a bit further on', flip(HEADER + 700), /checksum is wrong/],
  ['the last bit', flip(-1), /checksum is wrong/],
  ['a huge file', (file) => fs.truncateSync(file, 2 ** 40), /too large/],
  ['a file that was made for other options', otherOptions, /for another Node, other options or another user/],
  ['a link to the file', replace((file, away) => fs.symlinkSync(away, file)), /.+/],
  ['a link to nowhere', replace((file) => fs.symlinkSync('nowhere', file)), /.+/],
  ['a FIFO', replace((file) => execFileSync('mkfifo', [file])), /not a regular file/],
  ['a device, by a link', replace((file) => fs.symlinkSync('/dev/zero', file)), /.+/],
];

if (isRoot) {
  DAMAGES.push([
    'a file of another user',
    (file) => fs.chownSync(file, NOBODY, NOBODY),
    /the file belongs to another user/,
  ]);
}

/** The same, where the place itself is not ours to write to. */
const LOST_PLACES = [
  [
    'a directory that the group may write',
    (_file, directory) => fs.chmodSync(directory, 0o770),
    /the directory is writable/,
  ],
  [
    'a directory that others may write',
    (_file, directory) => fs.chmodSync(directory, 0o703),
    /the directory is writable/,
  ],
  ['a directory in place of the file', replace((file) => fs.mkdirSync(file)), /not a regular file/],
  [
    'a link in place of the directory',
    (_file, directory) => {
      fs.renameSync(directory, `${directory}-away`);
      fs.symlinkSync(`${directory}-away`, directory);
    },
    /the directory is none/,
  ],
];

if (isRoot) {
  LOST_PLACES.push([
    'a directory of another user',
    (_file, directory) => fs.chownSync(directory, NOBODY, NOBODY),
    /the directory belongs to another user/,
  ]);
}

const CASES = [...DAMAGES.map((damage) => [...damage, 'used']), ...LOST_PLACES.map((place) => [...place, 'ignored'])];

for (const [title, damage, reason, nextState] of CASES) {
  test(title, async (t) => {
    const { directory, file } = await withSnapshot(t);
    await damage(file, directory, t);

    const second = await ask(t, requestsIn(root), { directory });
    t.deepEqual(second.answers, answersIn(root));
    t.is(second.stats.snapshot.state, 'ignored');
    t.is(second.stats.snapshot.path, file);
    t.regex(second.stats.snapshot.reason, reason);
    t.is(second.stats.hits.snapshot, 0);

    const third = await ask(t, requestsIn(root), { directory });
    t.deepEqual(third.answers, answersIn(root));
    t.is(third.stats.snapshot.state, nextState);
    t.is(third.stats.misses, nextState === 'used' ? 0 : requestsIn(root).length);
    if (nextState === 'used') t.true(fs.lstatSync(file).isFile());
  });
}

async function withSnapshot(t) {
  const directory = newDirectory(t);
  await ask(t, requestsIn(root), { directory });
  return { directory, file: onlySnapshotIn(t, directory) };
}

/** The snapshot of a process with other options, under the name of this one's. */
async function otherOptions(file, _directory, t) {
  const directory = newDirectory(t);
  await ask(t, requestsIn(root), { directory, execArgv: ['-C', 'other'] });
  fs.renameSync(onlySnapshotIn(t, directory), file);
}

test('nothing is written through a link', async (t) => {
  const { directory, file } = await withSnapshot(t);
  const victim = `${treeFor(t, { victim: 'precious' })}/victim`;
  fs.unlinkSync(file);
  fs.symlinkSync(victim, file);
  await ask(t, requestsIn(root), { directory });
  t.is(fs.readFileSync(victim, 'utf8'), 'precious');
});
