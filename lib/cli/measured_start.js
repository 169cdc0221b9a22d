'use strict';

// Starts a program, waits for its end, and says how long that took.

const { spawn } = require('node:child_process');
const path = require('node:path');

const { Failure, UsageError } = require('./failures.js');
const { describeStart } = require('./start.js');

const until = path.resolve(__dirname, 'until.js');
/** Of what a program has said on stderr, so much is told when it fails. */
const LAST_WORDS = 2000;

/** What is running now, so that nothing is left behind when somebody interrupts this. */
const running = new Set();

/**
 * @param {{ program: string, args: string[] }} started
 * @param {{ hook?: boolean, compileCache?: string | boolean, env?: NodeJS.ProcessEnv }} how
 * @param {{ until?: string, timeout?: number }} limits `until`: `exit`, `listening`, or milliseconds. `timeout`: seconds.
 * @returns {Promise<{ milliseconds: number }>}
 */
async function startAndMeasure({ program, args }, how, limits) {
  const { execArgv, env } = describeStart(how);
  Object.assign(env, how.env);
  if (!isExit(limits.until)) {
    // Node's options are part of what a snapshot is found by; these are not.
    env.NODE_OPTIONS = `-r ${JSON.stringify(until)} ${env.NODE_OPTIONS ?? ''}`;
    env.FAST_RESOLVE_UNTIL = limits.until;
  }
  const seconds = limits.timeout ?? 60;
  const began = process.hrtime.bigint();
  const child = spawn(process.execPath, [...execArgv, program, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  let words = '';
  child.stderr.on('data', (data) => {
    words = `${words}${data}`.slice(-LAST_WORDS);
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  let ended;
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      ended = process.hrtime.bigint();
    });
    child.once('close', (...end) => resolve(end));
  });
  clearTimeout(timer);
  running.delete(child);
  if (isLate) throw new Failure(`${program} has not ended after ${seconds} s; --until says when its start is over`);
  if (code !== 0) throw new Failure(describeEnd(program, code, signal, words));
  return { milliseconds: Number(ended - began) / 1e6 };
}

function isExit(moment = 'exit') {
  if (moment === 'exit') return true;
  if (moment !== 'listening' && !/^[1-9]\d*$/.test(moment)) {
    throw new UsageError(`--until is exit, listening, or a number of milliseconds, not ${moment}`);
  }
  return false;
}

function describeEnd(program, code, signal, words) {
  const end = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  return `${program} ${end}${words.trim() === '' ? '' : `:\n${words.trim()}`}`;
}

function endAll() {
  for (const child of running) child.kill('SIGKILL');
}

module.exports = { endAll, startAndMeasure };
