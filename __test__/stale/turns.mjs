// A change in the middle of a turn: every thread asks, does not give control back, and asks again when the tree has changed.

import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { change } from './changes.mjs';
import { isUntil } from './compare.mjs';

/** What was looked up longer ago is looked at again, in milliseconds. */
const LONGEST_BELIEVED = 250;
const MOST_CHANGES = 3;

/** Asks, changes and asks; gives { wrong, words, paths }. */
export async function compareInTurn({ life, world, random }, task) {
  const { subject, freshNodes, lastingNodes, judge } = life;
  const threads = [...subject.kinds.keys()];
  const firstTask = { ...task, requests: task.requests.slice(0, task.requests.length / 2) };
  const fresh = await freshNodes.answer(task);
  judge.noteFresh(task, fresh);

  const place = fs.mkdtempSync(`${world.base}/turn-`);
  const [changed, isTold] = [`${place}/changed`, random.chance(0.5)];
  // The main thread passes on what the others are told, and so must be the last to be kept busy.
  const results = threads
    .toReversed()
    .map((thread) => subject.answerInTurn(thread, { ...task, asked: `${place}/${thread}`, changed, isTold }))
    .toReversed();
  const firstAnswers = await Promise.all(threads.map((thread) => contentOf(`${place}/${thread}`, results[thread])));
  const firstLasting = lastingNodes.map((node) => node?.answer(firstTask));

  const { words, paths } = change(world, random, 1 + random.integerBelow(MOST_CHANGES));
  fs.writeFileSync(`${changed}.part`, JSON.stringify(paths));
  fs.renameSync(`${changed}.part`, changed);
  const answers = await Promise.all(results);
  fs.rmSync(place, { recursive: true });
  const freshLater = await freshNodes.answer(task);
  judge.noteFresh(task, freshLater);

  const wrong = [];
  for (const [thread, { waited, after, anew }] of answers.entries()) {
    const kind = subject.kinds[thread];
    const texts = firstAnswers[thread].map(({ text }) => text);
    // What was not asked alone before can't be asked now: what the thread said itself stands for it.
    const before = task.requests.map((_, index) => [fresh[index].text, texts[index]]);
    const lasting = await firstLasting[thread];
    wrong.push(...(await judge.judge(thread, firstTask, firstAnswers[thread], { fresh, lasting })));
    const isLate = waited > LONGEST_BELIEVED && !isUntil(kind);
    const lastingLater = await lastingNodes[thread]?.answer(task);
    const later = { fresh: freshLater, lasting: lastingLater };
    wrong.push(...(await judge.judge(thread, task, after, isLate ? later : { ...later, before })));
    const mayBeBefore = isUntil(kind) && !isTold;
    wrong.push(...(await judge.judge(thread, task, anew, mayBeBefore ? { ...later, before } : later)));
  }
  return { wrong, words: `in a turn${isTold ? ', told' : ''}: ${words}`, paths };
}

/** Of a file that another process writes; it may fail instead. */
async function contentOf(file, result) {
  let isOver = false;
  result.catch(() => (isOver = true));
  while (!fs.existsSync(file)) {
    if (isOver) await result;
    await sleep(1);
  }
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
