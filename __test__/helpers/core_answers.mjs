// Counts what the core answers itself. Whatever it leaves to Node is Node's answer, and proves nothing of the core.

import { createRequire } from 'node:module';

const { native } = createRequire(import.meta.url)('../../dist/fast-resolve.js').parts.internals;

/** Counts from now on, in this process: paths, requests that it found nothing for, and those that it left to Node. */
export function countCoreAnswers() {
  const counts = { found: 0, notFound: 0, leftToNode: 0 };
  const { prototype } = native.Resolver;
  for (const name of ['resolve', 'resolveFrom', 'resolveAnew']) {
    const resolve = prototype[name];
    prototype[name] = function countedResolve(...args) {
      const answer = Reflect.apply(resolve, this, args);
      if (typeof answer !== 'number') counts.found++;
      else if (answer === 1) counts.notFound++;
      else counts.leftToNode++;
      return answer;
    };
  }
  return counts;
}
