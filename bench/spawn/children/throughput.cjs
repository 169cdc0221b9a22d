// Prints how many small commands a second are run, eight at a time.
//
//   node throughput.cjs <runner> <MiB resident>
'use strict';

const { fillMemory } = require('../../lib/children/ballast.cjs');
const { keepInFlight, measureRate, start } = require('../../lib/children/flow.cjs');
const { runners } = require('./implementations.cjs');

const atATime = 8;
const warmUps = 50;
const milliseconds = 1000;

start(async (name, mebibytes) => {
  const run = await runners[name](atATime);
  fillMemory(Number(mebibytes));
  const echo = async (number) => {
    const output = await run('/bin/echo', [String(number)], { encoding: 'utf8' });
    if (output !== `${number}\n`) throw new Error(`echo ${number} gave ${JSON.stringify(output)}`);
  };
  await keepInFlight(atATime, (number) => number < warmUps, echo);
  return { rate: await measureRate(atATime, milliseconds, echo) };
});
