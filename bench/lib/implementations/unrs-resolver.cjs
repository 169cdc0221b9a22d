'use strict';

const { nodesOptions } = require('./nodes-options.cjs');

exports.load = () => {
  const { ResolverFactory } = require('unrs-resolver');
  const resolver = new ResolverFactory({ ...nodesOptions(), builtinModules: true });
  return ({ request, directory }) => {
    const { path, builtin } = resolver.sync(directory, request);
    if (path !== undefined) return path;
    // It answers with the name that has the prefix; Node with the name as it was asked for.
    return builtin === undefined ? null : request;
  };
};
