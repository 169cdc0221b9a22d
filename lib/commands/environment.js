'use strict';

// The environment of a command, put together when it starts.

const isWindows = process.platform === 'win32';

/**
 * The variables as 'NAME=value'.
 * @param {{ env: Record<string, string | undefined> | undefined, extendEnv: boolean }} settings
 * @returns {string[]}
 */
function listEnvironment({ env, extendEnv }) {
  const pairs = [];
  const own = isWindows && env !== undefined ? upperCased(env) : env;
  if (extendEnv) {
    for (const name in process.env) {
      if (own === undefined || !((isWindows ? name.toUpperCase() : name) in own)) {
        pairs.push(`${name}=${process.env[name]}`);
      }
    }
  }
  if (own !== undefined) {
    for (const name of Object.keys(own)) {
      if (own[name] !== undefined) pairs.push(`${name}=${own[name]}`);
    }
  }
  return pairs;
}

/** Windows takes names that differ in case only for one. */
function upperCased(env) {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name.toUpperCase(), value]));
}

module.exports = { listEnvironment };
