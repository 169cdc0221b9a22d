// What jest's `resolver` option calls. The core answers where jest's own resolver is known to give the same answer;
// everything else is handed to that one, so that what jest does not find it reports in its own words.

const fs = require('node:fs');
const path = require('node:path');

const { isBuiltin } = require('../internals.js');
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
  return resolveWithCore(request, options) ?? options.defaultResolver(request, options);
}

function resolveWithCore(request, options) {
  if (!isPlainRequest(request) || isBuiltin(request)) return undefined;
  const resolver = getResolver(options);
  if (resolver === null || !isRealDirectory(options.basedir)) return undefined;
  const found = find(resolver, request, options.basedir);
  if (found === undefined || !isAgreed(found, request, options)) return undefined;
  if (closestPackage(path.dirname(found)) === null || !fs.statSync(found).isFile()) return undefined;
  const real = fs.realpathSync.native(found);
  // A name that is not UTF-8; what is read beside it depends on who reads.
  return real.includes('\ufffd') ? undefined : real;
}

function find(resolver, request, directory) {
  try {
    return resolver.resolve(request, directory);
  } catch {
    // Jest looks once more, and the error is its own.
    return undefined;
  }
}

module.exports = { resolve };
