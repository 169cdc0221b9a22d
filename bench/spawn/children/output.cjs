// Prints how many mebibytes a second of a command's output are gathered, and what memory that takes.
//
//   node output.cjs <runner> <utf8 | buffer> <a file of text>
'use strict';

const { readFileSync } = require('node:fs');
const { median, start } = require('../../lib/children/flow.cjs');
const { runners } = require('./implementations.cjs');

const mebibyte = 1024 * 1024;
const warmUps = 1;
const timed = 4;

start(async (name, encoding, file) => {
  const bytes = readFileSync(file);
  const expected = encoding === 'buffer' ? bytes : bytes.toString();
  const run = await runners[name](1);
  const times = [];
  for (let round = 0; round < warmUps + timed; round += 1) {
    const before = performance.now();
    const output = await run('/bin/cat', [file], { encoding });
    times.push(performance.now() - before);
    const isRight = encoding === 'buffer' ? expected.equals(output) : expected === output;
    if (!isRight) throw new Error(`Of ${bytes.length} bytes came others, or ${output.length}`);
  }
  return {
    rate: bytes.length / mebibyte / (median(times.slice(warmUps)) / 1e3),
    memory: process.resourceUsage().maxRSS / 1024,
  };
});
