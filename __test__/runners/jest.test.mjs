// A real jest runs a real project under the hook and without: all the same.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { ensureJest, jestCommand } from '../helpers/jest-project.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { projectTree } from './jest_tree.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const register = path.join(repository, 'dist/register.js');

/** Runs once before all tests, in jest's own process, and says whether the hook is there. */
const SETUP = `
  const { writeFileSync } = require('node:fs');
  module.exports = () => writeFileSync(__dirname + '/installed', String(require(${JSON.stringify(repository)}).installed));`;

test.before('jest is installed', (t) => {
  t.timeout(600_000);
  ensureJest();
});

for (const flags of [['--runInBand'], ['--maxWorkers=2'], ['--maxWorkers=2', '--workerThreads']]) {
  test.serial(`the same results, messages and snapshots with ${flags.join(' ')}`, (t) => {
    t.timeout(300_000);
    const root = treeFor(t, { ...projectTree, 'setup.js': SETUP });
    const stock = runJest(root, [], flags);
    const snapshots = readSnapshots(root);
    t.true(snapshots.includes("Cannot find module 'missing'"), 'the stock run wrote the snapshots');
    t.is(stock.installed, 'false');
    const hooked = runJest(root, ['-r', register], flags);
    t.is(hooked.installed, 'true');
    t.deepEqual(hooked.results, stock.results);
    t.is(hooked.results.length, 9);
    t.is(readSnapshots(root), snapshots);
  });
}

/** Runs the project's tests; gives each with what became of it. */
function runJest(root, nodeArguments, flags) {
  const config = {
    rootDir: root,
    cacheDirectory: path.join(root, '.cache'),
    globals: { EXPECTED_CONDITION: 'require' },
    globalSetup: '<rootDir>/setup.js',
    moduleNameMapper: { '^@/(.*)$': '<rootDir>/src/$1', '\\.css$': '<rootDir>/style-stub.js' },
    testMatch: ['**/__tests__/*.test.*'],
    transform: {},
  };
  const outputFile = path.join(root, 'results.json');
  const { stderr, error } = spawnSync(
    process.execPath,
    [
      ...nodeArguments,
      '--experimental-vm-modules',
      jestCommand,
      '--config',
      JSON.stringify(config),
      '--json',
      '--outputFile',
      outputFile,
      ...flags,
    ],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, FAST_RESOLVE_CACHE: '0', FAST_RESOLVE_WAIT: '0' },
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  if (error !== undefined) throw error;
  if (!fs.existsSync(outputFile)) throw new Error(`jest wrote no results: ${stderr}`);
  const results = resultsIn(JSON.parse(fs.readFileSync(outputFile, 'utf8')));
  fs.rmSync(outputFile);
  return { results, installed: fs.readFileSync(path.join(root, 'installed'), 'utf8') };
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
