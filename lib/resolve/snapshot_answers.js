'use strict';

// The answers of a snapshot, by number: their directories, requests and paths.

const { captured } = require('./captured.js');

const { Numbers, SafeMap, split } = captured;

/** So many requests are looked through quicker than a Map is made of them. */
const FEW = 12;

/** How many answers JavaScript has given. */
const counts = { hits: 0 };

/** A directory that asks. */
class Directory {
  /** Its number in the core, once that was asked. */
  number = undefined;
  /** By request, what was asked for again in this process. */
  learned = undefined;
  text;
  /** Whether it is that of a module that requires: of one that imports, it is a URL. */
  isPath;
  /** Its place in the snapshot, or -1. */
  place;

  constructor(text, place) {
    this.text = text;
    this.isPath = text?.[0] === '/';
    this.place = place;
  }
}

class SnapshotAnswers {
  /** Requests, paths, and in which turn each was last given (0: in none). */
  requests = [];
  paths = [];
  turns = null;
  /** The places of directories, the number of the first answer of each, and where there are many answers, a Map of them. */
  places = new SafeMap();
  first = [];
  numbers = [];

  /** @param {import('../../target/binding.js').JsSnapshotAnswers | null} texts Each is lines: splitting it is the quickest way to get many strings. */
  constructor(texts) {
    if (texts === null) return;
    const { directories, first, requests, paths } = texts;
    const names = split(directories, '\n');
    const places = this.places;
    for (let place = 0; place < names.length; place++) places.set(names[place], place);
    this.first = first;
    this.requests = split(requests, '\n');
    this.paths = split(paths, '\n');
    this.turns = new Numbers(this.paths.length);
  }

  /** A directory that is asked from for the first time. */
  enter(text) {
    return new Directory(text, this.places.get(text) ?? -1);
  }

  /** The number of an answer, or -1. */
  numberOf(place, request) {
    const first = this.first[place];
    const end = this.first[place + 1];
    if (end - first > FEW) return (this.numbers[place] ?? this.mapOf(place)).get(request) ?? -1;
    const requests = this.requests;
    for (let number = first; number < end; number++) if (requests[number] === request) return number;
    return -1;
  }

  mapOf(place) {
    const numbers = new SafeMap();
    for (let number = this.first[place]; number < this.first[place + 1]; number++) {
      numbers.set(this.requests[number], number);
    }
    this.numbers[place] = numbers;
    return numbers;
  }

  /** Forgets an answer that did not hold. */
  forget(place, number) {
    this.numbers[place]?.delete(this.requests[number]);
    this.requests[number] = undefined;
  }
}

module.exports = { Directory, SnapshotAnswers, counts };
