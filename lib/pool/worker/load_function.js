'use strict';

// The functions that tasks call, from CommonJS or ES modules.

const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/** Loads a file the way Node loads a program: what it exports, or a promise for that. */
function loadModule(filename) {
  return isModule(filename) ? importModule(filename) : requireModule(filename);
}

/** By its extension and the nearest package.json, as Node decides. */
function isModule(filename) {
  const extension = path.extname(filename);
  if (extension === '.mjs' || extension === '.mts') return true;
  if (extension === '.cjs' || extension === '.cts') return false;
  return readPackageType(path.dirname(filename)) === 'module';
}

function readPackageType(directory) {
  try {
    return JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')).type;
  } catch {
    // None here, or none that can be read: Node says what is wrong with it when it loads the file.
  }
  const parent = path.dirname(directory);
  const isEnd = parent === directory || path.basename(directory) === 'node_modules';
  return isEnd ? undefined : readPackageType(parent);
}

function requireModule(filename) {
  try {
    return require(filename);
  } catch (error) {
    if (isWrittenAsModule(error, filename)) return importModule(filename);
    throw error;
  }
}

/** Whether the file itself can only be imported; not one that it requires, so that nothing is run twice. */
function isWrittenAsModule(error, filename) {
  if (error?.code === 'ERR_REQUIRE_ASYNC_MODULE') return String(error.message).includes(`Requiring ${filename} `);
  return error instanceof SyntaxError && String(error.stack).startsWith(`${filename}:`);
}

const importModule = (filename) => import(pathToFileURL(filename).href);

/**
 * The function of this name among what a file exports.
 * @throws {TypeError} ERR_INVALID_ARG_VALUE if there is none.
 */
function pickFunction(exported, name, filename) {
  const candidates =
    name === 'default'
      ? [exported?.default?.default, exported?.default, exported]
      : [memberOf(exported, name), memberOf(exported?.default, name)];
  const found = candidates.find((candidate) => typeof candidate === 'function');
  if (found !== undefined) return found;
  const error = new TypeError(`${filename} exports no function '${name}'`);
  error.code = 'ERR_INVALID_ARG_VALUE';
  throw error;
}

/** What an object or function has of its own or from a class of the user's; what all of them have is nobody's function. */
function memberOf(exported, name) {
  if (exported === undefined || exported === null) return undefined;
  if (Object.hasOwn(exported, name)) return exported[name];
  return name === 'constructor' || name in Object.prototype || name in Function.prototype ? undefined : exported[name];
}

module.exports = { loadModule, pickFunction };
