'use strict';

// Answers the model's requests in one thread, either as Node does or by what is tested.

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

// Ahead of everything, because liars.cjs needs it back.
module.exports = { createAsker, resolveWithNode };

/** Who has answered: what is tested, or Node, which it has asked. */
const [OURS, NODES] = ['ours', "Node's"];
/** How long a program waits that wants everything to be looked at again, in milliseconds. */
const LONGER_THAN_BELIEVED = 260;

/** Before the directory of a module that imports. */
const IMPORTS_IN = 'import ';

const nodesResolveFilename = Module._resolveFilename;
const nodesExtensions = { ...Module._extensions };

// Node tells of deprecated packages, and there are many such in the model's trees.
process.emitWarning = () => {};

/**
 * @param {string} kind A name in WAYS, or one of liars.cjs.
 */
function createAsker(kind) {
  if (kind !== 'node') watchNode();
  const resolve = (WAYS[kind] ?? require('./liars.cjs')[kind])();
  let current = {};
  const answerAll = (requests) =>
    requests.map(([request, fromDir]) =>
      fromDir.startsWith(IMPORTS_IN)
        ? answerOfImport(kind, request, fromDir.slice(IMPORTS_IN.length))
        : answerOf(resolve, request, fromDir),
    );
  return {
    /** An answer for each [request, fromDir]: a path, or the code of an error; and who has given it. */
    answer({ requests, surroundings }) {
      current = adopt(surroundings, current);
      return answerAll(requests);
    },
    /**
     * Answers some of the requests, waits for the tree to change, and answers all; all of that in one turn. Then it does what makes
     * everything be looked at again, and answers all once more.
     */
    answerInTurn({ requests, surroundings, asked, changed, isTold }) {
      current = adopt(surroundings, current);
      const before = answerAll(requests.slice(0, requests.length / 2));
      const time = Date.now();
      handOver(asked, before);
      const paths = awaitFile(changed);
      const waited = Date.now() - time;
      const after = answerAll(requests);
      if (isTold) forgetAll(paths, resolve);
      else pause(LONGER_THAN_BELIEVED);
      return { waited, after, anew: answerAll(requests) };
    },
    stats: () => fastResolve().stats(),
    /** Everything, or what rests on these paths. */
    forget: ({ paths }) => forgetAll(paths, resolve),
  };
}

const fastResolve = () => require('../../index.js');

/** A liar may have a way of its own to be told. */
function forgetAll(paths, { invalidate = fastResolve().invalidate }) {
  if (paths === undefined) fastResolve().clearCache();
  else for (const name of paths) invalidate(name);
}

const WAYS = {
  node: () => resolveWithNode,
  resolve: () => fastResolve().resolve,
  options: () => createOwnResolver('turn'),
  hook: () => installHook('turn'),
  until: () => fastResolve().createResolver({ believe: 'until-invalidated' }).resolve,
  untilOptions: () => createOwnResolver('until-invalidated'),
  untilHook: () => installHook('until-invalidated'),
  fresh: () => createOwnResolver('nothing'),
  freshHook: () => installHook('nothing'),
};

/** A resolver with options of its own, those that the running Node has. Nobody but the core answers there. */
function createOwnResolver(believe) {
  const resolvers = new Map();
  return (request, fromDir) => {
    const extensions = Object.keys(Module._extensions);
    const key = [extensions, process.env.NODE_PATH].join();
    if (!resolvers.has(key)) resolvers.set(key, fastResolve().createResolver({ extensions, believe }));
    return resolvers.get(key).resolve(request, fromDir);
  };
}

function installHook(believe) {
  if (!fastResolve().install({ believe })) throw new Error('the hook could not be installed');
  return resolveWithNode;
}

function resolveWithNode(request, fromDir) {
  return Module.createRequire(path.join(fromDir, 'any.js')).resolve(request);
}

/** Who has given the answer that is being given, and what has been entered in `Module._pathCache` for Node to repeat. */
let source = OURS;
let planted;
/** What was there when Node had last entered something. */
let nodesKeys;

/** Notes from now on whether Node was asked what the program had asked. */
function watchNode() {
  nodesKeys = new Set(Object.keys(Module._pathCache));
  Module._resolveFilename = function resolveFilename(_request, parent) {
    // The hook knows Node's own function by pieces of its text: BuiltinModule.normalizeRequirableId(request) ArrayPrototypeJoin(
    const isAsIs = parent.paths.join() === Module._nodeModulePaths(path.dirname(parent.filename)).join();
    if (isAsIs) source = NODES;
    planted ??= Object.entries(Module._pathCache).find(([key]) => !nodesKeys.has(key))?.[1];
    try {
      return Reflect.apply(nodesResolveFilename, this, arguments);
    } finally {
      nodesKeys = new Set(Object.keys(Module._pathCache));
    }
  };
}

/** No path begins with an exclamation mark. `isKept` tells whether this Node will repeat the answer. */
function answerOf(resolve, request, fromDir) {
  source = OURS;
  planted = undefined;
  try {
    const found = resolve(request, fromDir);
    return { text: found, source, planted, isKept: isKept(request, found) };
  } catch (error) {
    return { text: `!${error.code ?? error.name}`, source, planted, isKept: false };
  }
}

function answerOfImport(kind, specifier, directory) {
  const { resolveImport } = require('./import_asker.mjs');
  const { text, isNodes } = resolveImport(specifier, directory, (...asked) =>
    kind === 'node' ? undefined : askCore(...asked, believeOf(kind)),
  );
  return { text, source: isNodes ? NODES : OURS, isKept: false };
}

/** The memory of the core, without what the hook for `import` keeps as Node does. */
function askCore(specifier, context, believe) {
  fastResolve();
  const { parts } = require('../../dist/core.js');
  return parts.import_hook.resolveImport(specifier, context, believe);
}

function believeOf(kind) {
  if (kind.startsWith('until')) return 'until-invalidated';
  return kind.startsWith('fresh') ? 'nothing' : 'turn';
}

function isKept(request, found) {
  return Object.entries(Module._pathCache).some(([key, value]) => value === found && key.startsWith(`${request}\0`));
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

/** Without an end of the turn, which a message would be. */
function handOver(file, value) {
  fs.writeFileSync(`${file}.part`, JSON.stringify(value));
  fs.renameSync(`${file}.part`, file);
}

function awaitFile(file) {
  while (!fs.existsSync(file)) pause(1);
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
