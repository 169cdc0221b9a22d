// A benchmark that does not look at the answers measures how fast one can be wrong.
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { ours, oursTrusting, peers, withoutSnapshot } from '../../bench/lib/implementations.mjs';
import { findWrongAnswers } from '../../bench/lib/replay-section.mjs';
import { runChild } from '../../bench/lib/run-child.mjs';
import { treeFor } from '../helpers/tree.mjs';

/** A tree with the files that replay.cjs needs beside the trace, and the function that replays a trace in it. */
const replayerFor = (t) => {
  const root = treeFor(t, { 'prime.js': '', 'app.js': '', 'right.js': '', 'wrong.js': '' });
  const file = (name) => path.join(root, name);
  const write = (name, calls) => fs.writeFileSync(file(name), JSON.stringify(calls));
  write('prime.json', [['./prime.js', file('app.js'), file('prime.js')]]);
  const replay = (mode, implementation, calls) => {
    write('trace.json', calls);
    return runChild(process.execPath, 'replay.cjs', [mode, implementation, file('trace.json'), root], withoutSnapshot);
  };
  return { file, replay };
};

const notFound = { code: 'MODULE_NOT_FOUND' };

for (const implementation of ['node', 'fast-resolve', 'fast-resolve-hook']) {
  for (const mode of ['first', 'ready', 'hot', 'turns']) {
    test(`${implementation}, ${mode}: right answers are seen as right, wrong ones as wrong`, (t) => {
      const { file, replay } = replayerFor(t);
      const right = [
        ['./right', file('app.js'), file('right.js')],
        ['./missing', file('app.js'), notFound],
        ['fs', file('app.js'), 'fs'],
      ];
      t.deepEqual(replay(mode, implementation, right).differing, { count: 0, examples: [] });

      const wrong = [
        ['./right', file('app.js'), file('wrong.js')],
        ['./right.js', file('app.js'), notFound],
        ['./missing', file('app.js'), file('wrong.js')],
        ['./missing', file('app.js'), { code: 'ERR_OTHER' }],
      ];
      const { differing } = replay(mode, implementation, [...right, ...wrong]);
      t.is(differing.count, wrong.length);
      t.deepEqual(
        differing.examples.map(({ request, answer }) => [request, answer]),
        [
          ['./right', file('right.js')],
          ['./right.js', file('right.js')],
          ['./missing', notFound],
        ],
      );
    });
  }
}

test('the times of a replay are there, and in order', (t) => {
  const { file, replay } = replayerFor(t);
  const {
    load,
    first,
    replay: replayed,
    all,
  } = replay('ready', 'node', [['./right', file('app.js'), file('right.js')]]);
  t.true(load >= 0 && first > 0 && replayed > 0);
  t.true(all >= load + first + replayed);
});

test('a wrong answer is a failure if it is ours, and told by name', (t) => {
  const differing = { count: 1, examples: [{ request: 'x' }] };
  const failuresOf = (name) =>
    findWrongAnswers({ names: [name], programs: [{ program: 'app', differing: { [name]: differing } }] });
  t.deepEqual(failuresOf(ours), ['app: fast-resolve answers not as Node: {"request":"x"}']);
  t.deepEqual(failuresOf(oursTrusting), ['app: fast-resolve (trust) answers not as Node: {"request":"x"}']);
  t.deepEqual(peers.flatMap(failuresOf), []);
});
