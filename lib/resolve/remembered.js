'use strict';

// What callers can do with what is remembered.

const path = require('node:path');

const { native } = require('./addon.js');
const { counts, forgetAnswers } = require('./answers.js');
const { validateDirectory } = require('../shared/arguments.js');
const hook = require('./hook.js');
const { areImportsAnswered } = require('./import_hook.js');
const { endTurn } = require('./turn.js');

const NOTHING = { state: 'off', reason: null, path: null, entries: 0, bytes: 0, proofs: 0 };

/** Forgets what rests on this file, or on anything below this directory. */
function invalidate(changed) {
  validateDirectory(changed, 'path');
  native?.invalidate(path.resolve(changed));
  endTurn();
}

/** Forgets everything. */
function clearCache() {
  native?.clearCache();
  forgetAnswers();
  endTurn();
}

function stats() {
  const numbers = native?.stats() ?? {
    processHits: 0,
    snapshotHits: 0,
    misses: 0,
    systemCalls: 0,
    entries: 0,
    bytes: 0,
    snapshots: [],
  };
  const { processHits, snapshotHits, misses, systemCalls, entries, bytes, snapshots } = numbers;
  return {
    hits: { thread: counts.hits, process: processHits, snapshot: snapshotHits },
    misses,
    systemCalls,
    entries,
    bytes,
    snapshot: mainSnapshot(snapshots),
    hook: { ...hook.describe(), imports: areImportsAnswered() },
  };
}

/** A program that changes `Module._extensions` has a snapshot for each list; the one that is in use says most. */
function mainSnapshot(snapshots) {
  const kept = snapshots.filter(({ state }) => state !== 'off');
  const chosen = kept.find(({ state }) => state === 'used') ?? kept[0];
  if (chosen === undefined) return NOTHING;
  return { ...NOTHING, ...chosen, reason: chosen.reason ?? null, path: chosen.path ?? null };
}

module.exports = { clearCache, invalidate, stats };
