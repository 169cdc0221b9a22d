'use strict';

// What proves an answer, in a snapshot that is written without the addon: that a name is absent, that a file or a directory is there, or that
// something has the same stamp. A directory with the same stamp proves all names in it.

const { captured } = require('./captured.js');
const { look } = require('./disk_facts.js');

const { disk, includes, platform } = captured;
const { began } = disk;

const ABSENT = 0;
const FILE = 1;
const DIRECTORY = 2;
const SAME = 3;
/** So many numbers are written for each proof: these, and the stamp. */
const WIDTH = 6;
/** A stamp proves nothing that is younger than that, in milliseconds: within a tick of the clock, a file can change twice. */
const SETTLED_AFTER = 2000;
/** Of one name in a directory, the name itself is the better proof: others that come and go don't change it. */
const FEW_NAMES = 2;

/** What is collected while a snapshot is written. */
class Proofs {
  count = 0;
  paths = '';
  stamps = '';

  /** To be called for each name that an answer rests on before the first of them is proved. */
  expect(name) {
    if (name.isCounted || !isInDirectory(name)) return;
    name.isCounted = true;
    name.directory.count++;
  }

  /** The number of what proves a name that can be proved. */
  prove(name) {
    name.proof ??= this.#add(name);
    return name.proof;
  }

  #add(name) {
    const { directory, isDirectory, path, stats } = name;
    if (isInDirectory(name) && isProvedByStamp(directory)) return this.prove(directory);
    if (stats === undefined) return this.#write(path, ABSENT, NO_STAMP);
    if (name.isRead || isProvedByStamp(name)) return this.#write(path, SAME, stats);
    return this.#write(path, isDirectory ? DIRECTORY : FILE, NO_STAMP);
  }

  #write(path, kind, { dev, ino, size, mtimeMs, ctimeMs }) {
    const isFirst = this.count === 0;
    this.paths += isFirst ? path : `\n${path}`;
    this.stamps += `${isFirst ? '' : ','}${kind},${dev},${ino},${size},${mtimeMs},${ctimeMs}`;
    return this.count++;
  }
}

const NO_STAMP = { __proto__: null, dev: 0, ino: 0, size: 0, mtimeMs: 0, ctimeMs: 0 };

/** What was read is proved by a stamp, which has to be old enough; and paths are written as lines. */
const isProvable = ({ isRead, path, stats }) => (!isRead || isSettled(stats)) && !includes(path, '\n');

/** Whether the stamp of its directory would prove it. */
const isInDirectory = ({ isDirectory, isRead }) => !isRead && !isDirectory;

/** On Windows there are file systems on which a directory keeps its stamp when a name comes. */
const isProvedByStamp = ({ count, isDirectory, stats }) =>
  isDirectory && count >= FEW_NAMES && platform !== 'win32' && isSettled(stats);

/** What was changed since shortly before the process began, Node may have read before. */
const isSettled = ({ mtimeMs, ctimeMs }) => mtimeMs < began - SETTLED_AFTER && ctimeMs < began - SETTLED_AFTER;

/** Whether what was written is still so. */
function holds(path, stamps, place) {
  const kind = stamps[place];
  const stats = lookUp(path);
  if (stats == null) return stats === undefined && kind === ABSENT;
  if (kind === DIRECTORY) return stats.isDirectory();
  if (kind === FILE) return !stats.isDirectory() && !stats.isSymbolicLink();
  return (
    kind === SAME &&
    stats.dev === stamps[place + 1] &&
    stats.ino === stamps[place + 2] &&
    stats.size === stamps[place + 3] &&
    stats.mtimeMs === stamps[place + 4] &&
    stats.ctimeMs === stamps[place + 5]
  );
}

/** Null where nobody can tell. */
function lookUp(path) {
  try {
    return look(path);
  } catch {
    return null;
  }
}

module.exports = { Proofs, WIDTH, holds, isProvable };
