'use strict';

// Turns: the time from when JavaScript gets control to when it gives control back to the event loop. What was found out in a turn
// is believed in it. The first request of a turn opens it; the tick queue is emptied before the loop goes on, and closes it.

const { native } = require('./addon.js');

const { nextTick } = process;
const { now } = Date;

/** No turn is believed for longer, in milliseconds: a program may have waited for others all the time. */
const LONGEST = 250;
/** Numbers of turns are numbers of 32 bits to the core. */
const MAXIMUM_NUMBER = 2 ** 31;

/** The core's own counter of what was to be forgotten, in place; where a runtime forbids that, it is asked each time. */
const generation = viewGeneration();

let number = 0;
let began = 0;
let generationSeen;
let isOpen = false;
let isCloseScheduled = false;

function viewGeneration() {
  const view = native?.generation();
  if (view === undefined || native.sharesGeneration(view)) return view ?? [0];
  return {
    get 0() {
      return native.generation()[0];
    },
  };
}

function close() {
  isOpen = false;
  isCloseScheduled = false;
}

/** The number of the turn that is going on. */
function currentTurn() {
  const time = now();
  // A clock that was set back tells nothing.
  if (isOpen && time - began < LONGEST && time >= began && generation[0] === generationSeen) return number;
  return beginTurn(time);
}

function beginTurn(time) {
  number = (number + 1) % MAXIMUM_NUMBER;
  began = time;
  generationSeen = generation[0];
  isOpen = true;
  if (!isCloseScheduled) {
    isCloseScheduled = true;
    nextTick(close);
  }
  return number;
}

/** Has the next request begin a turn. */
function endTurn() {
  isOpen = false;
}

/** In place of the turn, for those who believe what they saw until somebody says that it has changed. */
function currentGeneration() {
  return generation[0];
}

module.exports = { currentGeneration, currentTurn, endTurn };
