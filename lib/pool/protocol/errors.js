'use strict';

// Whatever was thrown, told whole: class, name, message, stack, causes, code and all other properties. An error of a class
// that the other side does not know becomes one of a class of the same name, derived from the same built-in class.

const { inspect } = require('node:util');
const { isNativeError } = require('node:util').types;
const { serialize } = require('node:v8');

const { findForeign } = require('./foreign.js');

/** @typedef {{ thrown: unknown } | { error: number, errors: object[] }} Description */

const BUILT_IN = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map((Class) => [
    Class.name,
    Class,
  ]),
);

const isError = (value) => value instanceof DOMException || isNativeError(value) || value instanceof Error;

/** Describes what was thrown, in terms of what structured clone carries. */
function describeThrown(thrown) {
  try {
    return isError(thrown) ? describeErrors(thrown) : { thrown: toClonable(thrown) };
  } catch {
    // A proxy whose traps throw, say: nobody can tell what it is.
    return describeErrors(new Error('What was thrown can not be looked at'));
  }
}

/** One after the other, since causes may be more than the stack is deep. */
function describeErrors(thrown) {
  const found = [thrown];
  const places = new Map([[thrown, 0]]);
  const describe = (value) => {
    if (isError(value)) return { error: placeOf(value) };
    if (Array.isArray(value) && value.some(isError)) return { list: value.map(describe) };
    return { value: toClonable(value) };
  };
  const placeOf = (error) => {
    let place = places.get(error);
    if (place === undefined) {
      place = found.length;
      places.set(error, place);
      found.push(error);
    }
    return place;
  };
  const errors = [];
  for (const error of found) errors.push(describeError(error, describe));
  return { error: 0, errors };
}

function describeError(error, describe) {
  const description = { ...describeClass(error), own: [] };
  const isDom = error instanceof DOMException;
  if (isDom) Object.assign(description, { name: error.name, message: error.message });
  for (const key of Object.getOwnPropertyNames(error)) {
    const property = Object.getOwnPropertyDescriptor(error, key);
    description.own.push([key, describe(read(error, key)), property.enumerable]);
  }
  // Node keeps the stack of a DOMException where its class is.
  if (isDom && !Object.hasOwn(error, 'stack')) description.stack = read(error, 'stack');
  return description;
}

/** The built-in class, and the name of the class where it is another; `inherited` is a name that the prototype has. */
function describeClass(error) {
  if (error instanceof DOMException) return { base: 'DOMException' };
  const { name: className } = read(error, 'constructor') ?? {};
  let base = Object.getPrototypeOf(error);
  while (base !== null && !isBuiltIn(base)) base = Object.getPrototypeOf(base);
  const baseName = base === null ? 'Error' : base.constructor.name;
  const isCustom = typeof className === 'string' && className !== baseName;
  const inherited = isCustom ? read(Object.getPrototypeOf(error), 'name') : undefined;
  return {
    base: baseName,
    className: isCustom ? className : undefined,
    inherited: typeof inherited === 'string' ? inherited : undefined,
  };
}

/** Also of another realm (`vm`), whose classes have the same names. */
function isBuiltIn(prototype) {
  const Class = Object.hasOwn(prototype, 'constructor') ? read(prototype, 'constructor') : undefined;
  return typeof Class === 'function' && BUILT_IN.has(Class.name) && isNative(Class);
}

const isNative = (value) => /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(value));

/** A getter may throw. */
function read(object, key) {
  try {
    return object[key];
  } catch (error) {
    return inspect(error);
  }
}

/** What can't be cloned is shown as text: the error is to arrive in any case. */
function toClonable(value) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')) {
    return value;
  }
  try {
    if (findForeign(value, serialize(value)) === undefined) return value;
  } catch {
    // It can't be cloned.
  }
  return inspect(value);
}

/** What was thrown on the other side. */
function reviveThrown(description) {
  if (!('error' in description)) return description.thrown;
  const revived = description.errors.map(createError);
  const revive = (value) => {
    if ('error' in value) return revived[value.error];
    return 'list' in value ? value.list.map(revive) : value.value;
  };
  for (const [index, { own, base, stack }] of description.errors.entries()) {
    for (const [key, value, enumerable] of own) {
      // Of a DOMException, the message and the name belong to the class.
      Object.defineProperty(revived[index], key, {
        value: revive(value),
        enumerable,
        configurable: true,
        writable: true,
      });
    }
    if (base === 'DOMException' && stack !== undefined) {
      Object.defineProperty(revived[index], 'stack', { value: stack, configurable: true, writable: true });
    }
  }
  return revived[description.error];
}

function createError({ base, className, inherited, name, message }) {
  if (base === 'DOMException') return new DOMException(message, name);
  const error = base === 'AggregateError' ? new AggregateError([]) : new (BUILT_IN.get(base) ?? Error)();
  // Everything of its own comes from the other side.
  for (const key of Object.getOwnPropertyNames(error)) delete error[key];
  if (className !== undefined) Object.setPrototypeOf(error, classOf(base, className, inherited).prototype);
  return error;
}

const classes = new Map();
const MOST_CLASSES = 1000;

/** One class for each name, so that errors of the same class have the same. */
function classOf(base, className, inherited) {
  const key = `${base}\0${className}\0${inherited}`;
  let found = classes.get(key);
  if (found === undefined) {
    found = { [className]: class extends (BUILT_IN.get(base) ?? Error) {} }[className];
    if (inherited !== undefined && inherited !== base) {
      Object.defineProperty(found.prototype, 'name', { value: inherited, configurable: true, writable: true });
    }
    if (classes.size === MOST_CLASSES) classes.clear();
    classes.set(key, found);
  }
  return found;
}

module.exports = { describeThrown, reviveThrown };
