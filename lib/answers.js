'use strict';

// The nearest layer: answers of this thread, by directory and request. A hit is two look-ups and no call into the core.

const { native } = require('./internals.js');

/** A program that asks for more begins anew: memory is bounded. */
const MAXIMUM_ANSWERS = 200_000;

/** A view of the core's own counter of what was forgotten; where a runtime forbids that, nothing is kept here. */
const generation = viewGeneration();
const counts = { hits: 0 };

function viewGeneration() {
  const view = native?.generation();
  return view !== undefined && native.sharesGeneration(view) ? view : null;
}

/**
 * Answers that rest on one set of options: whoever changes the options clears them.
 * @param {() => void} [onForget] Called when something is to be forgotten that others may hold, too.
 */
function createAnswers(onForget) {
  let byDirectory = new Map();
  let size = 0;
  let seen = generation?.[0];

  /** The answer to a request that was kept before and holds; undefined if there is none. */
  function recall(directory, request) {
    if (generation === null) return undefined;
    refresh();
    const answer = byDirectory.get(directory)?.get(request);
    if (typeof answer === 'string') {
      counts.hits++;
      return answer;
    }
    if (answer === undefined) return undefined;
    // Node would look at the disk again, and so does the core.
    if (answer.resolver.stillHolds(answer.id)) {
      counts.hits++;
      return answer.path;
    }
    byDirectory.get(directory).delete(request);
    return undefined;
  }

  /**
   * @param {string} directory
   * @param {string} request
   * @param {string | { path: string, id: number, isKept: boolean, resolver: object }} answer A string if it may be repeated
   *   without asking.
   */
  function keep(directory, request, answer) {
    if (generation === null) return;
    if (++size > MAXIMUM_ANSWERS) clear();
    let byRequest = byDirectory.get(directory);
    if (byRequest === undefined) {
      byRequest = new Map();
      byDirectory.set(directory, byRequest);
    }
    byRequest.set(request, answer);
  }

  /** Whether Node, too, keeps the answer. */
  function isKeptByNode(directory, request) {
    const answer = byDirectory.get(directory)?.get(request);
    return typeof answer === 'string' || answer?.isKept === true;
  }

  /** Forgets what somebody has told the core to forget. */
  function refresh() {
    if (generation?.[0] === seen) return;
    clear();
    onForget?.();
  }

  function clear() {
    byDirectory = new Map();
    size = 0;
    seen = generation?.[0];
  }

  return { clear, isKeptByNode, keep, recall, refresh };
}

module.exports = { counts, createAnswers };
