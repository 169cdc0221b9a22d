// The model: a tree changes at random, and after each step every answer has to be that of a Node. It runs in lives: a
// process is started with whatever snapshot the one before has left, asked and asked again, and ended.

import { setTimeout as sleep } from 'node:timers/promises';
import { compareAnswers, createCounts } from './compare.mjs';
import { damageSnapshots } from './damage.mjs';
import { endLife } from './endings.mjs';
import { mutate } from './mutations.mjs';
import { createFreshNodes, createLastingNode } from './oracles.mjs';
import { createPast } from './past.mjs';
import { createRandom } from './random.mjs';
import { drawRequest } from './requests.mjs';
import { startSubject } from './subject.mjs';
import { changeSurroundings, drawStart, initialSurroundings } from './surroundings.mjs';
import { createWorld, removeWorld } from './world.mjs';

const KINDS = ['resolve', 'hook', 'fresh'];
/** Those that this package answers, and that can be told to forget. */
const FORGETFUL = ['resolve', 'hook', 'fresh', 'freshHook'];
const LIFE_LENGTHS = [1, 2, 5, 10, 20, 60];
const MOST_CHANGES_BETWEEN = 5;
const STEPS_PER_PROCESS = 100;
const REQUESTS = 80;
/** As many are replaced by others for each life. */
const NEW_REQUESTS_PER_LIFE = 10;
const REQUESTS_PER_STEP = 16;
/** A stamp younger than two seconds proves nothing: only after such a pause is all of a tree believed. */
const PAUSE = 2100;

/**
 * @param {object} options
 * @param {number} options.seed
 * @param {number} options.steps
 * @param {string[]} [options.kinds] How the threads of the subject answer; the first is the main thread.
 * @param {number} [options.stepsPerPause]
 * @param {boolean} [options.isKept] Whether the tree stays where something was wrong.
 * @param {(run: object) => void} [options.onLife] Called after each life.
 * @returns The run: what was counted, and what was wrong in the first step in which something was.
 */
export async function runModel({ seed, steps, kinds = KINDS, stepsPerPause = 400, isKept = false, onLife }) {
  const random = createRandom(seed);
  const world = createWorld(random);
  const requests = Array.from({ length: REQUESTS }, () => drawRequest(random, world.root));
  const run = {
    seed,
    steps: 0,
    lives: 0,
    counts: createCounts(),
    layers: {},
    wrong: [],
    history: [],
    root: world.root,
  };
  try {
    while (run.steps < steps && run.wrong.length === 0) {
      await live({ world, random, requests, run, steps, kinds, stepsPerPause });
      run.lives++;
      onLife?.(run);
    }
  } finally {
    if (!isKept || run.wrong.length === 0) removeWorld(world);
  }
  return run;
}

async function live({ world, random, requests, run, steps, kinds, stepsPerPause }) {
  const start = drawStart(random, world.root, run.start);
  run.start = start;
  for (let count = 0; count < NEW_REQUESTS_PER_LIFE; count++) {
    requests[random.integerBelow(requests.length)] = drawRequest(random, world.root);
  }
  const life = startLife({ start, kinds: drawKinds(kinds, random), cache: world.cache });
  const scene = { life, world, random, requests, counts: run.counts };
  const last = Math.min(steps, run.steps + random.pick(LIFE_LENGTHS));
  run.history = [`started with ${JSON.stringify(start)}, threads ${life.subject.kinds}`];
  try {
    while (run.steps < last && run.wrong.length === 0) {
      run.steps++;
      life.past.step = run.history.length;
      const task = { requests: random.sample(requests, REQUESTS_PER_STEP), surroundings: life.surroundings };
      run.wrong = await compareAnswers(life, task, run.counts);
      if (run.steps % STEPS_PER_PROCESS === 0) run.wrong.push(...(await compareWithProcess(life, task, run.counts)));
      if (run.steps % stepsPerPause === 0) await sleep(PAUSE);
      if (run.wrong.length === 0) run.history.push(await happen(scene));
    }
    addLayers(run.layers, await life.subject.stats());
    run.wrong.push(...(await endLife(scene)));
    if (run.wrong.length === 0) changeBetween(scene);
  } finally {
    for (const node of [...life.lastingNodes, life.freshNodes]) node?.end();
    life.subject.kill();
  }
}

function startLife({ start, kinds, cache }) {
  return {
    start,
    surroundings: initialSurroundings(start),
    subject: startSubject({ start, kinds, cache }),
    lastingNodes: startLastingNodes(kinds, start),
    freshNodes: createFreshNodes(start),
    past: createPast(),
  };
}

/** For those that may answer as a Node that has lived as long. */
function startLastingNodes(kinds, start) {
  return kinds.map((kind) => (kind.startsWith('fresh') ? undefined : createLastingNode(start)));
}

/** What comes between two questions, in words. */
async function happen({ life, world, random }) {
  const words = [];
  if (random.chance(0.02) && life.subject.kinds.every((kind) => FORGETFUL.includes(kind))) {
    words.push(await forget(life, random.chance(0.5) ? world.root : undefined, random));
  }
  if (random.chance(0.05)) {
    life.surroundings = changeSurroundings(life.surroundings, random, world.root);
    words.push(`surroundings are ${JSON.stringify(life.surroundings)}`);
  }
  if (random.chance(0.03) && life.subject.kinds.length > 1) words.push(await renewThread(life, random));
  if (random.chance(0.9)) words.push(mutate(world, random));
  return words.join('; ') || 'nothing';
}

/** Told to one thread, and meant for all. From then on it is as if the process had just been started. */
async function forget(life, directory, random) {
  const { kinds } = life.subject;
  const thread = random.integerBelow(kinds.length);
  await life.subject.forget(thread, directory);
  for (const node of life.lastingNodes) node?.end();
  life.lastingNodes = startLastingNodes(kinds, life.start);
  return `thread ${thread} was told to forget ${directory ?? 'everything'}`;
}

/** What nobody sees happen. */
function changeBetween({ world, random }) {
  for (let count = random.integerBelow(MOST_CHANGES_BETWEEN + 1); count > 0; count--) mutate(world, random);
  if (random.chance(0.15)) damageSnapshots(world, random);
}

/** A thread that starts late shares with the others what they know of the disk, but its Node knows nothing. */
async function renewThread(life, random) {
  const thread = 1 + random.integerBelow(life.subject.kinds.length - 1);
  await life.subject.renew(thread);
  if (life.lastingNodes[thread] !== undefined) {
    life.lastingNodes[thread].end();
    life.lastingNodes[thread] = createLastingNode(life.start);
  }
  return `thread ${thread} is new`;
}

/** Now and then it is a process that has to answer as the fresh Node did, which is a thread. */
async function compareWithProcess({ start, surroundings, freshNodes }, { requests }, counts) {
  const subject = startSubject({ start, kinds: ['node'], cache: '0' });
  try {
    return await compareAnswers({ subject, freshNodes, lastingNodes: [] }, { requests, surroundings }, counts);
  } finally {
    subject.kill();
  }
}

function addLayers(layers, { hits, misses }) {
  for (const [layer, count] of Object.entries({ ...hits, misses })) layers[layer] = (layers[layer] ?? 0) + count;
}

/** Now one and now another is in the main thread, and some hooks believe nothing. */
function drawKinds(kinds, random) {
  const drawn = kinds.map((kind) => (kind === 'hook' && random.chance(0.25) ? 'freshHook' : kind));
  return random.chance(0.5) ? drawn : [...drawn.slice(1, 2), ...drawn.slice(0, 1), ...drawn.slice(2)];
}
