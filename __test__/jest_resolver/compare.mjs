// Puts one request to this package's resolver and to the one that a version of jest comes with.

import { createRequire } from 'node:module';
import { loadJestResolver } from '../helpers/jest-project.mjs';

const resolve = createRequire(import.meta.url)('../../jest-resolver.js');

/** What ours gives to jest instead of answering it. */
const LEFT_TO_JEST = Symbol('left to jest');

/** Failures of a system call on the way, which jest 29 reports although it need not look at that place. */
const SYSTEM_ERRORS = new Set(['ELOOP', 'EACCES', 'ENAMETOOLONG']);

/** As jest 30 puts them together for `require`, for `import`, and for a look-up of its own. */
const OPTION_SETS = [
  {
    conditions: ['require', 'default', 'node', 'node-addons'],
    extensions: ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.tsx', '.json', '.node'],
  },
  { conditions: ['import', 'default', 'node'], extensions: ['.json', '.js'] },
  { conditions: undefined, extensions: ['.native.js', '.js', '.d.ts', '.json'] },
];

export const optionSetCount = OPTION_SETS.length;

/** Compares with jest of this major version. */
export function createComparison(major) {
  const { resolve: resolveWithJest, options: passed, forget } = loadJestResolver(major);

  /** @returns {{ kind: 'left' | 'same' | 'different', ours?: string, jest?: unknown }} */
  function compare(request, basedir, optionSet, rootDir) {
    const options = {
      ...passed,
      ...OPTION_SETS[optionSet % OPTION_SETS.length],
      basedir,
      moduleDirectory: ['node_modules'],
      rootDir,
    };
    const ours = resolve(request, { ...options, defaultResolver: () => LEFT_TO_JEST });
    if (ours === LEFT_TO_JEST) return { kind: 'left' };
    const jest = answerOf(() => resolveWithJest(request, options));
    return { kind: isSame(ours, jest) ? 'same' : 'different', ours, jest };
  }

  return { major, compare, forget };
}

function answerOf(ask) {
  try {
    return { path: ask() };
  } catch (error) {
    return { code: error.code, message: error.message };
  }
}

function isSame(ours, { path, code }) {
  return path === ours || (path === undefined && SYSTEM_ERRORS.has(code));
}
