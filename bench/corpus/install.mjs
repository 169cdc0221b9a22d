// Installs the corpus on demand, so that the demo and the tests start from a bare clone.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/paths.mjs';
import { installPackages } from '../../scripts/setup.mjs';
import { runExclusively } from '../lib/run-exclusively.mjs';

export const corpusDirectory = path.dirname(fileURLToPath(import.meta.url));
const esmDirectory = path.resolve(corpusDirectory, '../esm');

/** Makes sure that `node_modules` is what the lock file pins, and returns the directory. */
export const ensurePackages = (directory) => {
  const lockFile = path.join(directory, 'package-lock.json');
  // Written when npm has finished, so that an interrupted install is begun anew.
  const installStamp = path.join(directory, 'node_modules', '.fast-resolve-installed');

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
    installPackages(path.relative(root, directory));
    fs.copyFileSync(lockFile, installStamp);
  };

  if (!isInstalled()) {
    runExclusively(path.join(directory, '.install.lock'), install);
  }
  return directory;
};

/** The packages of the programs that are CommonJS. */
export const ensureCorpus = () => ensurePackages(corpusDirectory);

/** The packages of the programs that are ES modules. */
export const ensureEsmCorpus = () => ensurePackages(esmDirectory);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureCorpus();
}
