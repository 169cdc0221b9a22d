'use strict';

// Answers the model's requests in one thread, either as Node does or by what is tested.

const Module = require('node:module');
const path = require('node:path');

// Ahead of everything, because liars.cjs needs it back.
module.exports = { createAsker, resolveWithNode };

const nodesResolveFilename = Module._resolveFilename;
const nodesExtensions = { ...Module._extensions };

// Node tells of deprecated packages, and there are many such in the model's trees.
process.emitWarning = () => {};

/**
 * @param {string} kind A name in WAYS, or one of liars.cjs.
 */
function createAsker(kind) {
  const resolve = (WAYS[kind] ?? require('./liars.cjs')[kind])();
  let current = {};
  const setSurroundings = (surroundings) => {
    current = adopt(surroundings, current);
  };
  return {
    /** An answer for each [request, fromDir]. */
    answer({ requests, surroundings }) {
      setSurroundings(surroundings);
      return requests.map(([request, fromDir]) => answerOf(resolve, request, fromDir));
    },
    /** What Node's own function says in this very thread, with whatever it has remembered there. */
    answerAsNode({ requests }) {
      const { _resolveFilename } = Module;
      Module._resolveFilename = nodesResolveFilename;
      try {
        return requests.map(([request, fromDir]) => answerOf(resolveWithNode, request, fromDir));
      } finally {
        Module._resolveFilename = _resolveFilename;
      }
    },
    stats: () => fastResolve().stats(),
    /** Everything, or what rests on this directory. */
    forget({ directory }) {
      if (directory === undefined) fastResolve().clearCache();
      else fastResolve().invalidate(directory);
    },
  };
}

const fastResolve = () => require('../../index.js');

const WAYS = {
  node: () => resolveWithNode,
  resolve: () => fastResolve().resolve,
  hook: () => installHook(),
  freshHook: () => installHook({ fresh: true }),
  /** A resolver that must answer as a fresh Node does, always. */
  fresh() {
    let resolver;
    let known;
    return (request, fromDir) => {
      const extensions = Object.keys(Module._extensions);
      const key = [extensions, process.env.NODE_PATH].join();
      if (key !== known) resolver = fastResolve().createResolver({ extensions, fresh: true });
      known = key;
      return resolver.resolve(request, fromDir);
    };
  },
};

function installHook(options) {
  if (!fastResolve().install(options)) throw new Error('the hook could not be installed');
  return resolveWithNode;
}

function resolveWithNode(request, fromDir) {
  return Module.createRequire(path.join(fromDir, 'any.js')).resolve(request);
}

/** The path, or the code of the error: no path begins with an exclamation mark. */
function answerOf(resolve, request, fromDir) {
  try {
    return resolve(request, fromDir);
  } catch (error) {
    return `!${error.code ?? error.name}`;
  }
}

function adopt(surroundings, current) {
  if (surroundings.nodePath !== current.nodePath) {
    process.env.NODE_PATH = surroundings.nodePath;
    Module._initPaths();
  }
  if (surroundings.extensions.join() !== current.extensions?.join()) {
    for (const extension of Object.keys(Module._extensions)) delete Module._extensions[extension];
    for (const extension of surroundings.extensions) {
      Module._extensions[extension] = nodesExtensions[extension] ?? nodesExtensions['.js'];
    }
  }
  return surroundings;
}
