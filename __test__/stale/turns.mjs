// A change in the middle of a turn: every thread asks, does not give control back, and asks again when the tree has changed.

import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { change } from './changes.mjs';
import { isFailure, isUntil } from './compare.mjs';
import { createLastingNode } from './oracles.mjs';
import { listTree } from './world.mjs';

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

  const turnNode = createLastingNode(life.start);
  await turnNode.answer(firstTask);

  const place = fs.mkdtempSync(`${world.base}/turn-`);
  const [changed, isTold] = [`${place}/changed`, random.chance(0.5)];
  // The main thread passes on what the others are told, and so must be the last to be kept busy.
  const results = threads
    .toReversed()
    .map((thread) => subject.answerInTurn(thread, { ...task, asked: `${place}/${thread}`, changed, isTold }))
    .toReversed();
  const firstAnswers = await Promise.all(threads.map((thread) => contentOf(`${place}/${thread}`, results[thread])));
  // What they keep has to be of the tree as it was: they answer before it changes.
  const firstLasting = await Promise.all(lastingNodes.map((node) => node?.answer(firstTask)));

  const files = filesIn(world.root);
  const { words, paths } = change(world, random, 1 + random.integerBelow(MOST_CHANGES));
  for (const file of filesIn(world.root)) files.add(file);
  fs.writeFileSync(`${changed}.part`, JSON.stringify(paths));
  fs.renameSync(`${changed}.part`, changed);
  const answers = await Promise.all(results);
  fs.rmSync(place, { recursive: true });
  const freshLater = await freshNodes.answer(task);
  judge.noteFresh(task, freshLater);
  const ofTurnNode = await turnNode.answer(task);
  turnNode.end();

  // A request that is made for the first time may rest on what was seen of the tree before and after (docs/caching.md).
  const isThere = (text) => files.has(text) || fs.existsSync(text);
  const mayMix = task.requests.map((_, index) => (index < firstTask.requests.length ? undefined : isThere));

  const wrong = [];
  for (const [thread, { waited, after, anew }] of answers.entries()) {
    const kind = subject.kinds[thread];
    const texts = firstAnswers[thread].map(({ text }) => text);
    // A fresh Node's then, and one's that was asked the same in this turn: it has read a package.json, and finds a new file. What was
    // not asked alone before can't be asked now: what the thread said itself stands for it.
    const before = task.requests.map((_, index) => [fresh[index].text, texts[index], ofTurnNode[index].text]);
    const lasting = firstLasting[thread];
    wrong.push(...(await judge.judge(thread, firstTask, firstAnswers[thread], { fresh, lasting })));
    const later = { fresh: freshLater, before, lasting: await lastingNodes[thread]?.answer(task), mayMix };
    const anewAsked = { fresh: freshLater, lasting: later.lasting };
    if (isUntil(kind)) {
      // Until it is told, it goes by what it saw, and looks for the rest: only what it had found is to be found again.
      const found = firstAnswers[thread].flatMap(({ text }, index) => (isFailure(text) ? [] : [index]));
      const judgeFound = (given) => judge.judge(thread, ...pick(found, task, given, later));
      wrong.push(...(await judgeFound(after)));
      wrong.push(...(await (isTold ? judge.judge(thread, task, anew, anewAsked) : judgeFound(anew))));
    } else {
      const isLate = waited > LONGEST_BELIEVED;
      wrong.push(...(await judge.judge(thread, task, after, isLate ? anewAsked : later)));
      wrong.push(...(await judge.judge(thread, task, anew, anewAsked)));
    }
  }
  return { wrong, words: `in a turn${isTold ? ', told' : ''}: ${words}`, paths };
}

/** The same, of these requests only. */
function pick(indexes, task, answers, { fresh, before, lasting }) {
  const some = (list) => list && indexes.map((index) => list[index]);
  const oracles = { fresh: some(fresh), before: some(before), lasting: some(lasting) };
  return [{ ...task, requests: some(task.requests) }, some(answers), oracles];
}

const filesIn = (root) => new Set(listTree(root).flatMap((entry) => (entry.isFile ? [entry.path] : [])));

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
