import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { summariseCalls, timeCalls } from '../../bench/lib/in-hook.mjs';
import { summarisePrograms } from '../../bench/sections/in-hook.mjs';
import { treeFor } from '../helpers/tree.mjs';

test('the calls of a process in a few figures', (t) => {
  const calls = { preload: 1000, times: [10, 20, 30, 40, 100], isForFile: [0, 0, 1, 0, 1] };
  t.deepEqual(summariseCalls(calls), {
    requests: 5,
    preload: 1000,
    sum: 200,
    all: 1200,
    median: 30,
    p90: 76,
    max: 100,
    first: 1060,
    hit: 65,
  });
});

test('a program that asks for no file has no first one', (t) => {
  const { first, hit } = summariseCalls({ preload: 1, times: [10], isForFile: [0] });
  t.is(first, null);
  t.is(hit, null);
});

const files = {
  'app.js': `
    const { fork } = require('node:child_process');
    require('fs');
    require('./lib.js');
    try { require('missing'); } catch {}
    fork(__dirname + '/other.js');
    console.log('done');
  `,
  'lib.js': '',
  'other.js': "require('./lib.js'); require('./app-only.js');",
  'app-only.js': '',
  // As a hook that is above Node's and asks for something while it answers.
  'preload.js': `
    const Module = require('node:module');
    const resolveFilename = Module._resolveFilename;
    const wait = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(wait, 0, 0, 20);
    Module._resolveFilename = function (request, ...others) {
      if (request === './lib.js') {
        Module._resolveFilename('./app-only.js', ...others);
        Atomics.wait(wait, 0, 0, 40);
      }
      return resolveFilename.call(this, request, ...others);
    };
  `,
};

test('what is timed is the preloads, and every call of the program itself', (t) => {
  const root = treeFor(t, files);
  const file = (name) => path.join(root, name);
  const context = { node: { path: process.execPath }, directory: fs.mkdtempSync(path.join(root, 'out-')) };
  const program = { name: 'app', entry: file('app.js') };

  const stock = timeCalls(context, program, {});
  t.is(stock.stdout, 'done\n');
  // The program, fs, the file, and what is missing; some Nodes ask for `node:child_process`, too. Not what the child asks for.
  t.true(stock.requests === 4 || stock.requests === 5, `${stock.requests} requests`);

  const hooked = timeCalls(context, program, { preloads: [file('preload.js')] });
  t.is(hooked.requests, stock.requests, 'a call within a call is not counted');
  t.true(hooked.preload >= 20e6, 'the preload has waited');
  t.true(hooked.max >= 40e6 && hooked.sum >= hooked.max, 'and a call');
  t.true(hooked.first >= 60e6, 'which was the first for a file');
});

const measured = (isMiddling, ratio, over) => ({
  isMiddling,
  ratios: Object.fromEntries(['first', 'warm', 'atOnce', 'ideal'].map((kind) => [kind, [ratio, ratio]])),
  hits: { atOnce: [1000, 1000], ideal: [500, 500] },
  firstOverIdeal: [over, over],
});

test('the means are of programs of middling size', (t) => {
  const overall = summarisePrograms([measured(true, 0.1, -1), measured(true, 0.4, 3), measured(false, 9, 99)]);
  t.is(overall.programs, 2);
  t.is(overall.ratios.warm.median.toPrecision(6), '0.200000');
  t.is(overall.firstOverIdeal.median, 1);
  t.is(summarisePrograms([measured(false, 9, 99)]), null);
});
