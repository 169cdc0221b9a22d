'use strict';

// The parts of the preload's file that lie in it as texts, in a comment: V8 goes through that much quicker than through code. Each is a
// function of what was loaded before, and is run once, when it is wanted.

const { basics } = require('./basics.js');
const { getFirst } = require('./load_addon.js');
const { run } = require('./load_code.js');
const { origin } = require('./origin.js');

const { env, isNative, lastIndexOf, ownModule, slice, sourceOf, startsWith } = basics;

/** As they are before the program runs. */
let encodePath;
let evaluate;
try {
  ({ encodeURI: encodePath, eval: evaluate } = globalThis);
} catch {
  // Somebody has forbidden them: `node:vm` does it.
}

let text;
/** Where each begins and ends. */
const PLACES = PLACES_OF_TEXTS;
const PRELOAD = 0;
const EARLY = 1;
const IMPORTS = 2;
const CORE = 3;
const ADDON = 4;
const FILES = ['register.js', 'early.js', 'imports.js', 'core.js', 'addon.js'];

/** What was loaded so far, by the names of files, and by the numbers of texts; and the functions that were made of V8's code. */
const loaded = { __proto__: null };
const made = { __proto__: null };
const compiled = { __proto__: null };

/** Takes the texts out of the comment that a function is made of. */
function takeTexts() {
  const source = sourceOf(TEXTS);
  const begin = 'function(){/*(';
  if (!startsWith(source, begin)) throw new Error('a loader has rewritten register.js');
  text = slice(source, begin.length - 1, lastIndexOf(source, '*/'));
}

/** Has what is loaded from now on ask for these files. */
function giveFiles(files) {
  for (const name in files) loaded[name] = files[name];
}

/** Opens the snapshot; whether it can be used. */
function openSnapshot() {
  const { directory, name } = origin.snapshot;
  // Who trusts the snapshot wants nothing looked at.
  return getFirst()?.openSnapshot(directory, name, !env.FAST_RESOLVE_TRUST) === true;
}

/** Where there is a snapshot: makes some texts, one behind the other, of V8's code in it, or has V8's code of them go there. */
function compile(first, last, key) {
  const { directory, name } = origin.snapshot;
  const native = getFirst();
  if (native === null) return;
  const known = native.readCode(directory, name, key) ?? undefined;
  const ran = run(`[${slice(text, PLACES[first][0], PLACES[last][1])}]`, `${__dirname}/${FILES[first]}`, known);
  if (ran === undefined) return;
  const { value, makeCode } = ran;
  if (makeCode !== undefined) origin.codes = { __proto__: null, key, make: makeCode, next: origin.codes };
  for (let index = first; index <= last; index++) compiled[index] = value[index - first];
}

function loadText(index) {
  made[index] ??= runText(compiled[index] ?? evaluateText(index));
  return made[index];
}

/** `node:vm` takes 0.2 ms to load, in processes that may not ask for anything. */
function evaluateText(index) {
  // Of the first, lines are those of the file.
  const before = index === PRELOAD ? LINES_BEFORE_TEXTS : '';
  const part = `${before}${slice(text, PLACES[index][0], PLACES[index][1])}`;
  let value;
  try {
    // A name that has a blank or the end of a line would be none.
    const place = encodePath(__dirname) === __dirname ? __dirname : 'fast-resolve';
    if (isNative(evaluate, 'eval')) value = evaluate(`${part}\n//# sourceURL=${place}/${FILES[index]}`);
  } catch {
    // Whoever started Node lets no text be evaluated.
  }
  value ??= run(part, `${__dirname}/${FILES[index]}`)?.value;
  if (value === undefined) throw new Error('somebody has replaced eval and a part of node:vm');
  return value;
}

function runText(make) {
  const files = make(loaded, require, ownModule, __dirname, __filename);
  giveFiles(files);
  return files;
}

function loadImports() {
  return loadText(IMPORTS).imports;
}

function loadCore() {
  if (made[CORE] === undefined) {
    loadText(EARLY);
    if (origin.snapshot !== undefined) compile(CORE, CORE, KEY_OF_CORE);
    loadText(IMPORTS);
  }
  return loadText(CORE).core_parts.parts;
}

const texts = {
  __proto__: null,
  compileEarly: () => compile(PRELOAD, IMPORTS, KEY_OF_EARLY),
  loadAddonSearch: () => loadText(ADDON).search_addon,
  loadCore,
  loadEarly: () => loadText(EARLY).early_hook,
  loadImports,
  loadPreload: () => loadText(PRELOAD).register,
};

module.exports = { giveFiles, openSnapshot, takeTexts, texts };
