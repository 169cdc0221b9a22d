'use strict';

// Small plain values as JSON text. Node's structured clone takes microseconds to begin; most tasks are a few numbers and
// strings, which JSON carries just as faithfully. Whatever JSON would change is left to the structured clone: `undefined`
// among properties, -0, NaN, holes, objects that are met twice, classes, proxies.
//
// The text is written in the same walk that looks at the values, so that a getter is asked once and no value can change in
// between. One thing is taken on trust: that an object whose prototype is `Object.prototype` was made as a plain one. (A
// Map whose prototype was replaced can't be told from it.)

const { isProxy } = require('node:util').types;

/** Objects and arrays in one value; more, and the structured clone is no slower. */
const MOST_OBJECTS = 24;
/** Properties and elements in one object or array. */
const MOST_MEMBERS = 64;
const LONGEST_TEXT = 4096;

const ordinary = Object.prototype;
const keysQuoted = new Map();

/** The objects on the way, and those before. */
let seen = [];
let isLatin1 = true;

/** What needs escaping in JSON, or more than a byte. */
const SPECIAL = /["\\\x00-\x1f]|[^\x00-\xff]/;
const WIDE = /[^\x00-\xff]/;

/** Only objects reach this with a value that may not be plain. */
function writeValue(value) {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      // The text of a finite number is the same in JSON; -0 would lose its sign.
      return Number.isFinite(value) && !Object.is(value, -0) ? `${value}` : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : writeObject(value);
    default:
      return undefined;
  }
}

function writeString(text) {
  if (text.length > LONGEST_TEXT) return undefined;
  if (!SPECIAL.test(text)) return `"${text}"`;
  if (isLatin1 && WIDE.test(text)) isLatin1 = false;
  return JSON.stringify(text);
}

function writeObject(value) {
  if (seen.length === MOST_OBJECTS || isProxy(value) || seen.includes(value)) return undefined;
  seen.push(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype === ordinary || prototype === null) return writeMembers(value);
  return prototype === Array.prototype && Array.isArray(value) ? writeElements(value) : undefined;
}

function writeMembers(value) {
  const keys = Object.keys(value);
  if (keys.length > MOST_MEMBERS) return undefined;
  let text = '';
  for (const key of keys) {
    const member = writeValue(value[key]);
    if (member === undefined) return undefined;
    text += text === '' ? `${quoteKey(key)}:${member}` : `,${quoteKey(key)}:${member}`;
  }
  return `{${text}}`;
}

function writeElements(value) {
  const { length } = value;
  // Holes make fewer keys, and further properties more.
  if (length > MOST_MEMBERS || Object.keys(value).length !== length) return undefined;
  let text = '';
  for (let index = 0; index < length; index++) {
    const element = index in value ? writeValue(value[index]) : undefined;
    if (element === undefined) return undefined;
    text += index === 0 ? element : `,${element}`;
  }
  return `[${text}]`;
}

const MOST_KEYS = 1000;

function quoteKey(key) {
  let quoted = keysQuoted.get(key);
  if (quoted === undefined) {
    quoted = { text: JSON.stringify(key), isWide: WIDE.test(key) };
    if (keysQuoted.size === MOST_KEYS) keysQuoted.clear();
    keysQuoted.set(key, quoted);
  }
  if (quoted.isWide) isLatin1 = false;
  return quoted.text;
}

/**
 * The text of a value that JSON carries unchanged.
 * @returns {{ text: string, isLatin1: boolean } | undefined} One and the same object each time.
 */
function writePlain(value) {
  isLatin1 = true;
  const text = writeValue(value);
  if (seen.length > 0) seen = [];
  if (text === undefined) return undefined;
  written.text = text;
  written.isLatin1 = isLatin1;
  return written;
}

const written = { text: '', isLatin1: true };

module.exports = { writePlain };
