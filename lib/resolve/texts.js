'use strict';

// The parts of the preload's file that lie in it as texts. Each is a function of what was loaded before, and is run once, when it is wanted.

const { captured } = require('./captured.js');
const { getFirst } = require('./load_addon.js');
const { compile, evaluateText, runText } = require('./load_code.js');
const { origin } = require('./origin.js');

const { disk, slice } = captured;

const EARLY = 1;
const IMPORTS = 2;
const CORE = 3;
const ADDON = 4;
const WITHOUT_ADDON = 5;

/** By number, the files of those that were loaded. */
const loaded = { __proto__: null };

function loadText(index) {
  loaded[index] ??= runText(origin.made[index] ?? evaluateText(index, textOf(index)));
  return loaded[index];
}

/** @param {number} around How much of what stands around it is wanted. */
function textOf(index, around = 0) {
  const place = origin.places[index];
  return slice(origin.text, place[0] - around, place[1] + around);
}

function loadImports() {
  return loadText(IMPORTS).imports;
}

function loadCore() {
  if (loaded[CORE] === undefined) {
    loadText(EARLY);
    loadText(IMPORTS);
    if (origin.snapshot !== undefined) compileCore(origin.snapshot);
  }
  return loadText(CORE).core_parts.parts;
}

function compileCore({ directory, name }) {
  const code = getFirst()?.readCode(directory, name, KEY_OF_CORE);
  compile(CORE, textOf(CORE, 1), KEY_OF_CORE, code ?? undefined);
}

/** A file of its own. What `require` makes of files, the program may have replaced by now. */
function loadWithoutAddon() {
  loadText(EARLY);
  loaded[WITHOUT_ADDON] ??= runText(
    evaluateText(WITHOUT_ADDON, disk.readFileSync(`${__dirname}/without-addon.js`, 'utf8')),
  );
  return loaded[WITHOUT_ADDON].without_addon;
}

const texts = {
  __proto__: null,
  loadAddonSearch: () => loadText(ADDON).search_addon,
  loadCore,
  loadEarly: () => loadText(EARLY).early_hook,
  loadImports,
  loadWithoutAddon,
};

module.exports = { texts };
