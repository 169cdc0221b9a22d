'use strict';

// Loads the addon when it is first wanted, by what was there when this file was loaded: a program may have replaced anything by
// then. Remembers why it could not be loaded.

const { captured } = require('./captured.js');

const { apply, arch, dlopen, endsWith, env, lastIndexOf, nodeProcess, platform, slice } = captured;

const NAMED = env.NAPI_RS_NATIVE_LIBRARY_PATH;

/** Names of the binary, by the libraries of the system; the wrong one can't be loaded. */
const SYSTEM = `${platform}-${arch}`;
const PLATFORMS =
  platform === 'linux' ? [`${SYSTEM}-gnu`, `${SYSTEM}-musl`] : [platform === 'win32' ? `${SYSTEM}-msvc` : SYSTEM];

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
    failures[failures.length] = error;
    return null;
  }
}

function loadElsewhere() {
  if (NAMED) return null;
  let loaded = PLATFORMS.length > 1 ? load(`${__dirname}/../fast-resolve.${PLATFORMS[1]}.node`) : null;
  for (let end = __dirname.length; end > 0; end = lastIndexOf(__dirname, '/', end - 1)) {
    const directory = slice(__dirname, 0, end);
    if (!endsWith(directory, '/node_modules')) continue;
    for (let index = 0; index < PLATFORMS.length; index++) {
      const name = PLATFORMS[index];
      loaded ??= load(`${directory}/fast-resolve-${name}/fast-resolve.${name}.node`);
    }
  }
  return loaded;
}

/** Whether whoever started Node has turned addons off. */
function isAddonUnwanted() {
  return failures[0]?.code === 'ERR_DLOPEN_DISABLED';
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

module.exports = { createUnavailableError, getNative, isAddonUnwanted };
