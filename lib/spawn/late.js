'use strict';

// Loads what is run from the first spawn on. In the preload, that is text until then (scripts/bundle.mjs): V8 would read it in
// every process as code, which takes longer than all that the preload does.

module.exports = () => ({
  addon: require('./addon.js'),
  core: require('./core.js'),
  handles: require('./handles.js'),
});
