'use strict';

// In the preload's file, what looks for the addon wherever it may lie is a text: mostly it lies where it is looked for first.

const { texts } = require('./texts.js');

function searchAddon(directory, load) {
  return texts.loadAddonSearch().searchAddon(directory, load);
}

module.exports = { searchAddon };
