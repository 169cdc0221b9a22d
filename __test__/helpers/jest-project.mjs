// Installs the jest that the tests run, on demand.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { runExclusively } from '../../bench/lib/run-exclusively.mjs';

const jestProject = path.resolve(import.meta.dirname, '../runners/project');

const lockFile = path.join(jestProject, 'package-lock.json');
// Written when npm has finished, so that an interrupted installation is begun anew.
const stamp = path.join(jestProject, 'node_modules', '.fast-resolve-installed');
// Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, and not every registry has them.
const npmArguments = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

const isInstalled = () => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === fs.readFileSync(lockFile, 'utf8');

const install = () => {
  // Another process may have installed everything while this one waited for its turn.
  if (isInstalled()) return;
  const { status, error } = spawnSync('npm', npmArguments, {
    cwd: jestProject,
    shell: process.platform === 'win32',
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`npm install failed in ${jestProject}: ${error?.message ?? `exit code ${status}`}`);
  }
  fs.copyFileSync(lockFile, stamp);
};

/** Makes sure that jest is installed as the lock file pins it. */
export const ensureJest = () => {
  if (!isInstalled()) runExclusively(path.join(jestProject, '.install.lock'), install);
};

/** Jest's command line. */
export const jestCommand = path.join(jestProject, 'node_modules/jest/bin/jest.js');
