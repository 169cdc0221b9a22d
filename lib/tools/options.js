'use strict';

// The options of resolution for tools: checked, and as the core takes them. The names are those of oxc-resolver and enhanced-resolve.

const path = require('node:path');

const { createArgumentTypeError, createArgumentValueError } = require('../shared/errors.js');
const {
  validateArray,
  validateBoolean,
  validateObject,
  validateOptions,
  validateString,
  validateStrings,
} = require('../shared/arguments.js');

/** Those that say nothing to Node's own algorithm. */
const TOOL_OPTIONS = [
  'alias',
  'aliasFields',
  'allowPackageExportsInDirectoryResolve',
  'builtinModules',
  'enforceExtension',
  'exportsFields',
  'extensionAlias',
  'fallback',
  'fullySpecified',
  'importsFields',
  'mainFiles',
  'moduleType',
  'modules',
  'nodePath',
  'preferAbsolute',
  'preferRelative',
  'resolveJsonModule',
  'resolveToContext',
  'restrictions',
  'roots',
  'tsconfig',
  'typescriptVersion',
  'yarnPnp',
];

const DEFAULTS = {
  alias: {},
  aliasFields: [],
  allowPackageExportsInDirectoryResolve: false,
  builtinModules: false,
  conditionNames: [],
  exportsFields: ['exports'],
  extensionAlias: {},
  extensions: ['.js', '.json', '.node'],
  fallback: {},
  fullySpecified: false,
  importsFields: ['imports'],
  mainFields: ['main'],
  mainFiles: ['index'],
  moduleType: false,
  modules: ['node_modules'],
  nodePath: true,
  paths: [],
  preferAbsolute: false,
  preferRelative: false,
  resolveJsonModule: true,
  resolveToContext: false,
  restrictions: [],
  roots: [],
  symlinks: true,
  tsconfig: undefined,
  typescriptVersion: '7.0',
  yarnPnp: process.versions.pnp !== undefined,
};

/** oxc-resolver's numbers for `enforceExtension`. */
const ENFORCE = [undefined, true, false];

function checkName(value, name) {
  validateString(value, name);
  if (value === '') throw createArgumentValueError(name, value, 'must not be empty');
  if (value.includes('\0')) throw createArgumentValueError(name, value, 'must have no NUL');
  return value;
}

const listed = (value) => (Array.isArray(value) ? value : [value]);

function checkNames(value, name) {
  return listed(value).map((item, index) => checkName(item, Array.isArray(value) ? `${name}[${index}]` : name));
}

function checkExtensions(value, name) {
  validateStrings(value, name);
  value.forEach((extension, index) => {
    if (/[/\0]/.test(extension)) {
      throw createArgumentValueError(`${name}[${index}]`, extension, 'must have no slash and no NUL');
    }
  });
  return [...value];
}

/** A field of package.json, or the names of the objects that it lies in and its own. */
function checkFields(value, name) {
  return listed(value).map((field, index) => checkNames(field, `${name}[${index}]`));
}

function checkAbsolutePath(value, name) {
  checkName(value, name);
  if (!path.isAbsolute(value)) throw createArgumentValueError(name, value, 'must be an absolute path');
  return path.resolve(value);
}

function checkAbsolutePaths(value, name) {
  return validateArray(value, name).map((item, index) => checkAbsolutePath(item, `${name}[${index}]`));
}

/** What stands for a name: a request, or an empty text for an empty module. */
function checkAliasValue(value, name) {
  if (value === false || value === null || value === undefined) return '';
  if (typeof value !== 'string') throw createArgumentTypeError(name, 'of type string or false', value);
  return checkName(value, name);
}

function checkAliasValues(value, name) {
  return Array.isArray(value)
    ? value.map((item, index) => checkAliasValue(item, `${name}[${index}]`))
    : [checkAliasValue(value, name)];
}

/** An object of names, or enhanced-resolve's list of `{ name, alias, onlyModule }`. */
function checkAlias(value, name) {
  validateObject(value, name);
  if (Array.isArray(value)) return value.map((entry, index) => checkAliasEntry(entry, `${name}[${index}]`));
  return Object.entries(value).map(([key, values]) => {
    const isExact = key.endsWith('$');
    return {
      name: checkName(isExact ? key.slice(0, -1) : key, `${name}.${key}`),
      isExact,
      values: checkAliasValues(values, `${name}.${key}`),
    };
  });
}

function checkAliasEntry(entry, name) {
  validateOptions(entry, name, ['name', 'alias', 'onlyModule']);
  if (entry.onlyModule !== undefined) validateBoolean(entry.onlyModule, `${name}.onlyModule`);
  return {
    name: checkName(entry.name, `${name}.name`),
    isExact: entry.onlyModule === true,
    values: checkAliasValues(entry.alias, `${name}.alias`),
  };
}

function checkExtensionAlias(value, name) {
  validateObject(value, name);
  return Object.entries(value).map(([extension, others]) => [
    checkName(extension, `${name}.${extension}`),
    ...checkExtensions(listed(others), `${name}.${extension}`),
  ]);
}

function checkEnforceExtension(value, name) {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1 || value === 2) return ENFORCE[value];
  throw createArgumentTypeError(name, 'of type boolean', value);
}

/** Directories, as the core checks them, and regular expressions, which only JavaScript can. */
function checkRestrictions(value, name) {
  const restrictions = validateArray(value, name).map((restriction, index) =>
    checkRestriction(restriction, `${name}[${index}]`),
  );
  return {
    directories: restrictions.filter((restriction) => typeof restriction === 'string'),
    expressions: restrictions.filter((restriction) => typeof restriction !== 'string'),
  };
}

function checkRestriction(restriction, name) {
  if (typeof restriction === 'string') return checkAbsolutePath(restriction, name);
  if (restriction instanceof RegExp) return new RegExp(restriction.source, restriction.flags.replace(/[gy]/g, ''));
  if (restriction === null || typeof restriction !== 'object') {
    throw createArgumentTypeError(name, 'of type string or an instance of RegExp', restriction);
  }
  validateOptions(restriction, name, ['path', 'regex']);
  if (restriction.path !== undefined) return checkAbsolutePath(restriction.path, `${name}.path`);
  validateString(restriction.regex, `${name}.regex`);
  try {
    return new RegExp(restriction.regex);
  } catch (error) {
    throw createArgumentValueError(
      `${name}.regex`,
      restriction.regex,
      `must be a regular expression (${error.message})`,
    );
  }
}

/** `'auto'`, or a file and whether its references count; a relative path is one in the working directory. */
function checkTsconfig(value, name) {
  if (value === 'auto') return { path: '', references: true };
  if (value === null || typeof value !== 'object') {
    throw createArgumentTypeError(name, "'auto' or of type object", value);
  }
  validateOptions(value, name, ['configFile', 'references']);
  checkName(value.configFile, `${name}.configFile`);
  if (value.references !== undefined && value.references !== 'auto') {
    throw createArgumentValueError(`${name}.references`, value.references, "must be 'auto'");
  }
  return { path: path.resolve(value.configFile), references: value.references === 'auto' };
}

const NUMBER = '(?:0|[1-9]\\d*)';
const VERSION = new RegExp(`^${NUMBER}\\.${NUMBER}(?:\\.${NUMBER}(?:-[a-z]+(?:\\.${NUMBER})?)?)?$`);

/** A version of TypeScript: `5.9`, `5.9.3`, `6.0.0-beta`. */
function checkVersion(value, name) {
  validateString(value, name);
  if (!VERSION.test(value)) throw createArgumentValueError(name, value, "must be a version, such as '5.9'");
  return value;
}

const CHECKS = {
  alias: checkAlias,
  aliasFields: checkFields,
  allowPackageExportsInDirectoryResolve: validateBoolean,
  builtinModules: validateBoolean,
  conditionNames: checkNames,
  enforceExtension: checkEnforceExtension,
  exportsFields: checkFields,
  extensionAlias: checkExtensionAlias,
  extensions: checkExtensions,
  fallback: checkAlias,
  fullySpecified: validateBoolean,
  importsFields: checkFields,
  mainFields: checkFields,
  mainFiles: checkNames,
  moduleType: validateBoolean,
  modules: checkNames,
  nodePath: validateBoolean,
  paths: checkAbsolutePaths,
  preferAbsolute: validateBoolean,
  preferRelative: validateBoolean,
  resolveJsonModule: validateBoolean,
  resolveToContext: validateBoolean,
  restrictions: checkRestrictions,
  roots: checkAbsolutePaths,
  symlinks: validateBoolean,
  tsconfig: checkTsconfig,
  typescriptVersion: checkVersion,
  yarnPnp: validateBoolean,
};

/** Names of directories that stand behind one another are looked for together, from one directory up to the next. */
function groupModules(modules) {
  const groups = [];
  for (const name of modules) {
    const last = groups.at(-1);
    if (path.isAbsolute(name)) groups.push([path.resolve(name)]);
    else if (last === undefined || path.isAbsolute(last[0])) groups.push([name]);
    else last.push(name);
  }
  return groups;
}

function nodePaths() {
  const paths = (process.env.NODE_PATH ?? '').split(path.delimiter);
  return paths.filter((directory) => path.isAbsolute(directory));
}

/**
 * The options, checked.
 * @param {object} given
 */
function readToolOptions(given) {
  const { preserveSymlinks, ...others } = given;
  const options = {
    ...DEFAULTS,
    ...(preserveSymlinks === undefined ? {} : { symlinks: !preserveSymlinks }),
    ...others,
  };
  const checked = Object.fromEntries(
    Object.entries(CHECKS).map(([name, check]) => [
      name,
      options[name] === undefined ? undefined : check(options[name], `options.${name}`),
    ]),
  );
  const { directories, expressions } = checked.restrictions;
  const { enforceExtension, modules, nodePath, paths, restrictions, tsconfig, ...rest } = checked;
  const { typescriptVersion, resolveJsonModule, ...native } = rest;
  return {
    native: {
      ...native,
      enforceExtension: enforceExtension ?? checked.extensions.includes(''),
      areMainFilesComplete: given.mainFiles !== undefined,
      modules: groupModules([...modules, ...(nodePath ? nodePaths() : []), ...paths]),
      restrictions: directories,
      tsconfig: tsconfig?.path,
      tsconfigReferences: tsconfig?.references === true,
      // TypeScript does not know NODE_PATH.
      declarations: { typescriptVersion, resolveJsonModule, modules: groupModules([...modules, ...paths]) },
    },
    expressions,
  };
}

module.exports = { TOOL_OPTIONS, readToolOptions };
