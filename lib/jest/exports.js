'use strict';

// `exports` maps, as far as all resolvers read them alike. Jest 29 has a matcher of its own (the package resolve.exports),
// which takes the first target of an array, does not go on where a nested condition fails, and ranks patterns otherwise.

const { isPlainTarget } = require('./request.js');

/**
 * The target of a subpath, without the leading dot.
 * @param {unknown} exports
 * @param {string} subpath `.` or `./name`
 * @param {string[]} conditions
 * @returns {string | undefined} Undefined where resolvers could differ.
 */
function agreedTarget(exports, subpath, conditions) {
  const map = subpathMap(exports);
  if (map === undefined) return undefined;
  const { value, star } = match(map, subpath) ?? {};
  const target = chooseTarget(value, conditions);
  if (typeof target !== 'string' || !target.startsWith('./')) return undefined;
  const path = star === undefined ? target : target.replaceAll('*', () => star);
  return isPlainTarget(path) ? path.slice(1) : undefined;
}

/** `exports` with subpaths for keys; undefined where keys are mixed. */
function subpathMap(exports) {
  if (!isObject(exports)) return { '.': exports };
  const keys = Object.keys(exports);
  const subpathCount = keys.filter((key) => key.startsWith('.')).length;
  if (subpathCount === 0) return { '.': exports };
  return subpathCount === keys.length ? exports : undefined;
}

function match(map, subpath) {
  if (Object.hasOwn(map, subpath)) return { value: map[subpath] };
  const keys = Object.keys(map).filter((key) => couldMatch(key, subpath));
  if (keys.length !== 1) return undefined;
  const [prefix, suffix, ...more] = keys[0].split('*');
  const isMatch =
    suffix !== undefined &&
    more.length === 0 &&
    subpath.length > prefix.length + suffix.length &&
    subpath.startsWith(prefix) &&
    subpath.endsWith(suffix);
  return isMatch
    ? { value: map[keys[0]], star: subpath.slice(prefix.length, subpath.length - suffix.length) }
    : undefined;
}

/** Whether any resolver could hold the key for a pattern or a folder that the subpath matches. */
function couldMatch(key, subpath) {
  if (!key.includes('*') && !key.endsWith('/')) return false;
  const [prefix] = key.split('*', 1);
  // Some take what is special in regular expressions for just that.
  return subpath.startsWith(prefix) || /[^\w/@-]/.test(prefix.slice(1));
}

function chooseTarget(value, conditions) {
  if (!isObject(value)) return value;
  const key = Object.keys(value).find((condition) => condition === 'default' || conditions.includes(condition));
  return key === undefined ? undefined : chooseTarget(value[key], conditions);
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

module.exports = { agreedTarget };
