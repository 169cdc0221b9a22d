'use strict';

// Where a call came from. What its promise is rejected with is made later, when nothing of the call is on the stack.

/** A line of a stack that names a place. */
const FIRST_PLACE = '\n    at ';

/**
 * The stack above a function that is being called, to be turned into text where it is needed.
 * @param {Function} called
 * @returns {{ stack: unknown }}
 */
function captureCall(called) {
  const site = {};
  Error.captureStackTrace(site, called);
  return site;
}

/** Of a stack, the lines after its message; undefined where a program's `Error.prepareStackTrace` has made something else of it. */
function placesOf({ stack }) {
  if (typeof stack !== 'string') return undefined;
  const start = stack.indexOf(FIRST_PLACE);
  return start === -1 ? '' : stack.slice(start);
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
  const places = placesOf(captureCall(addAwaiting));
  addPlaces(
    error,
    places
      ?.split(/(?=\n)/)
      .filter((line) => line.startsWith(`${FIRST_PLACE}async `))
      .join(''),
  );
}

function addPlaces(error, places = '') {
  if (places === '' || !(error instanceof Error) || typeof error.stack !== 'string') return;
  // An error of the program's own may be frozen.
  Reflect.set(error, 'stack', error.stack + places);
}

module.exports = { addAwaiting, addCall, captureCall, setCall };
