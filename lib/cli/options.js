'use strict';

// Options of a command stand before the program or behind its arguments. What follows `--` is the program's alone.

const { Failure, UsageError } = require('./failures.js');

/**
 * @param {string[]} args
 * @param {Record<string, 'flag' | 'text' | 'number'>} known
 * @returns {{ options: Record<string, any>, others: string[] }} `others`: the program and its arguments.
 */
function readOptions(args, known) {
  const options = { __proto__: null };
  const others = [];
  for (let index = 0; index < args.length; index++) {
    const [name, inline] = split(args[index]);
    if (args[index] === '--') {
      others.push(...args.slice(index + 1));
      break;
    }
    if (Object.hasOwn(known, name)) {
      const kind = known[name];
      if (kind === 'flag' && inline !== undefined) throw new UsageError(`--${name} takes no value`);
      const value = kind === 'flag' ? true : (inline ?? args[++index]);
      if (value === undefined) throw new UsageError(`--${name} needs a value`);
      options[name] = kind === 'number' ? readNumber(name, value) : value;
    } else if (others.length === 0 && args[index].startsWith('-')) {
      throw new UsageError(`there is no option ${args[index]}`);
    } else {
      others.push(args[index]);
    }
  }
  return { options, others };
}

/** `--name=value`, or `--name`; an empty name for what is no option. */
function split(text) {
  const [, name = '', value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(text) ?? [];
  return [name, value];
}

function readNumber(name, text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} is a whole number above 0, not ${text}`);
  return value;
}

/** The program, as Node makes a path of it, and its arguments: a snapshot is that of a program by this name. */
function readProgram(others) {
  const { existsSync } = require('node:fs');
  const [program, ...args] = others;
  if (program === undefined) throw new UsageError('a program is missing');
  const file = require('node:path').resolve(program);
  try {
    // As `node app` does, which finds app.js.
    require.resolve(file);
  } catch {
    throw new Failure(existsSync(file) ? `${program} is no program` : `there is no file ${program}`);
  }
  return { program: file, args };
}

module.exports = { readOptions, readProgram };
