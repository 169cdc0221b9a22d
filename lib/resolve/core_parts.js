'use strict';

// What the hook is made of. There may be but one of it in a thread: the preload has it in its own file, and others ask for that one
// if it is there (scripts/bundle.mjs).

const answers = require('./answers.js');
const captured = require('./captured.js');
const hook = require('./hook.js');
const import_hook = require('./import_hook.js');
const internals = require('./internals.js');
const { getNative } = require('./load_addon.js');
const lookup_paths = require('./lookup_paths.js');
const runtime = require('./runtime.js');
const search_options = require('./search_options.js');
const tracing = require('./tracing.js');
const turn = require('./turn.js');
const { createUnavailableError } = require('./unavailable.js');

const addon = {
  createUnavailableError,
  get native() {
    return getNative();
  },
};
const parts = {
  addon,
  answers,
  captured,
  hook,
  import_hook,
  internals,
  lookup_paths,
  runtime,
  search_options,
  tracing,
  turn,
};

module.exports = { parts };
