'use strict';

/** What `console.log` and `util.inspect` ask an object for. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * A method for that: an object is shown by its class's name and by facts, which getters of its prototype would hide.
 * @param {(self: T) => object} factsOf
 */
const showing = (name, factsOf) =>
  function inspectObject(depth, options, inspect) {
    // A prototype has no facts.
    if (Object.hasOwn(this, INSPECT)) return this;
    if (depth < 0) return options.stylize(`[${name}]`, 'special');
    return `${name} ${inspect(factsOf(this), { ...options, depth: options.depth === null ? null : depth })}`;
  };

module.exports = { INSPECT, showing };
