'use strict';

// Node's own answer to an `import`, for whatever the core is not sure of.

const { captured } = require('./captured.js');

const { noteRegistration } = require('./import_hook.js');

/** Node has this one in any case; for the module of that name, it would run another file. */
const { Module } = captured;

/** What is asked for where the hook below is to ask for something else. Nothing that is thrown is remembered by Node. */
const QUESTION = 'fast-resolve:question';
const ANSWERED = Symbol('answered');

let importMetaResolve;

/**
 * @param {string} specifier
 * @param {string} parentURL
 * @returns {{ url: string, format: string | null }}
 */
function askNodeToImport(specifier, parentURL) {
  importMetaResolve ??= require('./import-meta.mjs').resolve;
  let outcome;
  noteRegistration();
  const hooks = Module.registerHooks({
    resolve(asked, context, nextResolve) {
      if (asked !== QUESTION) return nextResolve(asked, context);
      outcome = answerOf(() => nextResolve(specifier, { ...context, parentURL }));
      throw ANSWERED;
    },
  });
  try {
    importMetaResolve(QUESTION);
  } catch (error) {
    if (error !== ANSWERED) throw error;
  } finally {
    hooks.deregister();
  }
  if (outcome.error !== undefined) throw outcome.error;
  return outcome.answer;
}

function answerOf(ask) {
  try {
    const { url, format } = ask();
    return { answer: { url, format: format ?? null } };
  } catch (error) {
    return { error };
  }
}

/** Whether this Node can be asked: since 22.15 and 23.5, unless it was told not to `require` ES modules. */
function canNodeBeAsked() {
  return Module.registerHooks !== undefined && process.features.require_module;
}

module.exports = { askNodeToImport, canNodeBeAsked };
