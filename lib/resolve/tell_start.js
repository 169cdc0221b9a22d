'use strict';

// What the running Node tells of how it was started, for the core.

const { captured } = require('./captured.js');
const { getFirst } = require('./load_addon.js');

const { arrayJoin, commandLine, env, execArgv, isArray, isOriginal, nodeProcess } = captured;

/** As `src/binding/start.rs` has them. */
const IS_ORIGINAL = 1;
const IS_REQUIRE_OF_MODULES = 2;

/** Whether what the addon can find out by that is all that resolution depends on. */
function tellStart() {
  // An earlier preload may have put anything there.
  const { execArgv: now } = nodeProcess;
  const words = isOriginal || !isArray(now) ? execArgv : now;
  let flags = isOriginal ? IS_ORIGINAL : 0;
  if (nodeProcess.features?.require_module === true) flags |= IS_REQUIRE_OF_MODULES;
  const { NODE_OPTIONS, NODE_PRESERVE_SYMLINKS } = env;
  const text = arrayJoin(words, '\0');
  return getFirst().tellStart(text, words.length, flags, NODE_OPTIONS, NODE_PRESERVE_SYMLINKS, commandLine.text);
}

module.exports = { tellStart };
