'use strict';

// Errors as Node words them. The facts come from the core; the prose is that of Node's `lib/internal/errors.js`.

const fs = require('node:fs');
const { pathToFileURL } = require('node:url');
const { inspect } = require('node:util');

function createError(Base, code, message) {
  const error = new Base(message);
  // As Node does, so that the code shows in the stack but not in the name.
  error.stack = error.stack.replace(/^\w+/, (name) => `${name} [${code}]`);
  error.code = code;
  return error;
}

/** MODULE_NOT_FOUND; there is no module that asks, and so no `requireStack`. */
function createNotFoundError(request) {
  const error = new Error(`Cannot find module '${request}'`);
  error.code = 'MODULE_NOT_FOUND';
  error.requireStack = [];
  return error;
}

function createTargetNotFoundError({ missing, packageJson, fault }, request) {
  const isMain = fault === 'main';
  const error = new Error(
    `Cannot find module '${missing}'${isMain ? '. Please verify that the package.json has a valid "main" entry' : ''}`,
  );
  error.code = 'MODULE_NOT_FOUND';
  if (packageJson !== undefined) error.path = packageJson;
  if (isMain) error.requestPath = request;
  return error;
}

const FAULTS = {
  malformed: '',
  numericKeys: ' "exports" cannot contain numeric property keys.',
  mixedKeys:
    ' "exports" cannot contain some keys starting with \'.\' and some not. The exports object must either be an object ' +
    'of package subpath keys or an object of main entry condition name keys only.',
  importsName: () => 'is not a valid internal imports specifier name',
  packageName: () => 'is not a valid package name',
  encodedSeparator: () => 'must not include encoded "/" or "\\" characters',
  pattern: ({ pattern, isImport, packageJson }) =>
    `request is not a valid match in pattern "${pattern}" for the "${isImport ? 'imports' : 'exports'}" resolution of ` +
    packageJson,
};

const MESSAGES = {
  ERR_INVALID_URL_SCHEME: () => 'The URL must be of scheme file',
  ERR_PACKAGE_PATH_NOT_EXPORTED: ({ subject, package: directory, base }) =>
    `${subject === '.' ? 'No "exports" main defined' : `Package subpath '${subject}' is not defined by "exports"`} in ` +
    `${directory}package.json${base === undefined ? '' : ` imported from ${base}`}`,
  ERR_PACKAGE_IMPORT_NOT_DEFINED: ({ subject, package: directory, base }) =>
    `Package import specifier "${subject}" is not defined${directory === '' ? '' : ` in package ${directory}package.json`} ` +
    `imported from ${base}`,
  ERR_MODULE_NOT_FOUND: ({ missing, fault, base }) => `Cannot find ${fault} '${missing}' imported from ${base}`,
  ERR_UNSUPPORTED_DIR_IMPORT: ({ missing, base }) =>
    `Directory import '${missing}' is not supported resolving ES modules imported from ${base}`,
  ERR_INVALID_PACKAGE_TARGET: ({ subject, target, isImport, package: directory, base }) => {
    // Node prints a string as it is, anything else as a string that holds its JSON.
    const text = target.startsWith('"') ? JSON.parse(target) : target;
    const quoted = JSON.stringify(text);
    const place = subject === '.' ? `"exports" main target ${quoted} defined in` : undefined;
    const needsDot = !isImport && text !== '' && !text.startsWith('./');
    return (
      `Invalid ${place ?? `"${isImport ? 'imports' : 'exports'}" target ${quoted} defined for '${subject}' in`} ` +
      `the package config ${directory}package.json${base === undefined ? '' : ` imported from ${base}`}` +
      `${needsDot ? '; targets must start with "./"' : ''}`
    );
  },
  ERR_INVALID_MODULE_SPECIFIER: (failure) =>
    `Invalid module "${failure.subject}" ${FAULTS[failure.fault](failure)}` +
    `${failure.base === undefined ? '' : ` imported from ${failure.base}`}`,
  ERR_INVALID_PACKAGE_CONFIG: ({ packageJson, fault, base }) =>
    fault === 'unreadable'
      ? `Cannot read package config ${packageJson}: ${whyUnreadable(packageJson)}.`
      : `Invalid package config ${packageJson}${base === undefined ? '' : ` while importing ${base}`}.${FAULTS[fault]}`,
};

/** In the words of libuv, which Node uses. */
function whyUnreadable(file) {
  try {
    fs.readFileSync(file);
  } catch ({ message }) {
    // ELOOP: too many symbolic links encountered, open '/a/package.json'
    return /^\w+: ([^,]+)/.exec(message)?.[1] ?? message;
  }
  return 'it could not be read a moment ago';
}

const TYPE_ERRORS = new Set([
  'ERR_INVALID_MODULE_SPECIFIER',
  'ERR_INVALID_URL_SCHEME',
  'ERR_PACKAGE_IMPORT_NOT_DEFINED',
]);

/**
 * The error that the core's facts describe.
 * @param {number | import('../../target/binding.js').JsResolveFailure} answer
 * @param {string} request
 */
function createResolveError(answer, request) {
  if (typeof answer === 'number') return createNotFoundError(request);
  if (answer.code === 'MODULE_NOT_FOUND') return createTargetNotFoundError(answer, request);
  return createError(TYPE_ERRORS.has(answer.code) ? TypeError : Error, answer.code, MESSAGES[answer.code](answer));
}

/** The same of an `import`: Node's errors have the URL of what is not there. */
function createImportError(failure) {
  const error = createResolveError(failure);
  const isOfFile = failure.fault === 'module' || failure.code === 'ERR_UNSUPPORTED_DIR_IMPORT';
  if (isOfFile) error.url = pathToFileURL(failure.missing).href;
  return error;
}

function describe(value) {
  if (value == null) return `${value}`;
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    return value.constructor?.name ? `an instance of ${value.constructor.name}` : inspect(value, { depth: -1 });
  }
  const text = inspect(value, { colors: false });
  return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** ERR_INVALID_ARG_TYPE, worded as Node words it. */
function createArgumentTypeError(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument';
  const message = `The "${name}" ${kind} must be ${expected}. Received ${describe(value)}`;
  return createError(TypeError, 'ERR_INVALID_ARG_TYPE', message);
}

/** ERR_INVALID_ARG_VALUE, worded as Node words it. */
function createArgumentValueError(name, value, reason) {
  const kind = name.includes('.') ? 'property' : 'argument';
  const text = inspect(value);
  const shown = text.length > 128 ? `${text.slice(0, 128)}...` : text;
  return createError(TypeError, 'ERR_INVALID_ARG_VALUE', `The ${kind} '${name}' ${reason}. Received ${shown}`);
}

/** ERR_OUT_OF_RANGE, worded as Node words it. */
function createOutOfRangeError(name, range, value) {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${inspect(value)}`;
  return createError(RangeError, 'ERR_OUT_OF_RANGE', message);
}

/** ERR_UNKNOWN_SIGNAL, worded as Node words it. */
function createUnknownSignalError(value) {
  return createError(TypeError, 'ERR_UNKNOWN_SIGNAL', `Unknown signal: ${value}`);
}

/** ERR_FEATURE_UNAVAILABLE_ON_PLATFORM. */
function createUnavailableError(name) {
  const message = `The option "${name}" is not available on ${process.platform}`;
  return createError(TypeError, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', message);
}

module.exports = {
  createArgumentTypeError,
  createArgumentValueError,
  createImportError,
  createOutOfRangeError,
  createResolveError,
  createUnavailableError,
  createUnknownSignalError,
};
