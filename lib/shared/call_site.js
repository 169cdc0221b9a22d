'use strict';

// Where a call came from. What its promise is rejected with is made later, when nothing of the call is on the stack.

/** A line of a stack that names a place. */
const FIRST_PLACE = '\n    at ';

/**
 * The lines after the message of a stack; undefined where a program's `Error.prepareStackTrace` has made something else of it.
 * @param {Error} made In the function that is called, whose own line is left out. `Error.captureStackTrace` could do without it, and takes
 *   twice the time.
 */
function placesOf(made) {
  const stack = stackOf(made);
  if (typeof stack !== 'string') return undefined;
  const own = stack.indexOf(FIRST_PLACE);
  const start = own === -1 ? -1 : stack.indexOf(FIRST_PLACE, own + 1);
  return start === -1 ? '' : stack.slice(start);
}

/** The program's `Error.prepareStackTrace` may throw: then there is no stack, and the result goes on its way without. */
function stackOf(error) {
  try {
    return error.stack;
  } catch {
    return undefined;
  }
}

/** The error was made within this package, which tells nobody anything: its stack is that of the call. */
function setCall(error, site) {
  const places = placesOf(site);
  if (places !== undefined) error.stack = `${error}${places}`;
}

/** The stack says where the error comes from, and then where the call did. */
function addCall(error, site) {
  addPlaces(error, placesOf(site));
}

/**
 * The same, where it was not worth its price to ask at the call: V8 finds those who await what the running reaction settles.
 */
function addAwaiting(error) {
  const places = placesOf(new Error());
  addPlaces(
    error,
    places
      ?.split(/(?=\n)/)
      .filter((line) => line.startsWith(`${FIRST_PLACE}async `))
      .join(''),
  );
}

function addPlaces(error, places = '') {
  if (places === '' || !(error instanceof Error)) return;
  const stack = stackOf(error);
  // An error of the program's own may be frozen.
  if (typeof stack === 'string') Reflect.set(error, 'stack', stack + places);
}

module.exports = { addAwaiting, addCall, setCall };
