'use strict';

// One of the threads that resolve while another changes the tree. An answer is right if it was true at some moment between
// asking and answering: no older than the last change that had been finished, no newer than the last that had begun.

const { parentPort, workerData } = require('node:worker_threads');
const { createAsker } = require('./asker.cjs');

const { kind, number, switches, surroundings, shared } = workerData;
const { begun, finished, given, passes, stop } = shared;
const asker = createAsker(kind);
const result = { kind, answers: 0, changes: 0, wrong: [] };
const lastAnswers = [];

// Not at once: while the main module of a thread is running, Node remembers which files it has seen.
setImmediate(watch);

function watch() {
  while (Atomics.load(stop, 0) === 0) {
    switches.forEach(ask);
    Atomics.add(passes, number, 1);
  }
  parentPort.postMessage(result);
}

const isFailure = (answer) => answer.startsWith('!');

function ask({ name, request, fromDir, isRemembered, truths }, index) {
  const oldest = Atomics.load(finished, index);
  const [answer] = asker.answer({ requests: [[request, fromDir]], surroundings });
  const newest = Atomics.load(begun, index);
  // A search that a change overtakes may see half of each state, and fail. So may Node's.
  const isTrue = answer === truths[oldest % 2] || (newest > oldest && (truths.includes(answer) || isFailure(answer)));
  // Under the hook, also the fresh one, Node's own function may have found it, and then Node remembers.
  // Threads that live at the same time share what Node, in one of them, would keep.
  const place = truths.length * index + truths.indexOf(answer);
  const isRepeated = isRemembered && kind !== 'fresh' && truths.includes(answer) && Atomics.load(given, place) > 0;
  result.answers++;
  if (![undefined, answer].includes(lastAnswers[index])) result.changes++;
  lastAnswers[index] = answer;
  if (!isTrue && !isRepeated) result.wrong.push({ kind, name, answer, oldest, newest, truths });
  // Node never repeats a failure.
  if (!isFailure(answer) && truths.includes(answer)) Atomics.store(given, place, 1);
}
