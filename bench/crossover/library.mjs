// The library with another threshold: a copy of the bundles in which that one number is replaced.
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../lib/run-program.mjs';

const threshold = /\bSHARED_FROM=[^,;]+/g;
/** The pool, and the program that its workers run. */
const bundlesWithThreshold = ['pool.js', 'pool-worker.js'];

const replaceThreshold = (file, value) => {
  const text = fs.readFileSync(file, 'utf8');
  const count = text.match(threshold)?.length;
  if (count !== 1) throw new Error(`${file} has its threshold ${count ?? 0} times`);
  fs.writeFileSync(file, text.replace(threshold, `SHARED_FROM=${value}`));
};

/** @returns {string} The file of the library; it is made once for each value in a directory. */
export const ensureLibrary = (directory, value) => {
  const root = path.join(directory, `library-${value}`);
  const dist = path.join(root, 'dist');
  if (!fs.existsSync(root)) {
    fs.cpSync(path.join(repositoryRoot, 'dist'), dist, { recursive: true });
    for (const addon of fs.readdirSync(repositoryRoot).filter((name) => name.endsWith('.node'))) {
      fs.symlinkSync(path.join(repositoryRoot, addon), path.join(root, addon));
    }
    for (const bundle of bundlesWithThreshold) replaceThreshold(path.join(dist, bundle), value);
  }
  return path.join(dist, 'pool.js');
};
