'use strict';

// Where the preload can't be loaded: the core, for others of the package, and Node resolves. It asks for nothing that could be missing.

module.exports = function giveUp(ownModule, directory, error) {
  ownModule.exports = {
    get parts() {
      return ownModule.require(`${directory}/core.js`).parts;
    },
    told: { __proto__: null, ofAddon: false },
  };
  try {
    const message = `fast-resolve could not be loaded; Node resolves. ${error?.stack ?? error}`;
    process.emitWarning(message, { __proto__: null, type: 'FastResolveWarning', code: 'FAST_RESOLVE_FAILED' });
  } catch {
    // The program goes on as it would without us.
  }
};
