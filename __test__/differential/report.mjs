// Describes a difference from Node by the smallest example that still shows it.

import { inspect } from 'node:util';
import { formatTree } from '../helpers/tree.mjs';
import { compareInTwins } from '../helpers/twins.mjs';
import { outcomeOf } from './compare.mjs';
import { minimise } from './minimise.mjs';

export function reportOf(difference, seed) {
  const isAlike = ({ ours, node, equal }) =>
    !equal && outcomeOf(ours) === outcomeOf(difference.ours) && outcomeOf(node) === outcomeOf(difference.node);
  const compare = ({ tree, request, fromDir }) => compareInTwins(tree, request, fromDir);
  if (!isAlike(compare(difference))) return reportWithEarlierRequests(difference, seed);
  const smallest = minimise(difference, (example) => isAlike(compare(example)));
  const { ours, node } = compare(smallest);
  const { tree, request, fromDir } = smallest;
  return `differs from Node: ${formatFacts({ seed, request, fromDir, ours, node })}\nin the tree ${formatTree(tree)}`;
}

function reportWithEarlierRequests({ tree, request, fromDir, ours, node, earlier }, seed) {
  const facts = formatFacts({ seed, request, fromDir, ours, node, earlier });
  return `differs from Node, but only after earlier requests: ${facts}\nin the tree ${formatTree(tree)}`;
}

function formatFacts(facts) {
  return inspect(facts, { depth: 6, breakLength: 120, maxArrayLength: null, maxStringLength: 2000 });
}
