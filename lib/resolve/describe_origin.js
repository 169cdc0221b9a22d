'use strict';

// What a snapshot is for.

const { captured } = require('./captured.js');

const { describeProgram, env, nodeProcess } = captured;

/** @param {boolean} isFirst Whether it is for the options that the program began with. */
function describeOrigin(isFirst) {
  const { version, platform, arch } = nodeProcess;
  return {
    __proto__: null,
    program: describeProgram().snapshotOf,
    isFirst,
    node: `${version} ${platform} ${arch}`,
    nodePath: env.NODE_PATH,
    home: env.HOME,
    trust: env.FAST_RESOLVE_TRUST,
  };
}

module.exports = { describeOrigin };
