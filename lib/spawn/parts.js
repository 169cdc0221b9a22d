'use strict';

// What is run from the first spawn on, where it is text until then (compile.js): the text's own module gets it.

bundleModule.exports = { addon: require('./addon.js'), core: require('./core.js'), handles: require('./handles.js') };
