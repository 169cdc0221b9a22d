'use strict';

// Turns: the time from when JavaScript gets control to when it gives control back to the event loop. What was found out in a turn
// is believed in it. The first request of a turn opens it; the tick queue is emptied before the loop goes on, and closes it.

const { captured } = require('./captured.js');
const { getNative } = require('./load_addon.js');
const { LONGEST, loading } = require('./turn_of_loading.js');

const { apply, nextTick, nodeProcess, now } = captured;

/** Numbers of turns are numbers of 32 bits to the core. */
const MAXIMUM_NUMBER = 2 ** 31;

let number = 0;
let began = 0;
let isOpen = false;
/** Whether JavaScript has run without a break since the turn before, which became too old. */
let isContinuing = false;
let isCloseScheduled = false;
/** How often something was to be forgotten, and the turn in which that was asked. */
let generation = 0;
let turnOfGeneration = -1;

/** What is to be done when this turn ends, once. */
let atEnd;

function close() {
  isOpen = false;
  isCloseScheduled = false;
  const action = atEnd;
  atEnd = undefined;
  action?.();
}

/** Has something done when the turn ends that is going on, and no program waits. */
function whenTurnEnds(action) {
  atEnd = action;
}

/** The number of the turn that is going on. */
function currentTurn() {
  const time = now();
  // A clock that was set back tells nothing.
  return isOpen && time - began < LONGEST && time >= began ? number : beginTurn(time);
}

function beginTurn(time) {
  isContinuing = isOpen;
  number = (number + 1) % MAXIMUM_NUMBER;
  began = time;
  isOpen = true;
  if (!isCloseScheduled) {
    isCloseScheduled = true;
    apply(nextTick, nodeProcess, [close]);
  }
  return number;
}

function isTurnContinuing() {
  return isContinuing;
}

/** Has the next request begin a turn. */
function endTurn() {
  isOpen = false;
}

/**
 * In place of the turn, for those who believe what they saw until somebody says that it has changed. What was said in another thread
 * is heard in the next turn.
 */
function currentGeneration() {
  const turn = currentTurn();
  if (turn !== turnOfGeneration) {
    turnOfGeneration = turn;
    generation = getNative().generation();
  }
  return generation;
}

/** The turn that the preload has opened, where it has found a snapshot. */
const turnOfLoading = loading.number === 0 ? -1 : goOn();

function goOn() {
  ({ number, began, isOpen } = loading);
  isCloseScheduled = isOpen;
  loading.close = close;
  return number;
}

module.exports = {
  MAXIMUM_NUMBER,
  currentGeneration,
  currentTurn,
  endTurn,
  isTurnContinuing,
  turnOfLoading,
  whenTurnEnds,
};
