'use strict';

// Loads the addon when it is first wanted, by what was there when this file was loaded: a program may have replaced anything by
// then. Remembers why it could not be loaded.

const { captured } = require('./captured.js');

const { apply, arch, dlopen, env, nodeProcess, platform } = captured;

const NAMED = env.NAPI_RS_NATIVE_LIBRARY_PATH;

/** Names of the binary, by the libraries of the system; the wrong one can't be loaded. */
const PLATFORMS = { linux: ['gnu', 'musl'], win32: ['msvc'] }[platform]?.map(
  (library) => `${platform}-${arch}-${library}`,
) ?? [`${platform}-${arch}`];

let native;
const failures = [];

/**
 * The addon, or null. It is looked for beside the package, where a checkout has it, and in the package for this platform, in each
 * `node_modules` upwards. No module is required for that: a hook of the program's would be asked where to find it.
 */
function getNative() {
  if (native === undefined)
    native = load(NAMED || `${__dirname}/../fast-resolve.${PLATFORMS[0]}.node`) ?? loadElsewhere();
  return native;
}

function load(file) {
  const loaded = { exports: {} };
  try {
    apply(dlopen, nodeProcess, [loaded, file]);
    return loaded.exports;
  } catch (error) {
    failures.push(error);
    return null;
  }
}

function loadElsewhere() {
  if (NAMED) return null;
  let loaded = null;
  for (const name of PLATFORMS.slice(1)) loaded ??= load(`${__dirname}/../fast-resolve.${name}.node`);
  for (let end = __dirname.length; end > 0; end = __dirname.lastIndexOf('/', end - 1)) {
    const directory = __dirname.slice(0, end);
    if (!directory.endsWith('/node_modules')) continue;
    for (const name of PLATFORMS) loaded ??= load(`${directory}/fast-resolve-${name}/fast-resolve.${name}.node`);
  }
  return loaded;
}

/** Why there is no addon, as an error for those who can't do without. */
function createUnavailableError() {
  const attempts = [...new Set(failures.map((failure) => failure.message.split('\n', 1)[0]))];
  const origin = `It comes with fast-resolve-${PLATFORMS[0]}; a checkout has it after \`npm run build\`.`;
  const error = new Error(`The addon of fast-resolve can't be loaded. ${origin} Tried:\n- ${attempts.join('\n- ')}`, {
    cause: failures[0],
  });
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  return error;
}

module.exports = { createUnavailableError, getNative };
