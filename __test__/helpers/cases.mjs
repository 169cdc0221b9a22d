// Turns a table of requests into tests: each row is compared with Node, and with what its author expects.

import { check } from './oracle.mjs';
import { removeTree, writeTree } from './tree.mjs';

export const nodeMajor = Number(process.versions.node.split('.', 1)[0]);

/** The answer is this path below the tree. */
export const found = (name) => ({ kind: 'found', name });

/** The answer is this text, as it stands. */
export const answers = (text) => ({ kind: 'answers', text });

/** The error has this code; `undefined` stands for an error without one. */
export const failsWith = (code) => ({ kind: 'fails', code });

/** Node decides, and does so differently from version to version. */
export const sameAsNode = { kind: 'sameAsNode' };

/** One test for each row [title, request, fromDir, expected] in `rows`; `fromDir` is relative to the tree they share. */
export function testRows(test, tree, rows) {
  let root;
  test.before(() => {
    root = writeTree(tree);
  });
  test.after.always(() => {
    removeTree(root);
  });
  for (const [title, request, fromDir, expected] of rows) {
    test(title, (t) => {
      checkRow(t, root, request, fromDir, expected);
    });
  }
}

/** `{root}` in a request stands for the directory of the tree. */
export function checkRow(t, root, request, fromDir, expected) {
  const answer = check(
    t,
    request.replaceAll('{root}', () => root),
    `${root}/${fromDir}`,
  );
  t.deepEqual(summaryOf(answer, expected), expectationOf(root, expected, answer));
}

function summaryOf(answer, { kind }) {
  if (kind === 'fails' && answer.error !== undefined) return { code: answer.error.code };
  return answer;
}

function expectationOf(root, { kind, name, text, code }, answer) {
  if (kind === 'found') return { path: `${root}/${name}` };
  if (kind === 'answers') return { path: text };
  if (kind === 'fails') return { code };
  return answer;
}
