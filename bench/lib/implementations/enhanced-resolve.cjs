'use strict';

const fs = require('node:fs');
const { isBuiltin } = require('node:module');
const { nodesOptions } = require('./nodes-options.cjs');

// How long webpack lets the file system's answers be kept.
const cacheMilliseconds = 4000;

exports.load = () => {
  const { CachedInputFileSystem, ResolverFactory } = require('enhanced-resolve');
  const resolver = ResolverFactory.createResolver({
    ...nodesOptions(),
    fileSystem: new CachedInputFileSystem(fs, cacheMilliseconds),
    useSyncFileSystemCalls: true,
  });
  return ({ request, directory }) => {
    // It knows no builtins; those who use it ask before.
    if (isBuiltin(request)) return request;
    const answer = resolver.resolveSync({}, directory, request);
    return answer === false ? null : answer;
  };
};
