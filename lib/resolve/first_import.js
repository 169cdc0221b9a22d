'use strict';

// What the preload and the core share of the hook for `import`, and what is waited for before the rest of that is loaded.

const { captured } = require('./captured.js');

const { getBuiltinModule } = captured;

/**
 * `handle`: what `module.registerHooks` returned. `hook`: what is called for each request; until it is there, `wait` is.
 * @type {{ handle: { deregister(): void } | undefined, hook: Function | undefined, wait: Function }}
 */
const imports = { handle: undefined, hook: undefined, wait() {} };

/** By this, Node tells of each `import()`, and of the ES module that a program or thread begins with, before it looks for it. */
const IMPORT_BEGINS = 'tracing:module.import:start';
/** Of `node:diagnostics_channel`, as they are before the program runs. */
let subscribe;
let unsubscribe;
/** What is to be called then. */
let awaiting;

/** To be called before the program runs. */
function prepareToAwait() {
  if (subscribe === undefined) ({ subscribe, unsubscribe } = getBuiltinModule('diagnostics_channel'));
}

/** Has something called when the next import begins. What it throws would end the program. */
function awaitImport(begin) {
  stopAwaiting();
  prepareToAwait();
  subscribe(IMPORT_BEGINS, begin);
  awaiting = begin;
}

function stopAwaiting() {
  if (awaiting === undefined) return;
  unsubscribe(IMPORT_BEGINS, awaiting);
  awaiting = undefined;
}

function isImportAwaited() {
  return awaiting !== undefined;
}

module.exports = { awaitImport, imports, isImportAwaited, prepareToAwait, stopAwaiting };
