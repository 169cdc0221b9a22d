// The compiler on uses of the declarations.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** @param {string} project A directory with a `tsconfig.json`. */
export function typeCheck(project) {
  const { status, stdout, error } = spawnSync(process.execPath, [compiler, '--project', project], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { status, stdout };
}
