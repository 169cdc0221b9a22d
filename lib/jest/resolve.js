'use strict';

// What jest's `resolver` option calls. The core answers where jest's own resolver is known to give the same answer;
// everything else is handed to that one, so that what jest does not find it reports in its own words.

const fs = require('node:fs');
const path = require('node:path');

const { isBuiltin } = require('node:module');
const { isAgreed } = require('./agreement.js');
const { closestPackage, isRealDirectory } = require('./directories.js');
const { getResolver } = require('./options.js');
const { isPlainRequest } = require('./request.js');

/**
 * @param {string} request
 * @param {import('../../jest-resolver.js').ResolverOptions} options
 * @returns {string}
 */
function resolve(request, options) {
  return tryCore(request, options) ?? options.defaultResolver(request, options);
}

function tryCore(request, options) {
  try {
    return resolveWithCore(request, options);
  } catch {
    // Mostly, there is nothing of that name. Jest looks once more, and the error is its own.
    return undefined;
  }
}

function resolveWithCore(request, options) {
  if (!isPlainRequest(request) || isBuiltin(request)) return undefined;
  const resolver = getResolver(options);
  if (resolver === null || !isRealDirectory(options.basedir)) return undefined;
  const found = resolver.resolve(request, options.basedir);
  if (!isAgreed(found, request, options) || closestPackage(path.dirname(found)) === null) return undefined;
  const real = fs.realpathSync.native(found);
  // Whether a device is a file, and what a name that is not UTF-8 leads to, depends on who asks.
  return fs.statSync(real).isFile() && !real.includes('\ufffd') ? real : undefined;
}

module.exports = { resolve };
