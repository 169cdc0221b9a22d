'use strict';

// What a preload that NODE_OPTIONS names is told, once: neither a thread, which is no start of its own, nor a child of the program
// finds anything of it any more.

const { env } = process;

/** The NODE_OPTIONS that load these files before whatever else they load. */
function withPreloads(files, options = '') {
  return `${files.map(optionFor).join('')}${options}`;
}

function optionFor(file) {
  return `-r ${JSON.stringify(file)} `;
}

/**
 * Takes away how this preload was told, and what it was told.
 * @param {string} file The preload.
 * @param {string} name The variable.
 * @returns {string | undefined} Undefined in a thread.
 */
function takeFromEnvironment(file, name) {
  const value = env[name];
  if (value === undefined) return undefined;
  delete env[name];
  const others = env.NODE_OPTIONS.replace(optionFor(file), '');
  if (others === '') delete env.NODE_OPTIONS;
  else env.NODE_OPTIONS = others;
  return value;
}

module.exports = { takeFromEnvironment, withPreloads };
