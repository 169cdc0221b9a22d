'use strict';

// Whether jest's own resolver would find what the core has found. Jest 30 resolves with unrs-resolver, jest 29 with
// `resolve` and `resolve.exports`; they agree with Node and with each other on ordinary packages, and differ on odd ones.

const fs = require('node:fs');
const path = require('node:path');

const { closestPackage } = require('./directories.js');
const { agreedTarget } = require('./exports.js');
const { DEFAULT_CONDITIONS } = require('./options.js');
const { readPackage } = require('./packages.js');
const { isPath, isPlainTarget, packageNameOf } = require('./request.js');

/**
 * @param {string} found What the core found, links not followed.
 * @param {string} request
 * @param {import('../../jest-resolver.js').ResolverOptions} options
 */
function isAgreed(found, request, options) {
  const { basedir, extensions } = options;
  if (!isPath(request)) return isAgreedPackage(found, request, options);
  if (request.startsWith('/') && !isAgreedRoot(request, options.rootDir)) return false;
  return isAgreedFileOrDirectory(found, path.resolve(basedir, request), extensions);
}

/** Jest 30 looks for absolute paths below `rootDir` first. */
function isAgreedRoot(request, rootDir) {
  if (rootDir === undefined) return true;
  const end = request.indexOf('/', 1);
  return end !== -1 && !fs.existsSync(path.join(rootDir, request.slice(0, end)));
}

function isAgreedPackage(found, request, { basedir, conditions = DEFAULT_CONDITIONS, extensions }) {
  const name = packageNameOf(request);
  const scope = closestPackage(basedir);
  // A package that asks for itself: Node and jest do not look for it equally far up.
  if (name === undefined || scope === null || scope?.name === name) return false;
  const directory = nearestPackage(found, name, basedir);
  if (directory === undefined) return false;
  const facts = readPackage(directory);
  if (!facts) return false;
  const rest = request.slice(name.length);
  if (facts.exports === undefined) {
    return isAgreedFileOrDirectory(found, directory + rest, extensions);
  }
  // Jest 29 takes the package's name after the package's name for the package.
  if (rest === `/${facts.name}` || rest.startsWith(`/${facts.name}/`)) return false;
  const target = agreedTarget(facts.exports, `.${rest}`, conditions);
  return target !== undefined && found === directory + target;
}

/** The directory of the package in `node_modules`, unless there is something of its name nearer to where one looks from. */
function nearestPackage(found, name, basedir) {
  for (let directory = basedir; ; directory = path.dirname(directory)) {
    const modules = path.join(directory, 'node_modules');
    const candidate = path.join(modules, name);
    if (found.startsWith(`${candidate}/`)) return candidate;
    // Node does not look for `node_modules/node_modules`, jest does.
    const isNearer = fs.existsSync(directory.endsWith('/node_modules') ? modules : candidate);
    if (isNearer || directory === path.dirname(directory)) return undefined;
  }
}

function isAgreedFileOrDirectory(found, target, extensions) {
  return isAgreedFile(found, target, extensions) || isAgreedDirectory(found, target, extensions);
}

function isAgreedFile(found, target, extensions) {
  return found.startsWith(target) && (found === target || extensions.includes(found.slice(target.length)));
}

function isAgreedDirectory(found, directory, extensions) {
  if (!found.startsWith(`${directory}/`)) return false;
  const facts = readPackage(directory);
  if (facts === null) return false;
  const main = facts?.main;
  if (main === undefined) return isAgreedIndex(found, directory, extensions);
  if (!isPlainTarget(main)) return false;
  const target = path.join(directory, main);
  if (isAgreedFile(found, target, extensions)) return true;
  // Jest 29 heeds a package.json in the directory that `main` names.
  return isAgreedIndex(found, target, extensions) && readPackage(target) === undefined;
}

function isAgreedIndex(found, directory, extensions) {
  const index = `${directory}/index`;
  return found.startsWith(index) && extensions.includes(found.slice(index.length));
}

module.exports = { isAgreed };
