// The model's oracles are threads, because they start faster than processes. Here they are held against processes: a new
// thread must know nothing of what other threads have read, and a thread that lives on must remember what a process does.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import test from 'ava';
import { mutate } from './mutations.mjs';
import { createFreshNodes, createLastingNode } from './oracles.mjs';
import { createRandom } from './random.mjs';
import { drawRequest } from './requests.mjs';
import { environmentOf, initialSurroundings } from './surroundings.mjs';
import { createWorld, removeWorld } from './world.mjs';

const STEPS = 12;
const program = path.join(import.meta.dirname, 'asker_process.cjs');

const supported = process.platform === 'win32' ? test.skip : test;

supported('threads answer as processes do', async (t) => {
  const random = createRandom(1);
  const world = createWorld(random);
  const requests = Array.from({ length: 200 }, () => drawRequest(random, world.root));
  t.teardown(() => removeWorld(world));
  for (const execArgv of [[], ['-C', 'special'], ['--preserve-symlinks']]) {
    const start = { execArgv, home: `${world.root}/home`, nodePath: `${world.root}/global-one` };
    const task = { requests, surroundings: initialSurroundings(start) };
    const freshNodes = createFreshNodes(start);
    const lastingNode = createLastingNode(start);
    const lastingProcess = startProcess(start);
    let differences = 0;
    for (let step = 0; step < STEPS; step++) {
      const freshAnswers = textsOf(await freshNodes.answer(task));
      const lastingAnswers = textsOf(await lastingNode.answer(task));
      if (step % 4 === 0) {
        const freshProcess = startProcess(start);
        t.deepEqual(freshAnswers, await ask(freshProcess, task));
        freshProcess.disconnect();
      }
      t.deepEqual(lastingAnswers, await ask(lastingProcess, task));
      if (freshAnswers.join() !== lastingAnswers.join()) differences++;
      for (let count = 0; count < 5; count++) mutate(world, random);
    }
    t.true(differences > STEPS / 2, 'nothing that Node remembers has changed');
    lastingProcess.disconnect();
    lastingNode.end();
    freshNodes.end();
  }
});

function startProcess(start) {
  return fork(program, ['node'], { execArgv: start.execArgv, env: environmentOf(start) });
}

async function ask(child, task) {
  child.send({ thread: 0, method: 'answer', task });
  const [{ result }] = await once(child, 'message');
  return textsOf(result);
}

function textsOf(answers) {
  return answers.map(({ text }) => text);
}
