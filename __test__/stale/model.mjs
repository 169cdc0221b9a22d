// The model: a tree changes at random, and after each step every answer has to be that of a Node. It runs in lives: a
// process is started with whatever snapshot the one before has left, asked and asked again, and ended.

import { setTimeout as sleep } from 'node:timers/promises';
import { change, nameOtherwise } from './changes.mjs';
import { compareAnswers, createCounts, createJudge, isHook, isUntil } from './compare.mjs';
import { damageSnapshots } from './damage.mjs';
import { endLife } from './endings.mjs';
import { mutate } from './mutations.mjs';
import { createFreshNodes, createLastingNode } from './oracles.mjs';
import { createPast } from './past.mjs';
import { createRandom } from './random.mjs';
import { drawRequest } from './requests.mjs';
import { startSubject } from './subject.mjs';
import { changeSurroundings, drawStart, initialSurroundings } from './surroundings.mjs';
import { compareInTurn } from './turns.mjs';
import { createWorld, removeWorld } from './world.mjs';

const KINDS = ['resolve', 'hook', 'until', 'fresh'];
/** Now and then another does the same in its place. */
const STAND_INS = {
  resolve: ['resolve', 'resolve', 'options'],
  hook: ['hook', 'hook', 'hook', 'freshHook'],
  until: ['until', 'untilHook', 'untilOptions'],
};
/** Those that this package answers, and that can be told to forget. */
const FORGETFUL = new Set([...Object.values(STAND_INS).flat(), 'fresh']);
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
 * @param {number} [options.turnChance] How often a step has a change in the middle of a turn.
 * @param {number} [options.livesPerPause] In one of so many lives there is a pause, after which stamps are old enough to prove something.
 * @param {boolean} [options.isKept] Whether the tree stays where something was wrong.
 * @param {(run: object) => void} [options.onLife] Called after each life.
 * @returns The run: what was counted, and what was wrong in the first step in which something was.
 */
export async function runModel({ seed, steps, kinds = KINDS, turnChance = 0.15, ...options }) {
  const { livesPerPause = 8, isKept = false, onLife } = options;
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
      await live({ world, random, requests, run, steps, kinds, livesPerPause, turnChance });
      run.lives++;
      onLife?.(run);
    }
  } finally {
    if (!isKept || run.wrong.length === 0) removeWorld(world);
  }
  return run;
}

async function live({ world, random, requests, run, steps, kinds, livesPerPause, turnChance }) {
  const start = drawStart(random, world.root, run.start);
  run.start = start;
  for (let count = 0; count < NEW_REQUESTS_PER_LIFE; count++) {
    requests[random.integerBelow(requests.length)] = drawRequest(random, world.root);
  }
  const life = startLife({ start, kinds: drawKinds(kinds, random), cache: world.cache, counts: run.counts });
  const scene = { life, world, random, requests, counts: run.counts };
  const last = Math.min(steps, run.steps + random.pick(LIFE_LENGTHS));
  const pausesAfter =
    run.lives % livesPerPause === 0 ? run.steps + 1 + random.integerBelow(last - run.steps) : undefined;
  run.history = [`started with ${JSON.stringify(start)}, threads ${life.subject.kinds}`];
  try {
    while (run.steps < last && run.wrong.length === 0) {
      run.steps++;
      life.past.step = run.history.length;
      const task = { requests: random.sample(requests, REQUESTS_PER_STEP), surroundings: life.surroundings };
      if (random.chance(turnChance)) {
        const { wrong, words, paths } = await compareInTurn(scene, task);
        run.wrong = wrong;
        run.history.push(words);
        await tell(scene, paths);
        life.past.step = run.history.length;
        if (wrong.length > 0) break;
      }
      run.wrong = await compareAnswers(life, task);
      if (run.steps % STEPS_PER_PROCESS === 0) run.wrong.push(...(await compareWithProcess(life, task, run.counts)));
      if (run.steps === pausesAfter) run.wrong.push(...(await rememberAll(scene)));
      if (run.wrong.length === 0) run.history.push(await happen(scene));
    }
    if (run.wrong.length > 0) return;
    addLayers(run.layers, await life.subject.stats());
    run.wrong.push(...(await endLife(scene)));
    if (run.wrong.length === 0) changeBetween(scene);
  } finally {
    for (const node of [...life.lastingNodes, life.freshNodes]) node?.end();
    life.subject.kill();
  }
}

/** Twice, since what is asked for once is not kept nearby. */
async function rememberAll({ life, requests }) {
  await sleep(PAUSE);
  const task = { requests, surroundings: life.surroundings };
  const wrong = await compareAnswers(life, task);
  return wrong.length > 0 ? wrong : await compareAnswers(life, task);
}

function startLife({ start, kinds, cache, counts }) {
  const life = {
    start,
    surroundings: initialSurroundings(start),
    subject: startSubject({ start, kinds, cache }),
    lastingNodes: kinds.map((kind) => (mayRepeat(kind) ? createLastingNode(start) : undefined)),
    freshNodes: createFreshNodes(start),
    past: createPast(),
  };
  life.judge = createJudge(life, counts);
  return life;
}

/** Whether it may answer as a Node that has lived as long. */
const mayRepeat = (kind) => kind === 'node' || isHook(kind);

/** What comes between two questions, in words. */
async function happen(scene) {
  const { life, world, random } = scene;
  const words = [];
  if (random.chance(0.05)) {
    life.surroundings = changeSurroundings(life.surroundings, random, world.root);
    words.push(`surroundings are ${JSON.stringify(life.surroundings)}`);
  }
  if (random.chance(0.03) && life.subject.kinds.length > 1) words.push(await renewThread(life, random));
  if (random.chance(0.9)) {
    const { words: changes, paths } = change(world, random);
    words.push(changes, await tell(scene, paths));
  }
  if (random.chance(0.02) && isForgetful(life)) {
    words.push(await forget(life, random.chance(0.5) ? [world.root] : undefined, random));
  }
  return words.filter(Boolean).join('; ') || 'nothing';
}

const isForgetful = ({ subject }) => subject.kinds.every((kind) => FORGETFUL.has(kind) || isUntil(kind));

/** Those who believe until they are told are told what has changed. */
async function tell({ life, world, random }, paths) {
  if (paths.length === 0 || !isForgetful(life) || !life.subject.kinds.some(isUntil)) return '';
  return await forget(life, nameOtherwise(paths, world, random), random);
}

/** Told to one thread, and meant for all. */
async function forget(life, paths, random) {
  const thread = random.integerBelow(life.subject.kinds.length);
  await life.subject.forget(thread, paths);
  return `thread ${thread} was told to forget ${paths?.join(' ') ?? 'everything'}`;
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
  life.judge.renew(thread);
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
    const judge = createJudge({ subject, freshNodes, past: createPast() }, counts);
    return await compareAnswers({ subject, freshNodes, lastingNodes: [], judge }, { requests, surroundings });
  } finally {
    subject.kill();
  }
}

function addLayers(layers, { hits, misses }) {
  for (const [layer, count] of Object.entries({ ...hits, misses })) layers[layer] = (layers[layer] ?? 0) + count;
}

/**
 * Now one and now another is in the main thread. What is told to one is heard by all, and the others have to do without: either
 * there are some that are told of each change, or nobody is.
 */
function drawKinds(kinds, random) {
  const isTold = random.chance(0.35);
  const some = kinds.filter((kind) => (kind === 'until' ? isTold : !isTold || random.chance(0.5)));
  const drawn = (some.length > 0 ? some : kinds).map((kind) => (STAND_INS[kind] ? random.pick(STAND_INS[kind]) : kind));
  const first = random.integerBelow(drawn.length);
  return [drawn[first], ...drawn.slice(0, first), ...drawn.slice(first + 1)];
}
