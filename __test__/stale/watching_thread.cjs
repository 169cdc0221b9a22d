'use strict';

// One of the threads that resolve while another changes the tree. An answer is right if it was true at some moment of the turn in
// which it was given, and of its last 250 ms: no older than the last change that had been finished when that began, no newer than
// the last that has begun.

const { parentPort, workerData } = require('node:worker_threads');
const { createAsker } = require('./asker.cjs');

const { kind, number, switches, surroundings, shared } = workerData;
const { begun, finished, passes, stop } = shared;
/** In one turn all is asked so often, and now and then there is a pause in it after which nothing is believed. */
const PASSES_IN_TURN = 3;
const TURNS_WITHOUT_PAUSE = 20;
const LONGER_THAN_BELIEVED = 260;

const asker = createAsker(kind);
const result = { kind, answers: 0, changes: 0, wrong: [] };
const lastAnswers = [];
/** Paths that this thread has given. */
const given = new Set();
let turns = 0;

// Not at once: while the main module of a thread is running, Node remembers which files it has seen.
setImmediate(watch);

function watch() {
  for (let left = PASSES_IN_TURN, oldest = state(); left > 0; left--) {
    for (const [index, item] of switches.entries()) ask(item, index, oldest[index]);
    Atomics.add(passes, number, 1);
    if (left > 1 && turns % TURNS_WITHOUT_PAUSE === TURNS_WITHOUT_PAUSE - 1) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONGER_THAN_BELIEVED);
      oldest = state();
    }
  }
  turns++;
  if (Atomics.load(stop, 0) === 0) setImmediate(watch);
  else parentPort.postMessage(result);
}

/** Of each switch, the last change that is finished. */
function state() {
  return switches.map((_, index) => Atomics.load(finished, index));
}

const isFailure = (text) => text.startsWith('!');

function ask({ name, request, fromDir, isRemembered, truths }, index, oldestInTurn) {
  // Who believes nothing, and who finds nothing, looks now.
  const now = Atomics.load(finished, index);
  const [{ text, source }] = asker.answer({ requests: [[request, fromDir]], surroundings });
  const oldest = kind.startsWith('fresh') || isFailure(text) ? now : oldestInTurn;
  const newest = Atomics.load(begun, index);
  // A search that a change overtakes may see half of each state, and fail. So may Node's.
  const isTrue = text === truths[oldest % 2] || (newest > oldest && (truths.includes(text) || isFailure(text)));
  // Where Node was asked, it may repeat what it or the core has found in this thread.
  const isRepeated = isRemembered && source !== 'ours' && given.has(text);
  result.answers++;
  if (![undefined, text].includes(lastAnswers[index])) result.changes++;
  lastAnswers[index] = text;
  if (!isTrue && !isRepeated) result.wrong.push({ kind, name, text, source, oldest, newest, truths });
  if (!isFailure(text)) given.add(text);
}
