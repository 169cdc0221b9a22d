'use strict';

// What a command runs: a file with arguments, or a line for a shell.

const { createArgumentTypeError, createArgumentValueError } = require('../shared/errors.js');
const { checkText } = require('../shared/checks.js');

const NOTHING = Object.freeze([]);

function validateFile(file) {
  checkText(file, 'file');
  if (file === '') throw createArgumentValueError('file', file, 'cannot be empty');
}

function validateArguments(args) {
  if (!Array.isArray(args)) throw createArgumentTypeError('args', 'an instance of Array', args);
  return args.map((value, index) => {
    // As Node does with numbers and the like; null bytes end an argument early.
    const text = `${value}`;
    if (text.includes('\0')) {
      throw createArgumentValueError(`args[${index}]`, value, 'must be a string without null bytes');
    }
    return text;
  });
}

/**
 * The arguments of `run` and `lines`, where `args` may be left out.
 * @returns {{ args: readonly string[], options: object | undefined }}
 */
function sortArguments(args, options) {
  if (args === undefined || args === null) return { args: NOTHING, options };
  if (Array.isArray(args) || typeof args !== 'object') return { args: validateArguments(args), options };
  return { args: NOTHING, options: args };
}

/** A file and its arguments; with a shell, as one line for it, as Node puts it together. */
function createCommandLine(file, args, { shell }) {
  validateFile(file);
  const text = args.length === 0 ? file : `${file} ${args.join(' ')}`;
  return shell === false ? { file, args, text, isVerbatim: false } : createShellLine(text, shell);
}

/** A line for a shell, with the switches that Node gives it. */
function createShellLine(text, shell) {
  if (process.platform === 'win32') {
    const file = typeof shell === 'string' ? shell : (process.env.comspec ?? 'cmd.exe');
    if (/^(?:.*\\)?cmd(?:\.exe)?$/i.test(file)) {
      return { file, args: ['/d', '/s', '/c', `"${text}"`], text, isVerbatim: true };
    }
    return { file, args: ['-c', text], text, isVerbatim: false };
  }
  const usual = process.platform === 'android' ? '/system/bin/sh' : '/bin/sh';
  return { file: typeof shell === 'string' ? shell : usual, args: ['-c', text], text, isVerbatim: false };
}

/** For a message: what is run may be megabytes. */
const LONGEST_TITLE = 1000;

const shorten = (text) =>
  text.length <= LONGEST_TITLE ? text : `${text.slice(0, LONGEST_TITLE)}… (${text.length} characters)`;

module.exports = { createCommandLine, createShellLine, shorten, sortArguments, validateFile };
