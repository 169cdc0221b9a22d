// What a run of the model has to say.

import { inspect } from 'node:util';

const MOST_SHOWN = 5;
const LATEST = 40;

/** One line with what was counted. */
export function describeRun({ steps, lives, counts, layers }) {
  const { answers, found, changed, fresh, before, mixed, node, kept, keptLater } = counts;
  return (
    `${steps} steps in ${lives} processes, ${answers} answers compared, ${found} of them paths, ${changed} other than before; as a fresh Node says ${fresh}, as ` +
    `one said earlier in the turn ${before}, resting on two moments of it ${mixed}, left to the thread's Node ${node}, repeated by it as by a stock one ${kept}, by ` +
    `itself ${keptLater}; answered by layer: ${JSON.stringify(layers)}`
  );
}

/** What was wrong, what had happened to the tree before, and how to see it again. */
export function describeWrong({ seed, steps, wrong, history, root }) {
  const shown = wrong
    .slice(0, MOST_SHOWN)
    .map((answer) => inspect(answer, { breakLength: 120, maxStringLength: null }));
  const lines = history.map((happened, index) => `${index}: ${happened}`);
  const text = [
    ...shown,
    'What happened in the life of the process, latest last; answers given before are numbered by the line they follow:',
    ...lines.slice(0, 1),
    ...lines.slice(1).slice(-LATEST),
  ].join('\n');
  return [
    `${wrong.length} wrong answers in step ${steps}, below ${root}:`,
    text.replaceAll(`${root}/`, '/').replaceAll(root, '/'),
    `To repeat it: npm run test:stale -- --seed ${seed} --steps ${steps}`,
  ].join('\n');
}
