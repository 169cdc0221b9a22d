// Replays a trace for the first time, some calls in each turn of the event loop. Where instructions are counted, a process takes
// fifty times as long, and what is believed for a turn, and for a quarter of a second, would be believed by chance.
//
//   node count.cjs <implementation> <trace> <calls in a turn>
'use strict';

const { setImmediate: nextTurn } = require('node:timers/promises');
const { compareAnswers, readTrace, replay } = require('./trace.cjs');

const main = async (implementationName, traceFile, callsInTurn) => {
  const implementation = require(`../implementations/${implementationName}.cjs`);
  const calls = readTrace(traceFile);
  const answers = [];
  const resolveOne = implementation.load();
  for (let begin = 0; begin < calls.length; begin += callsInTurn) {
    const inTurn = calls.slice(begin, begin + callsInTurn);
    const answersInTurn = new Array(inTurn.length).fill(null);
    await nextTurn();
    replay(inTurn, resolveOne, answersInTurn);
    answers.push(...answersInTurn);
  }
  const stats = implementation.stats?.() ?? null;
  process.stdout.write(JSON.stringify({ differing: compareAnswers(calls, answers, true), stats }));
};

const [implementationName, traceFile, callsInTurn] = process.argv.slice(2);
main(implementationName, traceFile, Number(callsInTurn));
