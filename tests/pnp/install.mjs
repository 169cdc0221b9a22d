// Installs this project with Yarn's Plug'n'Play on demand, from its lock file. Does nothing if that was done before.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { runExclusively } from '../../bench/lib/run-exclusively.mjs';
import { root } from '../../scripts/paths.mjs';
import { ensureInstalled } from '../../scripts/setup.mjs';

export const pnpProject = import.meta.dirname;

const tools = path.join(root, 'tools/pack');
const yarn = path.join(tools, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
// Written when Yarn has finished, so that an interrupted installation is begun anew.
const stamp = path.join(pnpProject, '.yarn/installed');

/** Everything that says what is to be installed: the lock file has what the package.json files ask for. */
const wanted = () =>
  ['.yarnrc.yml', 'yarn.lock'].map((name) => fs.readFileSync(path.join(pnpProject, name), 'utf8')).join('');

const isInstalled = () => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted();

const install = () => {
  // Another process may have installed everything while this one waited for its turn.
  if (isInstalled()) return;
  runExclusively(path.join(tools, '.install.lock'), () => ensureInstalled('tools/pack'));
  // What Yarn says is no result: that may be read as JSON.
  const { status, error } = spawnSync(process.execPath, [yarn, 'install', '--immutable'], {
    cwd: pnpProject,
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`yarn install failed in ${pnpProject}: ${error?.message ?? `exit code ${status}`}`);
  }
  fs.writeFileSync(stamp, wanted());
};

/** Makes sure that the project is installed as its lock file pins it, and returns its directory. */
export const ensurePnpProject = () => {
  if (!isInstalled()) runExclusively(path.join(pnpProject, '.install.lock'), install);
  return pnpProject;
};

if (process.argv[1] === import.meta.filename) ensurePnpProject();
