'use strict';

// Checks of what callers hand in.

const { constants } = require('node:os');

const { validateBoolean, validateOptions } = require('../shared/arguments.js');
const { checkDescriptor } = require('../shared/checks.js');
const { createArgumentValueError } = require('../shared/errors.js');

function validateOneOfSignals(value, name) {
  if (!Object.hasOwn(constants.signals, value))
    throw createArgumentValueError(name, value, 'must be the name of a signal');
}

function validateExtras(extras) {
  validateOptions(extras, 'extras', ['parentDeathSignal', 'processGroup', 'announcedTo']);
  if (extras.parentDeathSignal !== undefined)
    validateOneOfSignals(extras.parentDeathSignal, 'extras.parentDeathSignal');
  if (extras.processGroup !== undefined) validateBoolean(extras.processGroup, 'extras.processGroup');
  if (extras.announcedTo !== undefined) checkDescriptor(extras.announcedTo, 'extras.announcedTo');
}

module.exports = { validateExtras, validateOneOfSignals };
