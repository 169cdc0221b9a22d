// Installs the corpus on demand, so that the demo and the tests start from a bare clone.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runExclusively } from '../lib/run-exclusively.mjs';

export const corpusDirectory = path.dirname(fileURLToPath(import.meta.url));

const lockFile = path.join(corpusDirectory, 'package-lock.json');
// Written when npm has finished, so that an interrupted install is begun anew.
const installStamp = path.join(corpusDirectory, 'node_modules', '.fast-resolve-installed');

// Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, and some registries do not carry
// all of those. With --no-save npm installs what the lock file pins, checks its integrity and leaves the file as it is.
const npmArguments = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];

// The stamp holds the lock file's text: a copy or a checkout changes modification times without changing what is pinned.
const isInstalled = () => {
  try {
    return fs.readFileSync(installStamp, 'utf8') === fs.readFileSync(lockFile, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') {
      throw error;
    }
    return false;
  }
};

const install = () => {
  // Another process may have installed everything while this one waited for its turn.
  if (isInstalled()) {
    return;
  }
  process.stderr.write('Installing the corpus of real programs (about 350 MB, once) ...\n');
  const { status, error } = spawnSync('npm', npmArguments, {
    cwd: corpusDirectory,
    shell: process.platform === 'win32',
    // npm's own output goes to stderr, because the demo's stdout may be read as JSON.
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined || status !== 0) {
    throw new Error(`npm install failed in ${corpusDirectory}: ${error?.message ?? `exit code ${status}`}`);
  }
  fs.copyFileSync(lockFile, installStamp);
};

/** Makes sure that `node_modules` is what the lock file pins, and returns the corpus's directory. */
export const ensureCorpus = () => {
  if (!isInstalled()) {
    runExclusively(path.join(corpusDirectory, '.install.lock'), install);
  }
  return corpusDirectory;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureCorpus();
}
