// Threads that resolve while another one changes the tree. They share the snapshot and what package.json files say.

import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createFreshNodes } from './oracles.mjs';
import { createRandom } from './random.mjs';
import { environmentOf, initialSurroundings } from './surroundings.mjs';
import { createSwitches } from './switches.mjs';

const program = path.join(import.meta.dirname, 'watching_thread.cjs');
/** How eight threads answer. */
export const WATCHING_KINDS = ['resolve', 'hook', 'fresh', 'freshHook', 'options', 'hook', 'fresh', 'resolve'];

/** Longer than a stamp has to be old to be believed. */
const PAUSE = 2100;

/**
 * @param {object} options
 * @param {number} options.seed
 * @param {string[]} options.kinds How each of the threads answers.
 * @param {number} [options.turns] How often each switch is thrown, before a pause and after it.
 * @param {number} [options.pause]
 * @param {number} [options.rounds] Each has new threads, which know nothing, beside what the process knows.
 * @returns {Promise<{ kind: string, answers: number, changes: number, wrong: object[] }[]>} One result for each thread.
 */
export async function watchSwitches({ seed, kinds, rounds = 1, turns = 20, pause = PAUSE }) {
  const random = createRandom(seed);
  const { base, switches } = createSwitches();
  const start = { execArgv: [], home: `${base}/home`, nodePath: '' };
  try {
    await learnTruths(switches, start);
    const results = [];
    for (let round = 0; round < rounds; round++) {
      results.push(...(await watchOnce({ random, switches, start, kinds, turns, pause })));
    }
    return results;
  } finally {
    fs.rmSync(base, { recursive: true });
  }
}

/** What a fresh Node says in both states; afterwards all switches are in state 0. */
async function learnTruths(switches, start) {
  const nodes = createFreshNodes(start);
  const requests = switches.map(({ request, fromDir }) => [request, fromDir]);
  const answers = [];
  for (const state of [0, 1]) {
    for (const { turn } of switches) turn(state);
    answers[state] = await nodes.answer({ requests, surroundings: initialSurroundings(start) });
  }
  for (const { turn } of switches) turn(0);
  nodes.end();
  for (const [index, item] of switches.entries()) {
    item.truths = answers.map((ofState) => ofState[index].text);
    if (item.truths[0] === item.truths[1]) throw new Error(`the switch changes nothing: ${item.name}`);
  }
}

async function watchOnce({ random, switches, start, kinds, turns, pause }) {
  const shared = {
    begun: createCounters(switches.length),
    finished: createCounters(switches.length),
    passes: createCounters(kinds.length),
    stop: createCounters(1),
  };
  const data = {
    switches: switches.map(({ turn, ...rest }) => rest),
    surroundings: initialSurroundings(start),
    shared,
  };
  const threads = kinds.map((kind, number) => {
    return new Worker(program, { env: environmentOf(start), workerData: { ...data, kind, number } });
  });
  const results = Promise.all(threads.map(async (thread) => (await once(thread, 'message'))[0]));
  const turnSome = async () => {
    for (let count = 0; count < turns * switches.length; count++) {
      throwSwitch(switches, random.integerBelow(switches.length), shared);
      await sleep(random.integerBelow(5));
    }
  };
  await twoPasses(shared.passes);
  await turnSome();
  await twoPasses(shared.passes);
  await sleep(pause);
  // Now every thread has seen what holds, for long enough to believe it, and then it changes.
  for (const index of switches.keys()) throwSwitch(switches, index, shared);
  await twoPasses(shared.passes);
  await turnSome();
  await twoPasses(shared.passes);
  Atomics.store(shared.stop, 0, 1);
  const finished = await results;
  // The next round begins in the same state.
  for (const { turn } of switches) turn(0);
  return finished;
}

const createCounters = (count) => new Int32Array(new SharedArrayBuffer(4 * count));

function throwSwitch(switches, index, { begun, finished }) {
  const version = Atomics.add(begun, index, 1) + 1;
  switches[index].turn(version % 2);
  Atomics.store(finished, index, version);
}

/** Until every thread has asked everything at least once from now on: it may be in the middle of a pass. */
async function twoPasses(passes) {
  const before = [...passes];
  while (before.some((count, number) => Atomics.load(passes, number) < count + 2)) await sleep(1);
}
