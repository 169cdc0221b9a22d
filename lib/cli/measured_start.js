'use strict';

// Starts a program, waits for its end, and says how long that took.

const path = require('node:path');

const { Failure, UsageError } = require('./failures.js');
const { withPreloads } = require('./preload_once.js');
const { describeStart } = require('./start.js');

const until = path.resolve(__dirname, 'until.js');
/** Of what a program has said on stderr, so much is told when it fails. */
const LAST_WORDS = 2000;
/** Milliseconds in which its last words come, if a child of it still has its stderr. */
const GRACE = 200;
/** The longest that a timer runs, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** What is running now, so that nothing is left behind when somebody interrupts this. */
const running = new Set();

/**
 * @param {{ execArgv: string[], program: string, args: string[] }} started
 * @param {{ hook?: boolean, compileCache?: string | boolean, env?: NodeJS.ProcessEnv, preload?: string }} how
 * @param {{ until?: string, timeout?: number }} limits `until`: a moment as `checkMoment` knows it. `timeout`: seconds.
 * @returns {Promise<{ milliseconds: number }>}
 */
async function startAndMeasure({ execArgv: ownExecArgv, program, args }, how, { until: moment = 'exit', timeout }) {
  const { execArgv, env } = describeStart(how);
  Object.assign(env, how.env);
  const preloads = how.preload === undefined ? [] : [how.preload];
  if (moment !== 'exit') {
    preloads.unshift(until);
    env.FAST_RESOLVE_UNTIL = moment;
  }
  // Node's options are part of what a snapshot is found by; these are not.
  if (preloads.length > 0) env.NODE_OPTIONS = withPreloads(preloads, env.NODE_OPTIONS);
  // Not needed to tell how a command is called.
  const { spawn } = require('node:child_process');
  const seconds = timeout ?? 60;
  const began = process.hrtime.bigint();
  // In a group of its own, with whatever it starts.
  const child = spawn(process.execPath, [...execArgv, ...ownExecArgv, program, ...args], {
    detached: true,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  let words = '';
  child.stderr.on('data', (data) => {
    words = `${words}${data}`.slice(-LAST_WORDS);
  });
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      endGroup(child);
    },
    Math.min(seconds * 1000, LONGEST),
  );
  const { code, signal, ended } = await endOf(child);
  clearTimeout(timer);
  endGroup(child);
  running.delete(child);
  if (isLate) throw new Failure(describeDelay(program, seconds, moment));
  if (code !== 0) throw new Failure(describeEnd(program, code, signal, words));
  return { milliseconds: Number(ended - began) / 1e6 };
}

function endOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const end = { code, signal, ended: process.hrtime.bigint() };
      const timer = setTimeout(() => child.stderr.destroy(), GRACE);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(end);
      });
    });
  });
}

/** Ends what a program has left behind: the next start is to be like this one. */
function endGroup({ pid }) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** What is emitted on `process`. */
const EVENT = /^[a-z][\w:.-]*$/i;

/** @param {string} [moment] When a start is over: exit, listening, milliseconds, or an event. */
function checkMoment(moment = 'exit') {
  if (EVENT.test(moment) || isTime(moment)) return;
  throw new UsageError(
    `--until is exit, listening, an event of \`process\`, or a number of milliseconds, not ${moment}`,
  );
}

function isTime(moment) {
  return /^[1-9]\d*$/.test(moment) && Number(moment) <= LONGEST;
}

function describeDelay(program, seconds, moment) {
  if (moment === 'exit') return `${program} has not ended after ${seconds} s; --until says when its start is over`;
  return `${program} has not come to \`${moment}\` after ${seconds} s, and has not ended`;
}

function describeEnd(program, code, signal, words) {
  const end = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  return `${program} ${end}${words.trim() === '' ? '' : `:\n${words.trim()}`}`;
}

function endAll() {
  for (const child of running) endGroup(child);
}

module.exports = { checkMoment, endAll, isTime, startAndMeasure };
