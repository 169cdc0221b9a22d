// How a process may end, and with it the writing of its snapshot.

import { compareAnswers, createJudge } from './compare.mjs';
import { createPast } from './past.mjs';
import { startSubject } from './subject.mjs';

const MOST_MILLISECONDS_TO_KILL = 30;

/** Ends the subject of a life in one of four ways; gives what a second process answered wrong, if there was one. */
export async function endLife(scene) {
  return await scene.random.pickWeighted([
    [4, endByItself],
    [3, endByExit],
    [2, endByKill],
    [2, endWithAnother],
  ])(scene);
}

async function endByItself({ life }) {
  await life.subject.end(false);
  return [];
}

async function endByExit({ life }) {
  await life.subject.end(true);
  return [];
}

/** At any moment, so maybe while it writes. */
async function endByKill({ life, random }) {
  await life.subject.endByKill(random.integerBelow(MOST_MILLISECONDS_TO_KILL));
  return [];
}

/** Another process with the same options, which has asked something else, writes at the same time. */
async function endWithAnother({ life, random, requests, world, counts }) {
  const { start, freshNodes } = life;
  const subject = startSubject({ start, kinds: life.subject.kinds.slice(0, 1), cache: world.cache });
  const task = { requests: random.sample(requests, 16), surroundings: life.surroundings };
  const judge = createJudge({ subject, freshNodes, past: createPast() }, counts);
  const wrong = await compareAnswers({ subject, freshNodes, lastingNodes: [], judge }, task);
  await Promise.all([life.subject.end(true), subject.end(true)]);
  return wrong;
}
