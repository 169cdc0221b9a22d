'use strict';

// What proves an answer, in a snapshot that is written without the addon: that a name is absent, that the same thing is there, or that it has the
// same stamp. A directory with the same stamp proves all names in it.

const { captured } = require('./captured.js');
const { look } = require('./disk_facts.js');

const { began, includes } = captured;

const ABSENT = 0;
const THERE = 1;
const SAME = 2;
/** So many numbers are written for each proof. */
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

  /** To be called for all names that answers rest on before the first of them is proved. */
  expect(name) {
    if (name.proof !== undefined) return;
    name.proof = -1;
    if (isInDirectory(name)) name.directory.count++;
  }

  /** The number of what proves a name; null where nothing does. */
  prove(name) {
    if ((name.proof ?? -1) === -1) name.proof = this.#add(name);
    return name.proof;
  }

  #add(name) {
    const { directory, path, stats } = name;
    if (isInDirectory(name) && isProvedByStamp(directory)) return this.prove(directory);
    if (stats === undefined) return this.#write(path, ABSENT, undefined);
    if (name.isRead) return isSettled(stats) ? this.#write(path, SAME, stats) : null;
    return this.#write(path, isProvedByStamp(name) ? SAME : THERE, stats);
  }

  #write(path, kind, stats) {
    // The paths are written as lines.
    if (includes(path, '\n')) return null;
    const { dev, ino, size, mtimeMs, ctimeMs } = stats ?? { __proto__: null, dev: 0, ino: 0 };
    this.paths += this.count === 0 ? path : `\n${path}`;
    this.stamps += `${this.count === 0 ? '' : ','}${kind},${dev},${ino},${kind === SAME ? `${size},${mtimeMs},${ctimeMs}` : '0,0,0'}`;
    return this.count++;
  }
}

/** Whether the stamp of its directory would prove it. */
const isInDirectory = ({ isDirectory, isRead }) => !isRead && !isDirectory;

const isProvedByStamp = ({ count, stats }) => count >= FEW_NAMES && isSettled(stats);

/** What was changed since shortly before the process began, Node may have read before. */
const isSettled = ({ mtimeMs, ctimeMs }) => mtimeMs < began - SETTLED_AFTER && ctimeMs < began - SETTLED_AFTER;

/** Whether what was written is still so. */
function holds(path, stamps, place) {
  const stats = lookUp(path);
  const kind = stamps[place];
  if (kind === ABSENT) return stats === undefined;
  if (stats == null || stats.dev !== stamps[place + 1] || stats.ino !== stamps[place + 2]) return false;
  return (
    kind === THERE ||
    (stats.size === stamps[place + 3] && stats.mtimeMs === stamps[place + 4] && stats.ctimeMs === stamps[place + 5])
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

module.exports = { Proofs, WIDTH, holds };
