// The program that child_answers.mjs runs: prints the comparison of every request that it is given.

import { compareAnswers } from './oracle.mjs';

const NOBODY = 65534;

const { requests, unprivileged } = JSON.parse(process.argv[2]);
if (unprivileged && process.getuid() === 0) {
  process.setegid(NOBODY);
  process.seteuid(NOBODY);
}
const comparisons = requests.map(([request, fromDir]) => compareAnswers(request, fromDir));
process.stdout.write(JSON.stringify(comparisons));
