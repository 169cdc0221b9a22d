// Compares a long list of requests and counts what came out.
import { countCoreAnswers } from '../helpers/core_answers.mjs';
import { compareAnswers } from '../helpers/oracle.mjs';

const differencesKept = 20;

/** The least share of the paths that the core must find itself; builtins are answered before it is asked. */
const leastCoreShare = 0.9;

/** Asks for each `{ request, fromDir }`; answers how many gave a path, how many an error, and what differs. */
export const compareAll = (requests) => {
  const result = { compared: 0, paths: 0, errors: {}, differing: 0, differences: [] };
  for (const { request, fromDir } of requests) {
    const { ours, node, equal } = compareAnswers(request, fromDir);
    result.compared += 1;
    if (node.answer.error === undefined) {
      result.paths += 1;
    } else {
      const code = node.answer.error.code ?? node.answer.error.name;
      result.errors[code] = (result.errors[code] ?? 0) + 1;
    }
    if (!equal) {
      result.differing += 1;
      // Thousands of equal failures would bury the first.
      if (result.differences.length < differencesKept) {
        result.differences.push({ request, fromDir, ours, node });
      }
    }
  }
  return result;
};

/** Asserts that nothing differs and that enough was compared; logs the counts. */
export const checkAll = (t, requests, { leastPaths, leastErrors }) => {
  const core = countCoreAnswers();
  const { compared, paths, errors, differing, differences } = compareAll(requests);
  const codes = Object.entries(errors).map(([code, count]) => `${count} ${code}`);
  t.log(`${compared} requests compared: ${paths} paths, ${codes.join(', ')}`);
  t.deepEqual(differences, [], `${differing} of ${compared} requests differ; the first are shown`);
  t.log(`the core: ${JSON.stringify(core)}`);
  t.true(core.found >= leastCoreShare * paths, `the core found ${core.found} of ${paths} paths itself`);
  t.true(paths >= leastPaths, `${paths} paths, at least ${leastPaths} expected`);
  t.true(compared - paths >= leastErrors, `${compared - paths} errors, at least ${leastErrors} expected`);
};
