// Counts what the core answers itself. Whatever it leaves to Node is Node's answer, and proves nothing of the core.

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { addon, answers } = require('../../dist/core.js').parts;
const { NOT_FOUND } = require('../../lib/resolve/asking.js');

/** Counts from now on, in this process: paths, requests that it found nothing for, and those that it left to Node. */
export function countCoreAnswers() {
  const { native } = addon;
  const hitsBefore = answers.counts.hits;
  const counts = { worked: 0, notFound: 0, leftToNode: 0 };
  const { resolve } = native;
  native.resolve = function countedResolve(...args) {
    const answer = Reflect.apply(resolve, this, args);
    if (typeof answer !== 'number' || answer > NOT_FOUND) counts.worked++;
    else if (answer === NOT_FOUND) counts.notFound++;
    else counts.leftToNode++;
    return answer;
  };
  return {
    /** Those that it repeated, too. */
    get found() {
      return counts.worked + answers.counts.hits - hitsBefore;
    },
    get notFound() {
      return counts.notFound;
    },
    get leftToNode() {
      return counts.leftToNode;
    },
  };
}
