'use strict';

// `fast-resolve/rollup`: a plugin for rollup in the place of @rollup/plugin-node-resolve, with its options and its answers.

const { isBuiltin } = require('node:module');
const path = require('node:path');

const { createResolver } = require('../resolve/main.js');
const { validateOptions } = require('../shared/arguments.js');
const { createArgumentValueError } = require('../shared/errors.js');
const { SideEffects } = require('./side_effects.js');

const NAME = 'fast-resolve';

/** What stands for a module that `browser` leaves out. */
const EMPTY = '\0fast-resolve:empty';

const OPTIONS = [
  'browser',
  'dedupe',
  'exportConditions',
  'extensions',
  'ignoreSideEffectsForRoot',
  'jail',
  'mainFields',
  'moduleDirectories',
  'modulePaths',
  'modulesOnly',
  'preferBuiltins',
  'resolveOnly',
  'rootDir',
];

const DEFAULTS = {
  browser: false,
  dedupe: [],
  exportConditions: [],
  // Packages that have both mean `.mjs` for bundlers.
  extensions: ['.mjs', '.js', '.json', '.node'],
  ignoreSideEffectsForRoot: false,
  mainFields: ['module', 'main'],
  moduleDirectories: ['node_modules'],
  modulePaths: [],
  modulesOnly: false,
  resolveOnly: [],
};

/** What a module in TypeScript writes, and what it may mean. */
const OF_TYPESCRIPT = [
  ['.js', '.ts'],
  ['.js', '.tsx'],
  ['.jsx', '.tsx'],
  ['.mjs', '.mts'],
  ['.cjs', '.cts'],
];

function readOptions(given) {
  validateOptions(given, 'options', OPTIONS);
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options = { ...DEFAULTS, ...own, rootDir: path.resolve(own.rootDir ?? process.cwd()) };
  if (options.browser && !options.mainFields.includes('browser')) {
    options.mainFields = ['browser', ...options.mainFields];
  }
  if (options.mainFields.length === 0) {
    throw createArgumentValueError('options.mainFields', options.mainFields, 'must name a field');
  }
  if (options.moduleDirectories.some((name) => name.includes('/'))) {
    throw createArgumentValueError(
      'options.moduleDirectories',
      options.moduleDirectories,
      'must be names, see modulePaths',
    );
  }
  return options;
}

/** The name of the package that is asked for, or undefined. */
function packageNameOf(request) {
  if (/^[./]/.test(request) || path.isAbsolute(request)) return undefined;
  return request
    .split('/')
    .slice(0, request.startsWith('@') ? 2 : 1)
    .join('/');
}

/** A function that tells whether a list of names and expressions, or a function in its place, means a name; an empty list means all. */
function toPredicate(list) {
  if (typeof list === 'function') return list;
  return (name) =>
    list.length === 0 || list.some((item) => (item instanceof RegExp ? name.search(item) !== -1 : item === name));
}

function isDeduped({ dedupe }, request) {
  if (typeof dedupe === 'function') return dedupe(request);
  return dedupe.includes(request) || dedupe.includes(packageNameOf(request));
}

/** What is believed for one build, by all that ask in it. */
class Build {
  constructor(options, preserveSymlinks) {
    const { exportConditions, extensions, mainFields, moduleDirectories, modulePaths } = options;
    const usesBrowser = mainFields.includes('browser');
    const isModeGiven = exportConditions.includes('development') || exportConditions.includes('production');
    const conditions = [
      ...['default', 'module', ...exportConditions],
      ...(usesBrowser ? ['browser'] : []),
      ...(isModeGiven ? [] : [isDevelopment() ? 'development' : 'production']),
    ];
    const common = {
      aliasFields: usesBrowser ? ['browser'] : [],
      // A file that another plugin has written meanwhile is seen, and looks within a turn are made once.
      believe: 'turn',
      extensions,
      mainFields,
      modules: [...moduleDirectories, ...modulePaths.map((directory) => path.resolve(directory))],
      nodePath: false,
      symlinks: !preserveSymlinks,
    };
    this.forImport = createResolver({ ...common, conditionNames: ['import', ...conditions] });
    this.forRequire = createResolver({ ...common, conditionNames: ['require', ...conditions] });
    this.withoutBrowser = createResolver({ ...common, aliasFields: [], conditionNames: ['import', ...conditions] });
    this.sideEffects = new SideEffects(options.ignoreSideEffectsForRoot ? options.rootDir : undefined);
  }
}

const isDevelopment = () => (process.env.NODE_ENV ?? '') !== '' && process.env.NODE_ENV !== 'production';

/** What may be meant by a request, in order. */
function requestsFor(request, importer, extensions) {
  const requests = [request];
  // The name of an entry may be a path.
  if (importer === undefined && !/^\.{0,2}\//.test(request)) requests.push(`./${request}`);
  if (importer !== undefined && /\.[cm]?tsx?$/.test(importer)) {
    for (const [written, meant] of OF_TYPESCRIPT) {
      if (request.endsWith(written) && extensions.includes(meant)) {
        requests.push(request.slice(0, -written.length) + meant);
      }
    }
  }
  return requests;
}

function fastResolve(given = {}) {
  const options = readOptions(given);
  const isToResolve = toPredicate(options.resolveOnly);
  const isPreferred = (request) => {
    const { preferBuiltins = true } = options;
    return isBuiltin(request) && (typeof preferBuiltins === 'function' ? preferBuiltins(request) : preferBuiltins);
  };
  let build;
  let inputs;

  /** The answer of the first request that leads somewhere, and which that was. */
  function look(context, resolver, directory, requests) {
    for (const request of requests) {
      const answer = resolver.sync(directory, request);
      // What follows a `#` is part of a name here.
      if ((answer.path !== undefined && answer.query === '') || answer.ignored !== undefined)
        return { ...answer, request };
      if (answer.path === undefined && answer.code !== 'MODULE_NOT_FOUND') {
        context.warn(answer.error);
        return undefined;
      }
    }
    return undefined;
  }

  /** What `browser` puts in the place of a core module is no core module any more. */
  function isReplaced(found, directory, request) {
    if (found === undefined) return false;
    if (found.ignored !== undefined) return true;
    return found.path !== build.withoutBrowser.sync(directory, request).path;
  }

  async function find(context, request, query, importer, isRequire) {
    const directory = importer === undefined || isDeduped(options, request) ? options.rootDir : path.dirname(importer);
    if (!request.startsWith('.') && !isToResolve(packageNameOf(request) ?? request)) {
      return inputs.includes(request) ? null : false;
    }
    const resolver = isRequire ? build.forRequire : build.forImport;
    const found = look(context, resolver, directory, requestsFor(request, importer, options.extensions));
    if (isPreferred(request) && !isReplaced(found, directory, request)) {
      if (found !== undefined && options.preferBuiltins === undefined) warnOfBuiltin(context, request, found.path);
      return false;
    }
    if (found === undefined) return null;
    if (found.ignored !== undefined) return { id: EMPTY };
    if (options.jail !== undefined && !found.path.startsWith(path.normalize(options.jail))) return null;
    if (options.modulesOnly && !(await isModule(context, found.path))) return null;
    return { id: found.path + query, moduleSideEffects: sideEffectsOf(found) };
  }

  function sideEffectsOf({ path: file, packageJsonPath, request }) {
    // The package's `imports` lead to files of any package.
    if (request.startsWith('#')) return null;
    const isOfPackage = packageNameOf(request) !== undefined && packageJsonPath !== undefined;
    return build.sideEffects.of(file, isOfPackage ? packageJsonPath : undefined);
  }

  return {
    name: NAME,

    buildStart({ input, preserveSymlinks }) {
      inputs = typeof input === 'string' ? [input] : Object.values(input);
      build = new Build(options, preserveSymlinks === true);
    },

    resolveId: {
      // Where no other plugin knows better.
      order: 'post',
      async handler(source, importer, context) {
        if (source === EMPTY) return source;
        // Those belong to other plugins.
        if (source.includes('\0')) return null;
        const { custom = {} } = context;
        if (custom[NAME] !== undefined) return custom[NAME].resolved;
        const asking = importer?.includes('\0') ? undefined : importer;
        const [request, afterMark = ''] = source.split('?');
        const query = afterMark === '' ? '' : `?${afterMark}`;
        const resolved = await find(this, request, query, asking, custom['node-resolve']?.isRequire);
        if (!resolved) return resolved;
        // Other plugins may say more of what was found, or make it external. They may ask again, so that this one is not left out.
        const said = await this.resolve(resolved.id, asking, {
          ...context,
          skipSelf: false,
          custom: { ...custom, [NAME]: { resolved } },
        });
        if (said?.external) return false;
        if (said && said.id !== resolved.id) return said;
        return said ? { ...resolved, meta: said.meta } : resolved;
      },
    },

    load(id) {
      return id === EMPTY ? 'export default {};' : null;
    },
  };
}

function warnOfBuiltin(context, request, file) {
  context.warn(
    `'${request}' is taken for the core module, and not for ${file}: set preferBuiltins to true, to false, or to a function that decides`,
  );
}

async function isModule(context, file) {
  const code = (await context.fs.readFile(file, { encoding: 'utf8' })).toString();
  let program;
  try {
    program = context.parse(code);
  } catch (error) {
    // What is no JavaScript is no module of it.
    if (error.code === 'PARSE_ERROR') return false;
    throw error;
  }
  return program.body.some(({ type }) => /^(?:Import|Export)\w*Declaration$/.test(type));
}

module.exports = { fastResolve };
