// What is measured: a name, the file in implementations/ that does it, and the environment that it runs in.
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './run-program.mjs';

const benchDirectory = path.join(repositoryRoot, 'bench');

export const ours = 'fast-resolve';
export const oursTrusting = 'fast-resolve (trust)';
export const oursHook = 'fast-resolve (hook)';
export const nodes = 'node';
export const peers = ['oxc-resolver', 'unrs-resolver', 'enhanced-resolve', 'resolve'];

/** The environment in which our own implementation keeps nothing on the disk. */
export const withoutSnapshot = { FAST_RESOLVE_CACHE: '0' };

/** The environment in which it keeps its snapshot in this directory. */
export const withSnapshot = (directory) => ({ FAST_RESOLVE_CACHE: directory });

/** The same, and the snapshot is believed without a look at the disk. */
export const withTrust = (directory) => ({ ...withSnapshot(directory), FAST_RESOLVE_TRUST: '1' });

/** The environment in which the hook answers from the first request on, however few there are. */
export const withoutWaiting = { FAST_RESOLVE_WAIT: '0' };

/** The file in implementations/ of an implementation. */
export const fileOf = (name) => ({ [oursTrusting]: ours, [oursHook]: 'fast-resolve-hook' })[name] ?? name;

/** The versions of packages that are compared, or do the comparing. */
export const versionsOf = (packages) =>
  Object.fromEntries(
    packages.map((peer) => {
      const packageJson = path.join(benchDirectory, 'node_modules', peer, 'package.json');
      return [peer, JSON.parse(fs.readFileSync(packageJson, 'utf8')).version];
    }),
  );
