// Asks each question of a job once in this fresh process, then again and again, and prints nanoseconds per resolve.
//
//   node resolve.cjs <mode: sync | async | many> <kind> <job>
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { now, since, timeApart, timeHot } = require('../../lib/children/timing.cjs');
const { createCalls } = require('../../lib/children/trace.cjs');
const { UnknownOption, check, createResolver } = require('./resolvers.cjs');

const inFlight = 64;

const sync = (resolver, calls, answers) => () => {
  for (let index = 0; index < calls.length; index += 1) {
    answers[index] = resolver.sync(calls[index].directory, calls[index].request);
  }
};

const async = (resolver, calls, answers) => async () => {
  let next = 0;
  const askOneByOne = async () => {
    while (next < calls.length) {
      const index = next;
      next += 1;
      answers[index] = await resolver.async(calls[index].directory, calls[index].request);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, askOneByOne));
};

const many = (resolver, calls, answers) => {
  const questions = calls.map(({ request, directory }) => [request, directory]);
  return () => {
    resolver.resolveMany(questions).forEach((answer, index) => {
      answers[index] = answer;
    });
  };
};

const modes = { sync, async, many };

const measure = async (mode, kind, { options, primeDirectory, calls: asked }) => {
  const calls = createCalls(asked);
  const answers = new Array(calls.length).fill(undefined);
  const resolver = createResolver(kind, options);
  // What is set up at the first call, and the threads.
  resolver.sync(primeDirectory, './prime.js');
  await resolver.async(primeDirectory, './prime');
  await nextTurn();
  const pass = modes[mode](resolver, calls, answers);
  const start = now();
  const running = pass();
  if (running !== undefined) await running;
  const cold = since(start);
  check(calls, answers);
  const hot = mode === 'async' ? await timeApart(pass, nextTurn) : timeHot(pass);
  check(calls, answers);
  return { cold: cold / calls.length, hot: hot / calls.length };
};

const main = async ([mode, kind, job]) => {
  try {
    return await measure(mode, kind, JSON.parse(fs.readFileSync(path.resolve(job), 'utf8')));
  } catch (error) {
    if (error instanceof UnknownOption) return { missing: error.message };
    throw error;
  }
};

main(process.argv.slice(2)).then((result) => process.stdout.write(JSON.stringify(result)));
