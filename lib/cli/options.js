'use strict';

// Options of a command stand before the program or behind its arguments. What follows `--` is the program's alone. What else stands
// before a program are options of Node's.

const { Failure, UsageError } = require('./failures.js');
const { withPreloads } = require('./preload_once.js');

/** The milliseconds within which Node has read its options. */
const DIVIDED_AFTER = 10_000;

/**
 * @param {string[]} args
 * @param {Record<string, 'flag' | 'text' | 'number'>} known
 * @returns {{ options: Record<string, any>, others: string[] }} `others`: what is none of these, in its order.
 */
function readOptions(args, known) {
  return readKnown(args, known, false);
}

function readKnown(args, known, hasOthersOfNode) {
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
    } else if (!hasOthersOfNode && others.length === 0 && args[index].startsWith('-')) {
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

/**
 * The options of a command that starts a program, Node's options, the program as Node makes a path of it (a snapshot is that of a
 * program by this name), and its arguments.
 * @param {string[]} args
 * @param {Record<string, 'flag' | 'text' | 'number'>} known
 * @returns {{ options: Record<string, any>, started: { execArgv: string[], program: string, args: string[] } }}
 */
function readStart(args, known) {
  const { options, others } = readKnown(args, known, true);
  return { options, started: readProgram(others) };
}

function readProgram(others) {
  const { existsSync } = require('node:fs');
  const { execArgv, others: started } = others[0]?.startsWith('-') ? divide(others) : { execArgv: [], others };
  const [program, ...args] = started;
  if (program === undefined) throw new UsageError('a program is missing');
  const file = require('node:path').resolve(program);
  try {
    // As `node app` does, which finds app.js.
    require.resolve(file);
  } catch {
    throw new Failure(existsSync(file) ? `${program} is no program` : `there is no file ${program}`);
  }
  return { execArgv, program: file, args };
}

/** Node knows which of its options take the next argument: what it was started with, it has divided before it runs a preload. */
function divide(args) {
  const { spawnSync } = require('node:child_process');
  const preload = require('node:path').resolve(__dirname, 'divide.js');
  const env = { ...process.env, NODE_OPTIONS: withPreloads([preload]) };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env,
    encoding: 'utf8',
    timeout: DIVIDED_AFTER,
  });
  if (status !== 0 || !stdout.startsWith('[')) {
    const [, option] = /bad option: (.*)/.exec(stderr) ?? [];
    throw new UsageError(
      option === undefined ? `\`node ${args.join(' ')}\` starts no program` : `there is no option ${option}`,
    );
  }
  const [execArgv, others] = JSON.parse(stdout);
  return { execArgv, others };
}

module.exports = { readOptions, readStart };
