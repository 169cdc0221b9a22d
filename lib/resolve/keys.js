'use strict';

// Keys of objects that Node keeps, which the hook goes through at every call.

/** As many look-ups as V8 wants to see before it optimises them, with something to spare. */
const ENOUGH_LOOKUPS = 20;

/**
 * For an object whose keys are gone through at every call. Node makes it in a way that lets V8 keep it as a hash table; as the
 * prototype of an object that is in use it gets a fixed layout, with a list of its keys at hand.
 */
function makeKeysQuick(object) {
  const child = { __proto__: object };
  const lookUp = (target) => target['.js'];
  for (let count = 0; count < ENOUGH_LOOKUPS; count++) lookUp(child);
}

module.exports = { makeKeysQuick };
