// Measures what the package itself costs: the addon's size and the time that requiring it takes.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from './run-program.mjs';
import { summarise } from './statistics.mjs';

const requireTimeScript = fileURLToPath(new URL('./require-time.cjs', import.meta.url));

const timeRequireOnce = () => Number(execFileSync(process.execPath, [requireTimeScript], { encoding: 'utf8' }));

/** Every addon file at the repository's root; a build makes one. */
export const addonFiles = () =>
  fs
    .readdirSync(repositoryRoot)
    .filter((name) => name.endsWith('.node'))
    .map((name) => ({ name, bytes: fs.statSync(path.join(repositoryRoot, name)).size }));

/** Each time is measured inside a fresh process, around the `require`. */
export const measureRequire = (processes) => {
  // The first run reads the files from the disk, the others from memory.
  timeRequireOnce();
  return { processes, ...summarise(Array.from({ length: processes }, timeRequireOnce)) };
};
