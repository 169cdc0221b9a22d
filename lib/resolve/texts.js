'use strict';

// The parts of the preload's file that lie in it as texts, in a comment: V8 goes through that much quicker than through code. Each is a
// function of what was loaded before, and is run once, when it is wanted.

const { basics } = require('./basics.js');
const { origin } = require('./origin.js');

const { isNative, lastIndexOf, ownModule, slice, sourceOf, startsWith } = basics;

/** As they are before the program runs. */
let encodePath;
let evaluate;
try {
  ({ encodeURI: encodePath, eval: evaluate } = globalThis);
} catch {
  // Somebody has forbidden them.
}

const text = textOf(TEXTS);
/** Where each begins and ends. */
const PLACES = PLACES_OF_TEXTS;
const EARLY = 0;
const LATE = 1;
const IMPORTS = 2;
const CORE = 3;
const FILES = ['register.js', 'late.js', 'imports.js', 'core.js'];

/** What was loaded so far, by the names of files, and by the numbers of texts. */
const loaded = { __proto__: null };
const made = { __proto__: null };

/** The text in the comment that a function is made of. */
function textOf(commented) {
  const source = sourceOf(commented);
  const begin = 'function(){/*';
  if (!startsWith(source, begin)) throw new Error('a loader has rewritten register.js');
  return slice(source, begin.length, lastIndexOf(source, '*/'));
}

/** Has what is loaded from now on ask for files of the preload itself. */
function giveFiles(files) {
  for (const name in files) loaded[name] = files[name];
}

/** Whether a text can be evaluated: somebody may have replaced `eval`, or have started Node so that it does not do it. */
function canEvaluate() {
  try {
    return isNative(evaluate, 'eval') && evaluate('1') === 1;
  } catch {
    return false;
  }
}

function loadText(index) {
  made[index] ??= runText(evaluateText(index));
  return made[index];
}

function evaluateText(index) {
  const part = slice(text, PLACES[index][0], PLACES[index][1]);
  // A name that has a blank or the end of a line would be none.
  const place = encodePath(__dirname) === __dirname ? __dirname : 'fast-resolve';
  const before = index === EARLY ? LINES_BEFORE_TEXTS : '';
  return evaluate(`${before}${part}\n//# sourceURL=${place}/${FILES[index]}`);
}

function runText(make) {
  const files = make(loaded, require, ownModule, __dirname, __filename);
  giveFiles(files);
  return files;
}

function loadEarly() {
  return loadText(EARLY);
}

function loadLate() {
  return loadText(LATE);
}

function loadImports() {
  return loadText(IMPORTS).imports;
}

/** Where there is a snapshot, this is made of V8's code in it, or V8's code of it goes there. */
function loadCore() {
  if (made[CORE] === undefined) {
    const both = origin.snapshot === undefined ? undefined : compileBoth();
    loadText(EARLY);
    if (both !== undefined) {
      made[IMPORTS] ??= runText(both[0]);
      made[CORE] ??= runText(both[1]);
    }
    loadText(IMPORTS);
    loadText(CORE);
  }
  return made[CORE].core_parts.parts;
}

function compileBoth() {
  const both = `[${slice(text, PLACES[IMPORTS][0], PLACES[CORE][1])}]`;
  return loadText(LATE).load_code.compile(both, `${__dirname}/core.js`, KEY_OF_TEXTS);
}

module.exports = { canEvaluate, giveFiles, loadCore, loadEarly, loadImports, loadLate };
