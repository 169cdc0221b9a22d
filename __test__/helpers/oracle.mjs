// Asks the running Node and this package the same question, and compares the two answers.

import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { inspect } from 'node:util';
import { library } from './clock.mjs';

export const fastResolve = library;

/** What createRequire(…).resolve(request) answers, from a Node that has answered nothing before. */
export function nodeAnswer(request, fromDir) {
  return askNode(request, fromDir).answer;
}

/** What this package answers, in the same shape as nodeAnswer(). */
export function ourAnswer(request, fromDir, resolve = fastResolve.resolve) {
  return askOurs(request, fromDir, resolve).answer;
}

/** Node's answer and the warnings that it gave on the way. */
export function askNode(request, fromDir) {
  return observe(resolveWithNode, request, fromDir);
}

/** Our answer and the warnings that were given on the way. */
export function askOurs(request, fromDir, resolve = fastResolve.resolve) {
  return observe(resolve, request, fromDir);
}

/** Both answers with the warnings that were given on the way; `equal` tells whether they agree. */
export function compareAnswers(request, fromDir, resolve = fastResolve.resolve) {
  // Node gives some warnings once per process and package. Ours goes first, so that one that leaves such a
  // warning to Node is not blamed for Node having given it already.
  const ours = askOurs(request, fromDir, resolve);
  const node = askNode(request, fromDir);
  forgetWarningsGivenOnce(ours.warnings, node.warnings);
  return { ours, node, equal: areEqual(ours, node) };
}

/** Asserts that both give the same answer and the same warnings; returns the answer. */
export function check(t, request, fromDir, resolve = fastResolve.resolve) {
  const { ours, node, equal } = compareAnswers(request, fromDir, resolve);
  // Only a difference is worth the time that showing a megabyte takes.
  if (equal) t.pass();
  else t.deepEqual(ours, node, `ours (first) differs from Node's for ${inspect(request)} from ${inspect(fromDir)}`);
  return node.answer;
}

export function areEqual(ours, node) {
  return JSON.stringify(ours) === JSON.stringify(node);
}

function resolveWithNode(request, fromDir) {
  try {
    return createRequire(path.join(fromDir, 'any.js')).resolve(request);
  } catch (error) {
    // Node lists the made-up any.js here; resolve() has no file that requires.
    if (Array.isArray(error.requireStack)) error.requireStack = [];
    throw error;
  }
}

function observe(resolve, request, fromDir) {
  // This cache of Node's would make an answer depend on what was asked before: it is keyed by the lookup paths, which
  // the directories `x` and `x/node_modules` share although they are in different package scopes. Ours may ask Node too.
  Module._pathCache = Object.create(null);
  const warnings = [];
  const originalEmitWarning = process.emitWarning;
  process.emitWarning = (message, _type, code) => {
    warnings.push({ code, message: String(message) });
  };
  try {
    return { answer: { path: resolve(request, fromDir) }, warnings };
  } catch (error) {
    return { answer: { error: factsOf(error) }, warnings };
  } finally {
    process.emitWarning = originalEmitWarning;
  }
}

function factsOf(error) {
  const { name, code, message, path: errorPath, requestPath, requireStack } = error;
  const facts = {
    name,
    code,
    message: message.split('\n', 1)[0],
    path: errorPath,
    requestPath,
    requireStack,
    isOfItsClass: error instanceof (globalThis[name] ?? Error) ? undefined : false,
    ...otherFields(error),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function otherFields(error) {
  const { message, stack, ...fields } = error;
  const entries = Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries);
}

/** DEP0155 is the one warning of a resolve that Node gives once; one that only ours gave may be such a case. */
function forgetWarningsGivenOnce(ourWarnings, nodeWarnings) {
  const nodeGaveIt = nodeWarnings.some(({ code }) => code === 'DEP0155');
  if (nodeGaveIt) return;
  const others = ourWarnings.filter(({ code }) => code !== 'DEP0155');
  ourWarnings.splice(0, ourWarnings.length, ...others);
}
