// A real jest runs a real project, with this package's resolver and without: all the same, but for who resolves.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { ensureJest, jestCommand } from '../helpers/jest-project.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { projectTree } from './project_tree.mjs';

const resolver = path.resolve(import.meta.dirname, '../../jest-resolver.js');
const countingResolver = path.join(import.meta.dirname, 'fixtures/counting-resolver.cjs');

test.before('jest is installed', (t) => {
  t.timeout(600_000);
  ensureJest();
});

test.serial('the same results, messages and snapshots', (t) => {
  const root = treeFor(t, projectTree);
  const stock = runJest(root);
  const snapshots = readSnapshots(root);
  t.true(snapshots.includes("Cannot find module 'missing'"), 'the stock run wrote the snapshots');
  const ours = runJest(root, { config: { resolver } });
  t.deepEqual(ours.results, stock.results);
  t.is(ours.results.length, 9);
  t.is(readSnapshots(root), snapshots);
});

test.serial('custom export conditions', (t) => {
  const root = treeFor(t, projectTree);
  const config = {
    globals: { EXPECTED_CONDITION: 'special' },
    testEnvironmentOptions: { customExportConditions: ['special'] },
  };
  const stock = runJest(root, { config, tests: ['resolve'] });
  const ours = runJest(root, { config: { ...config, resolver }, tests: ['resolve'] });
  t.deepEqual(ours.results, stock.results);
  t.true(ours.results.includes('conditions: passed'));
});

test.serial('most calls are answered by the core; what is missing is left to jest', (t) => {
  const root = treeFor(t, projectTree);
  const { calls } = countAnswers(root);
  const [core, jest] = ['core', 'jest'].map((who) => requestsAnsweredBy(who, calls));
  for (const request of ['../src/sum', '../src/dir', 'plain', 'conditional', 'conditional/feature/a', '@app/shared']) {
    t.true(core.includes(request), `${request} was answered by the core`);
  }
  t.true(
    core.some((request) => request.endsWith('/src/data')),
    'and so was what moduleNameMapper made',
  );
  for (const request of ['missing', 'conditional/internal/secret', '..']) {
    t.true(jest.includes(request), `${request} was left to jest`);
  }
  t.log(`${core.length} of ${calls.length} calls answered by the core`);
  t.true(core.length > jest.length);
});

test.serial('in worker processes', (t) => {
  const { calls, jestProcessId } = countAnswers(treeFor(t, projectTree), ['--maxWorkers=2']);
  checkShare(
    t,
    calls.filter(({ processId }) => processId !== jestProcessId),
  );
});

test.serial('in worker threads', (t) => {
  const { calls } = countAnswers(treeFor(t, projectTree), ['--maxWorkers=2', '--workerThreads']);
  checkShare(
    t,
    calls.filter(({ threadId }) => threadId !== 0),
  );
});

function checkShare(t, calls) {
  const core = requestsAnsweredBy('core', calls);
  t.true(core.length > 0);
  t.true(core.length > calls.length / 2, `${core.length} of ${calls.length} calls answered by the core`);
}

function requestsAnsweredBy(who, calls) {
  return calls.filter(({ answeredBy }) => answeredBy === who).map(({ request }) => request);
}

function countAnswers(root, flags) {
  const log = path.join(root, 'answers.log');
  const { results, jestProcessId } = runJest(root, {
    config: { resolver: countingResolver },
    env: { JEST_RESOLVER: resolver, RESOLVER_LOG: log },
    flags,
  });
  const failed = results.filter((result) => !result.endsWith(': passed'));
  if (failed.length > 0) throw new Error(failed.join('\n'));
  const lines = fs.readFileSync(log, 'utf8').trimEnd().split('\n');
  return { calls: lines.map((line) => JSON.parse(line)), jestProcessId };
}

/** Runs the project's tests; gives each with what became of it. */
function runJest(root, { config = {}, env = {}, flags = ['--runInBand'], tests = [] } = {}) {
  const all = {
    rootDir: root,
    cacheDirectory: path.join(root, '.cache'),
    globals: { EXPECTED_CONDITION: 'require' },
    moduleNameMapper: { '^@/(.*)$': '<rootDir>/src/$1', '\\.css$': '<rootDir>/style-stub.js' },
    testMatch: ['**/__tests__/*.test.*'],
    transform: {},
    ...config,
  };
  const outputFile = path.join(root, 'results.json');
  const jestArguments = [
    jestCommand,
    '--config',
    JSON.stringify(all),
    '--json',
    '--outputFile',
    outputFile,
    ...flags,
    ...tests,
  ];
  const { stderr, error, pid } = spawnSync(process.execPath, ['--experimental-vm-modules', ...jestArguments], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (error !== undefined) throw error;
  if (!fs.existsSync(outputFile)) throw new Error(`jest wrote no results: ${stderr}`);
  return { results: resultsIn(JSON.parse(fs.readFileSync(outputFile, 'utf8'))), jestProcessId: pid };
}

function resultsIn({ testResults }) {
  return testResults
    .flatMap(({ assertionResults, message, name }) =>
      assertionResults.length === 0
        ? [`${path.basename(name)}: ${message}`]
        : assertionResults.map(
            ({ title, status, failureMessages }) => `${title}: ${[status, ...failureMessages].join('\n')}`,
          ),
    )
    .sort();
}

function readSnapshots(root) {
  return fs.readFileSync(path.join(root, '__tests__/__snapshots__/resolve.test.js.snap'), 'utf8');
}
