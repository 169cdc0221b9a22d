// Compares both resolvers over one generated tree; the requests hold ROOT where the tree's directory belongs.

import { compareAnswers } from '../helpers/oracle.mjs';
import { removeTree, writeTree } from '../helpers/tree.mjs';
import { compareInTwins, ROOT } from '../helpers/twins.mjs';

/**
 * Asks all requests in one copy of the tree, so that what either resolver remembers comes to bear, and gives the
 * outcomes and the first difference. Where Node answers differently only because of what it remembers, a Node that
 * has seen nothing decides.
 */
export function compareAll(tree, requests) {
  const root = writeTree(tree);
  const place = (text) => text.replaceAll(ROOT, () => root);
  const outcomes = [];
  try {
    for (const [index, [request, fromDir]] of requests.entries()) {
      const { ours, node, equal } = compareAnswers(place(request), place(fromDir));
      if (!equal && !isLikeFreshNode({ tree, request, fromDir, root }, ours)) {
        const earlier = requests.slice(0, index);
        return { outcomes, difference: { tree, request, fromDir, ours, node, earlier } };
      }
      outcomes.push(outcomeOf(node));
    }
  } finally {
    removeTree(root);
  }
  return { outcomes };
}

/** 'found', or the code of the error. */
export function outcomeOf({ answer }) {
  return answer.error === undefined ? 'found' : (answer.error.code ?? answer.error.name);
}

function isLikeFreshNode({ tree, request, fromDir, root }, ours) {
  const { node } = compareInTwins(tree, request, fromDir);
  return JSON.stringify(ours).replaceAll(root, () => ROOT) === JSON.stringify(node);
}
