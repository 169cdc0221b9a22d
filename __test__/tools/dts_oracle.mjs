// Asks TypeScript and this package where the declarations of a module are, and compares the two answers.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { corpusDirectory, ensureCorpus } from '../../bench/corpus/install.mjs';
import { library } from '../helpers/clock.mjs';

ensureCorpus();
const require = createRequire(import.meta.url);

/** The versions of TypeScript that this package is compared with: the one that it is built with, and that of the corpus. */
export const typeScripts = [require('typescript'), createRequire(`${corpusDirectory}/`)('typescript')];

/** Options of this package, and what says the same to TypeScript: options, and whether `require` asks. */
export const VARIANTS = [
  { ours: {}, theirs: {} },
  { ours: { symlinks: false }, theirs: { preserveSymlinks: true } },
  { ours: { conditionNames: ['custom'] }, theirs: { customConditions: ['custom'] } },
  { ours: { conditionNames: ['require'] }, theirs: {}, isRequire: true },
  { ours: { conditionNames: ['require', 'import'] }, theirs: { customConditions: ['require'] } },
  { ours: { resolveJsonModule: false }, theirs: { resolveJsonModule: false } },
];

/** A function that compares the answers to `(request, file)`, for a version of TypeScript and one of the variants. */
export function createComparison(ts, { ours, theirs, isRequire = false } = VARIANTS[0]) {
  const resolver = library.createResolver({ typescriptVersion: ts.version, ...ours });
  const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, ...theirs };
  const mode = isRequire ? ts.ModuleKind.CommonJS : undefined;
  // This package tells real paths wherever links are followed; TypeScript does for packages alone.
  const tell = ours.symlinks === false ? (file) => file : realPath;
  return (request, file) => ({
    ours: ourAnswer(resolver.resolveDts(file, request), tell),
    theirs: theirAnswer(() => ts.resolveModuleName(request, file, options, ts.sys, undefined, undefined, mode), tell),
  });
}

/** A path; of JavaScript, which has no types, with a word before it; or `nothing`. */
function ourAnswer({ path: found, error, code }, tell) {
  if (found !== undefined) return found;
  if (code === 'FAST_RESOLVE_RECURSION') return 'endless';
  if (code !== 'MODULE_NOT_FOUND') return error;
  const javascript = /^Cannot find declarations of module .*: it is '(?<file>.*)'$/s.exec(error);
  return javascript === null ? 'nothing' : `javascript ${tell(javascript.groups.file)}`;
}

function theirAnswer(ask, tell) {
  let resolved;
  try {
    resolved = ask().resolvedModule;
  } catch (error) {
    if (error instanceof RangeError) return 'endless';
    throw error;
  }
  if (resolved === undefined) return 'nothing';
  const found = tell(path.resolve(resolved.resolvedFileName));
  return /\.[cm]?jsx?$/.test(resolved.resolvedFileName) ? `javascript ${found}` : found;
}

function realPath(file) {
  return fs.realpathSync(file);
}
