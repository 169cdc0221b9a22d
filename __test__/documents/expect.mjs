// What a program made of a block imports, to compare what comes out with what a comment says.

import { inspect } from 'node:util';

export let compared = 0;
const ANYTHING = Symbol('anything');
const REST = Symbol('rest');
/** A comment names what it can't know: `{ pid, signal: null }` stands for any pid. */
const names = new Proxy(
  {},
  {
    has: (_, name) => name !== 'undefined' && name !== 'REST',
    get: (_, name) => (name === Symbol.unscopables ? undefined : ANYTHING),
  },
);

/** The value that a comment begins with: the longest beginning that is an expression, and ends where a sentence may go on. */
function readValue(comment) {
  const text = comment.replaceAll(/(?<=[[{,] ?)…/g, '[REST]: REST').replaceAll(/\[REST\]: REST(?=\s*\])/g, 'REST');
  for (let end = text.length; end > 0; end--) {
    if (end < text.length && !/[:;,]/.test(text[end])) continue;
    try {
      return new Function('names', 'REST', `with (names) return (${text.slice(0, end)});`)(names, REST);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new Error('no value: ' + comment);
}

function isAs(value, expected) {
  if (expected === ANYTHING) return true;
  if (typeof expected !== 'object' || expected === null) return Object.is(value, expected);
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(expected)) return false;
  if (Array.isArray(expected)) {
    const isOpen = expected.at(-1) === REST;
    const items = isOpen ? expected.slice(0, -1) : expected;
    if (isOpen ? value.length < items.length : value.length !== items.length) return false;
    return items.every((item, index) => isAs(value[index], item));
  }
  const isOpen = Object.hasOwn(expected, REST);
  const keys = Object.keys(expected);
  return (
    keys.every((key) => key in value && isAs(value[key], expected[key])) &&
    (isOpen || Object.keys(value).every((key) => keys.includes(key)))
  );
}

export function expectValue(value, comment) {
  compared++;
  if (!isAs(value, readValue(comment)))
    throw new Error('The document says ' + comment + ', and it is ' + inspect(value, { depth: 9 }));
}

export async function expectError(run, code) {
  compared++;
  let result;
  try {
    result = await run();
  } catch (error) {
    if (error.code === code) return;
    throw error;
  }
  throw new Error('The document says that it throws ' + code + ', and it is ' + inspect(result));
}
