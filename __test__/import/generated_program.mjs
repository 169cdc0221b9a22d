// Compares what the core says of random imports in random trees with what Node says in the same process; prints what was found, as JSON.
// Started with the number of trees and a seed.

import Module, { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

import fc from 'fast-check';

import { minimise } from '../differential/minimise.mjs';
import { formatTree, removeTree, writeTree } from '../helpers/tree.mjs';
import { ROOT } from '../helpers/twins.mjs';
import { importLayout, importRequestsFor } from './generators.mjs';

// With the hook in place, Node would be told the core's own answers.
process.env.FAST_RESOLVE_IMPORT = '0';
Module.registerHooks = () => {
  throw new Error('The core must not be asked by Node');
};
const { import_hook: importHook } = createRequire(import.meta.url)('../../dist/register.js').parts;
Module.registerHooks = registerHooks;
const [trees, seed] = process.argv.slice(2).map(Number);
const REQUESTS_PER_TREE = 40;
const ASKED = 'ask:';

/** Node's own answers are to be had within a hook alone. */
let nodesContext;
let nodesResolve;
function inHook(action) {
  let result;
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== ASKED) return nextResolve(specifier, context);
      nodesContext = context;
      nodesResolve = nextResolve;
      result = action();
      return { url: 'data:,', shortCircuit: true };
    },
  });
  import.meta.resolve(ASKED);
  hooks.deregister();
  return result;
}

function observe(action) {
  const warnings = [];
  const { emitWarning } = process;
  process.emitWarning = (_message, _type, code) => warnings.push(code);
  try {
    const { url, format } = action() ?? {};
    return { answer: { url, format: format ?? null }, warnings };
  } catch (error) {
    return { answer: { code: error.code ?? error.name }, warnings };
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Both answers; ours first, since Node prints some warnings once for each package. */
function compare(root, [request, fromDir, parent]) {
  const place = (text) => text.replaceAll(ROOT, () => root);
  const specifier = place(request);
  const parentURL = `${pathToFileURL(place(fromDir))}/${parent}`;
  const context = { ...nodesContext, parentURL };
  const ours = observe(() => importHook.resolveImport(specifier, context, 'turn'));
  const nodes = observe(() => nodesResolve(specifier, context));
  const isLeft = ours.answer.url === undefined && ours.answer.code === undefined;
  const isSame = JSON.stringify(ours) === JSON.stringify(nodes);
  return { ours, nodes, isLeft, isSame: isLeft ? ours.warnings.length === 0 : isSame };
}

/** For each way in which Node answered: how often, and how often the core answered the same. */
const counts = {};
let difference;

function compareAll(tree, requests) {
  const root = writeTree(tree);
  try {
    for (const request of requests) {
      const { ours, nodes, isLeft, isSame } = compare(root, request);
      const [specifier, fromDir, parent] = request;
      const example = { tree, request: specifier, fromDir, parent };
      // What Node remembers of links that it has followed can change its answer: a Node that has followed none decides.
      if (!isSame && !compareAlone(example).isSame) {
        difference = { ...example, ours, nodes };
        return false;
      }
      const outcome = outcomeOf(nodes.answer);
      counts[outcome] ??= { all: 0, ours: 0, warned: 0 };
      counts[outcome].all++;
      if (!isLeft) counts[outcome].ours++;
      if (nodes.warnings.length > 0) counts[outcome].warned++;
    }
  } finally {
    removeTree(root);
  }
  return true;
}

const outcomeOf = ({ url, format, code }) => code ?? (url.startsWith('file:') ? `file: ${format}` : url.split(':')[0]);

function compareAlone({ tree, request, fromDir, parent }) {
  const root = writeTree(tree);
  try {
    return compare(root, [request, fromDir, parent]);
  } finally {
    removeTree(root);
  }
}

/** The difference, as small as it can be made, in words. */
function describe(found) {
  const kindOf = ({ ours, nodes }) => JSON.stringify([outcomeOf2(ours), outcomeOf2(nodes)]);
  const fails = (example) => {
    const again = compareAlone(example);
    return !again.isSame && kindOf(again) === kindOf(found);
  };
  const smallest = fails(found) ? minimise(found, fails) : found;
  const { request, fromDir, parent } = smallest;
  const { ours, nodes } = fails(found) ? compareAlone(smallest) : found;
  return `${JSON.stringify({ request, fromDir, parent, ours, nodes }, null, 1)}\nin the tree ${formatTree(smallest.tree)}`;
}

const outcomeOf2 = ({ answer, warnings }) => [answer.code ?? answer.format, warnings];

inHook(() => {
  const examples = importLayout.chain((tree) =>
    fc.tuple(fc.constant(tree), importRequestsFor(tree, REQUESTS_PER_TREE)),
  );
  const property = fc.property(examples, ([tree, requests]) => compareAll(tree, requests));
  const result = fc.check(property, { seed, numRuns: trees, endOnFailure: true });
  if (result.failed && difference === undefined) throw result.errorInstance;
  difference = difference && describe(difference);
});
console.log(JSON.stringify({ counts, difference }));
