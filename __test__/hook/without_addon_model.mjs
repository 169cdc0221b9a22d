// Trees that change at random between processes, of a program without the addon: every answer has to be a stock Node's.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SETTLED_AFTER } from '../cache/processes.mjs';
import { mutate } from '../stale/mutations.mjs';
import { createRandom } from '../stale/random.mjs';
import { drawRequest } from '../stale/requests.mjs';
import { drawStart, environmentOf } from '../stale/surroundings.mjs';
import { createWorld, removeWorld } from '../stale/world.mjs';

const execute = promisify(execFile);
const program = path.join(import.meta.dirname, 'fixtures/asks.cjs');
const register = path.resolve(import.meta.dirname, '../../dist/register.js');

const REQUESTS = 60;
const MOST_CHANGES = 3;
/** So many processes in a row see a tree that has just changed. */
const RESTLESS = 2;

/**
 * Asks the same in a process of its own.
 * @param {{ asked: string, cache: string, start: object }} scene
 * @param {boolean} isHooked Without the addon.
 * @param {object} [env]
 * @returns {Promise<{ answers: string[], given: number }>} `given`: how many paths were found without an entry in `Module._pathCache`.
 */
export async function ask({ asked, cache, start }, isHooked, env = {}) {
  const preload = isHooked ? ['--no-addons', '--require', register] : ['--no-addons'];
  const { stdout } = await execute(process.execPath, [...start.execArgv, ...preload, program], {
    env: { ASKED: asked, FAST_RESOLVE_CACHE: cache, FAST_RESOLVE_WAIT: '0', ...environmentOf(start), ...env },
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout);
}

/**
 * @param {{ seed: number, rounds: number }} options
 * @returns {Promise<{ answers: number, given: number, wrong: object[] }>}
 */
export async function runWorld({ seed, rounds }) {
  const random = createRandom(seed);
  const world = createWorld(random);
  const scene = { asked: `${world.base}/asked.json`, cache: world.cache, start: undefined };
  const run = { answers: 0, given: 0, wrong: [] };
  const history = [];
  const requests = Array.from({ length: REQUESTS }, () => drawRequest(random, world.root)).filter(
    ([, directory]) => !directory.startsWith('import '),
  );
  const compare = async () => {
    const [stock, ours] = await Promise.all([ask(scene, false), ask(scene, true)]);
    run.answers += stock.answers.length;
    run.given += ours.given - stock.given;
    for (const [index, expected] of stock.answers.entries()) {
      const actual = ours.answers[index];
      if (actual === expected) continue;
      run.wrong.push({ seed, request: requests[index], expected, actual, history: history.slice(-12) });
    }
  };
  try {
    for (let round = 0; round < rounds && run.wrong.length === 0; round++) {
      scene.start = { ...drawStart(random, world.root, scene.start), trust: undefined };
      requests[random.integerBelow(requests.length)] = ['./file', world.root];
      fs.writeFileSync(scene.asked, JSON.stringify({ requests }));
      for (let count = 0; count < RESTLESS; count++) {
        for (let changes = random.integerBelow(MOST_CHANGES + 1); changes > 0; changes--) {
          history.push(mutate(world, random));
        }
        await compare();
        history.push('asked');
      }
      await sleep(SETTLED_AFTER);
      // What could not be proved is not asked again for a minute.
      if (random.chance(0.7)) for (const name of fs.readdirSync(scene.cache)) fs.rmSync(`${scene.cache}/${name}`);
      // One that may learn, and one that is given what the other has learnt.
      await compare();
      await compare();
      history.push('asked in peace');
    }
  } finally {
    removeWorld(world);
  }
  return run;
}
