'use strict';

// What a program has asked, each question once.

const { captured } = require('./captured.js');

const { SafeMap } = captured;

/** What is asked beyond that is not kept. */
const MOST = 5000;

class Questions {
  /** @typedef {{ directory: string, request: string, isAnswered: boolean, before: Question | undefined }} Question With those before it. */
  /** @type {Question | undefined} */
  last = undefined;
  #texts = new SafeMap();

  get count() {
    return this.#texts.size;
  }

  add(directory, request) {
    const text = textOf(directory, request);
    if (this.count === MOST || this.#texts.get(text) !== undefined) return;
    this.last = { __proto__: null, directory, request, isAnswered: false, before: this.last };
    this.#texts.set(text, true);
  }
}

/** A question as a text. */
function textOf(directory, request) {
  return `${directory}\0${request}`;
}

module.exports = { Questions, textOf };
