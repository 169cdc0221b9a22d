// Compares the two resolvers in two copies of one tree.
//
// Node remembers things about a path for as long as the process lives: that it has warned, what a link led to (even
// where following it ended in an error). Each resolver has a copy to itself here, so that neither sees what the
// other made Node remember.

import { areEqual, askNode, askOurs } from './oracle.mjs';
import { removeTree, writeTree } from './tree.mjs';

/** Stands for the directory of the tree in requests, directories and answers. */
export const ROOT = '{root}';

/** Both answers, the directory of the tree written as ROOT. */
export function compareInTwins(tree, request, fromDir, resolve) {
  const ours = inFreshTree(tree, (place) => askOurs(place(request), place(fromDir), resolve));
  const node = inFreshTree(tree, (place) => askNode(place(request), place(fromDir)));
  return { ours, node, equal: areEqual(ours, node) };
}

/** Asserts that both give the same answer and the same warnings; returns them. */
export function checkInTwins(t, tree, request, fromDir) {
  const { ours, node } = compareInTwins(tree, request, fromDir);
  t.deepEqual(ours, node, `ours (first) differs from Node's for ${JSON.stringify(request)} from ${fromDir}`);
  return node;
}

function inFreshTree(tree, ask) {
  const root = writeTree(tree);
  try {
    const outcome = ask((text) => text.replaceAll(ROOT, () => root));
    return JSON.parse(JSON.stringify(outcome).replaceAll(root, () => ROOT));
  } finally {
    removeTree(root);
  }
}
