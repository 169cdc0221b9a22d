'use strict';

// `Module._pathCache`: what has an answer there, Node found before or a program has planted.

const { captured } = require('./captured.js');
const { makeKeysQuick } = require('./keys.js');
const { MAXIMUM_DIRECTORIES, isRelative } = require('./lookup_paths.js');
const { currentGlobalPaths } = require('./search_options.js');

const { Module, SafeMap, _nodeModulePaths, arrayJoin, keys, split } = captured;

/** So many entries are looked through quicker than the key of one is made. */
const FEW_ENTRIES = 12;
/** What `Module._pathCache` held when Node had last entered something there itself. */
let cachedKeys = [];
/** What each of them was the answer to. */
let cachedRequests = [];

/** By directory, all folders that are searched, as Node joins them. */
let joinedFolders = new SafeMap();
let searchedFolders;

/** All folders that are searched for a name from a directory, joined. */
function joinedFoldersFrom(directory) {
  const folders = currentGlobalPaths();
  if (folders !== searchedFolders || joinedFolders.size > MAXIMUM_DIRECTORIES) {
    joinedFolders = new SafeMap();
    searchedFolders = folders;
  }
  let joined = joinedFolders.get(directory);
  if (joined === undefined) {
    const paths = _nodeModulePaths(directory);
    for (let index = 0; index < folders.length; index++) paths[paths.length] = folders[index];
    joined = arrayJoin(paths, '\0');
    joinedFolders.set(directory, joined);
  }
  return joined;
}

/** Where Node would keep the answer to a request of a module in a directory. */
function pathCacheKey(request, directory) {
  if (request[0] === '/') return `${request}\0`;
  return `${request}\0${isRelative(request) ? directory : joinedFoldersFrom(directory)}`;
}

/** To be called when Node itself may have entered something in `Module._pathCache`. */
function notePathCache() {
  const cache = Module._pathCache ?? {};
  cachedKeys = keys(cache);
  cachedRequests = [];
  if (cachedKeys.length > FEW_ENTRIES) return;
  for (let index = 0; index < cachedKeys.length; index++) cachedRequests[index] = split(cachedKeys[index], '\0')[0];
  makeKeysQuick(cache);
}

/** Whether `Module._pathCache` has an answer to a request. Mostly there is nothing in it but what Node has entered long ago. */
function isInPathCache(request, directory) {
  const cache = Module._pathCache;
  if (!cache) return false;
  let index = 0;
  for (const key in cache) {
    // What is there for another request, whatever it is now, does not count.
    if (index >= FEW_ENTRIES || key !== cachedKeys[index] || request === cachedRequests[index]) {
      return Boolean(cache[pathCacheKey(request, directory)]);
    }
    index++;
  }
  return false;
}

/** The same, for who has the key. */
function isKeyInPathCache(key) {
  return Boolean(Module._pathCache?.[key]);
}

module.exports = { isInPathCache, isKeyInPathCache, notePathCache, pathCacheKey };
