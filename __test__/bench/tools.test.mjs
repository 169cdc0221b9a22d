// The benchmark of resolution for tools: what it asks, and what it makes of what it measured.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { targets } from '../../bench/lib/targets.mjs';
import { createMonorepo } from '../../bench/tools/monorepo.mjs';
import { summariseRow, tools } from '../../bench/tools/section.mjs';
import { createResolver } from '../../index.js';
import { treeFor } from '../helpers/tree.mjs';
import { ensurePeers } from '../tools/peers.mjs';

const children = path.join(import.meta.dirname, '../../bench/tools/children');
const size = { packages: 6, files: 12, installed: 3 };

const runChild = (name, ...childArguments) =>
  JSON.parse(execFileSync(process.execPath, [path.join(children, name), ...childArguments], { encoding: 'utf8' }));

const createJob = (t, change = {}) => {
  const root = treeFor(t, { 'prime.js': '' });
  const monorepo = createMonorepo(root, size);
  const asked = monorepo.createCalls(24);
  const options = { conditionNames: ['require'] };
  const file = path.join(root, 'job.json');
  fs.writeFileSync(file, JSON.stringify({ options, calls: asked }));
  const answers = runChild('answers.cjs', file);
  const calls = asked.map((call, index) => [...call, answers[index]]);
  fs.writeFileSync(file, JSON.stringify({ options, calls, primeDirectory: root, changed: monorepo.file, ...change }));
  return { file, calls };
};

test.before(ensurePeers);

test('the requests of the monorepo differ, and all lead to a file', (t) => {
  const root = treeFor(t, {});
  const calls = createMonorepo(root, size).createCalls(48);
  t.is(new Set(calls.map(String)).size, 48);
  const { sync } = createResolver({ conditionNames: ['require'] });
  for (const [request, caller] of calls) {
    t.true(fs.existsSync(caller), caller);
    t.is(typeof sync(path.dirname(caller), request).path, 'string', `${request} from ${caller}`);
  }
  t.true(calls.some(([request]) => request.startsWith('@mono/')));
  t.true(calls.some(([request]) => request.startsWith('installed-')));
  t.true(calls.some(([request]) => request.startsWith('./')));
});

for (const kind of ['fast-resolve', 'fast-resolve, turn', 'oxc-resolver']) {
  test(`${kind} is measured`, (t) => {
    const { file } = createJob(t);
    for (const mode of kind === 'oxc-resolver' ? ['sync', 'async'] : ['sync', 'async', 'many']) {
      const { cold, hot } = runChild('resolve.cjs', mode, kind, file);
      t.true(cold > 0 && hot > 0, mode);
    }
    t.true(runChild('invalidate.cjs', kind, file).again > 0);
  });
}

test('a wrong answer ends the measurement', (t) => {
  const { file, calls } = createJob(t);
  const job = JSON.parse(fs.readFileSync(file, 'utf8'));
  const [[request, caller], ...others] = calls;
  fs.writeFileSync(file, JSON.stringify({ ...job, calls: [[request, caller, '/other.js'], ...others] }));
  for (const child of [
    ['resolve.cjs', 'sync'],
    ['resolve.cjs', 'async'],
    ['resolve.cjs', 'many'],
    ['invalidate.cjs'],
  ]) {
    const [name, ...mode] = child;
    const error = t.throws(() =>
      execFileSync(process.execPath, [path.join(children, name), ...mode, 'fast-resolve', file], { stdio: 'pipe' }),
    );
    t.regex(error.message, /should be \/other\.js/);
  }
});

test('where an option is missing, the row is not measured, and says so', (t) => {
  const { file } = createJob(t, { options: { conditionNames: ['require'], noSuchOption: true } });
  const { missing } = runChild('resolve.cjs', 'sync', 'fast-resolve', file);
  t.regex(missing, /options\.noSuchOption/);
  const result = { 'sync-tsconfig': summariseRow({ kinds: [], figures: [] }, [{ missing }]) };
  t.true(tools.format(result).some((line) => line.includes('options.noSuchOption')));
  t.deepEqual(tools.findFailures(result), []);
});

test('a row is summarised by the geometric mean over its jobs, against its baseline', (t) => {
  const run = (cold) => ({ cold });
  const row = { name: 'row', figures: ['cold'], kinds: ['ours', 'theirs'], baseline: 'theirs' };
  const { cold } = summariseRow(row, [
    { name: 'one', resolves: 100, runs: { ours: [run(1), run(1)], theirs: [run(4), run(4)] } },
    { name: 'two', resolves: 100, runs: { ours: [run(4), run(4)], theirs: [run(4), run(4)] } },
  ]);
  t.is(cold.ours.nanoseconds.median.toFixed(6), '2.000000');
  t.is(cold.ours.ratio.median.toFixed(6), '2.000000');
  t.is(cold.theirs.ratio.median, 1);
});

test('a failure of a row is one of the run, and every target is read from a row', (t) => {
  t.deepEqual(tools.findFailures({ async: { failure: 'a wrong answer' } }), ['async: a wrong answer']);
  const figure = { 'fast-resolve': { ratio: 1 }, resolveMany: { ratio: 1 } };
  const result = Object.fromEntries(tools.rows.map((row) => [row, { cold: figure, hot: figure, again: figure }]));
  const ofTools = targets.filter(({ section }) => section === 'tools');
  t.true(ofTools.length >= tools.rows.length);
  for (const { what, read } of ofTools) t.is(read(result), 1, what);
});
