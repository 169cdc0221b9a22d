// JSON as text: what an object in memory can't hold (duplicate keys, numeric keys in any order, odd escapes) can be
// generated so.

import fc from 'fast-check';

/** The text of a string; now and then with a character escaped that need not be. */
export function jsonString(stringArbitrary) {
  return fc
    .tuple(stringArbitrary, fc.integer({ min: 0, max: 299 }))
    .map(([string, dice]) => (dice < string.length ? escapeCharacter(string, dice) : JSON.stringify(string)));
}

export function jsonConstants(...values) {
  return fc.constantFrom(...values.map((value) => JSON.stringify(value)));
}

export function jsonArray(valueArbitrary, constraints) {
  return fc.array(valueArbitrary, constraints).map((values) => `[${values.join(',')}]`);
}

/** An object with keys in the order that they were drawn; keys are not made unique. */
export function jsonObject(keyArbitrary, valueArbitrary, constraints) {
  return fc.array(fc.tuple(keyArbitrary, valueArbitrary), constraints).map(objectText);
}

export function objectText(members) {
  return `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`;
}

function escapeCharacter(string, index) {
  const escaped = `\\u${string.charCodeAt(index).toString(16).padStart(4, '0')}`;
  const before = JSON.stringify(string.slice(0, index)).slice(0, -1);
  const after = JSON.stringify(string.slice(index + 1)).slice(1);
  return before + escaped + after;
}
