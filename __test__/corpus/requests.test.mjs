// Asks resolve() what real programs ask Node, and compares with what stock Node told them.
import path from 'node:path';
import test from 'ava';
import { ensureCorpus } from '../../bench/corpus/install.mjs';
import { programs } from '../../bench/corpus/programs.mjs';
import { recordProgram } from '../../bench/lib/run-program.mjs';
import { ourAnswer } from '../helpers/oracle.mjs';

const leastComparisons = 10_000;

let comparisons = 0;
let leftOut = 0;

test.before('the corpus is installed', (t) => {
  t.timeout(600_000);
  ensureCorpus();
});

// resolve() has no `paths` option; the hook's tests cover require.resolve(request, { paths }).
const hasPaths = ([, , , options]) => options !== undefined;

const askAgain = (program, [request, parent]) => {
  const { path: filename, error } = ourAnswer(request, path.dirname(parent ?? program.entry));
  return filename ?? { name: error.name, code: error.code, message: error.message };
};

for (const program of programs) {
  test.serial(`resolve() answers every request of ${program.name} as stock Node did`, (t) => {
    t.timeout(300_000);
    const { calls } = recordProgram(program).recording;
    const comparable = calls.filter((call) => !hasPaths(call));
    const differences = comparable
      .map((call) => ({ request: call[0], parent: call[1], node: call[2], ours: askAgain(program, call) }))
      .filter(({ node, ours }) => JSON.stringify(node) !== JSON.stringify(ours));
    t.deepEqual(differences, []);
    comparisons += comparable.length;
    leftOut += calls.length - comparable.length;
  });
}

test.serial('enough requests were compared', (t) => {
  t.log(`${comparisons} requests compared, ${leftOut} with \`paths\` left out`);
  t.true(comparisons >= leastComparisons, `${comparisons} comparisons`);
});
