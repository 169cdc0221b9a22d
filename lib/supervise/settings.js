'use strict';

// What to supervise and how, checked once.

const net = require('node:net');
const path = require('node:path');

const { validateBoolean, validateNamed, validateOptions } = require('../shared/arguments.js');
const checks = require('../shared/checks.js');
const { createArgumentTypeError, createArgumentValueError, createUnavailableError } = require('../shared/errors.js');
const { checkRestart } = require('./restart_policy.js');
const resident = require('./resident_memory.js');

/** More than any machine runs well; a number that was meant for something else is not to fill it. */
const MOST_INSTANCES = 1024;

const DEFAULTS = Object.freeze({
  argv: [],
  execArgv: undefined,
  execPath: undefined,
  cwd: undefined,
  env: {},
  name: undefined,
  stdout: 'inherit',
  stderr: 'inherit',
  uid: undefined,
  gid: undefined,
  handles: {},
  instances: undefined,
  ready: undefined,
  readyTimeout: 30_000,
  probe: undefined,
  restart: checkRestart({}, 'options.restart'),
  stopSignal: 'SIGTERM',
  stopTimeout: 10_000,
  forwardSignals: [],
  maxMemoryBytes: undefined,
  serialization: undefined,
  detached: false,
  signal: undefined,
});

const CHECKS = {
  argv: checks.checkTexts,
  execArgv: checks.checkTexts,
  execPath: checks.checkText,
  cwd: checks.checkPath,
  env: checks.checkEnvironment,
  name: checks.checkText,
  stdout: checkOutput,
  stderr: checkOutput,
  uid: checks.checkId,
  gid: checks.checkId,
  handles: checkHandles,
  instances: checks.checkInteger(1, MOST_INSTANCES),
  ready: checkReady,
  readyTimeout: checks.checkTime,
  probe: checkProbe,
  restart: checkRestart,
  stopSignal: checks.checkSignal,
  stopTimeout: checks.checkTime,
  forwardSignals: checks.checkSignals,
  maxMemoryBytes: checkMemory,
  serialization: checks.checkOneOf(['json', 'advanced']),
  detached: validateBoolean,
  signal: checks.checkAbortSignal,
};

/** Options that say how a file is run, and mean nothing for a command. */
const FOR_FILES = ['argv', 'execArgv', 'execPath'];

/**
 * @param {string | URL | { command: string, args?: readonly string[] }} target
 * @param {object} [options]
 */
function createSettings(target, options = {}) {
  const checkedTarget = checkTarget(target);
  const settings = checks.checkOptions(options, 'options', DEFAULTS, CHECKS);
  const isFile = checkedTarget.file !== undefined;
  for (const name of FOR_FILES) {
    if (!isFile && options[name] !== undefined) {
      throw createArgumentValueError(`options.${name}`, options[name], 'is for files: a command has its own `args`');
    }
  }
  const { argv, ...others } = settings;
  return {
    ...others,
    target: isFile ? { ...checkedTarget, args: argv } : checkedTarget,
    title: checkedTarget.file ?? checkedTarget.command,
    name: settings.name ?? path.basename(checkedTarget.file ?? checkedTarget.command),
    // A file is a program of Node; any other has a channel only where it needs it.
    hasChannel: isFile || settings.ready === 'message',
  };
}

function checkTarget(target) {
  if (typeof target === 'string' || target instanceof URL) {
    return { file: path.resolve(checks.checkPath(target, 'target')) };
  }
  if (target === null || typeof target !== 'object' || Array.isArray(target)) {
    throw createArgumentTypeError('target', 'of type string or an instance of URL or Object', target);
  }
  validateOptions(target, 'target', ['command', 'args']);
  return {
    command: checks.checkPath(target.command, 'target.command'),
    args: target.args === undefined ? [] : checks.checkTexts(target.args, 'target.args'),
  };
}

const checkOutputName = checks.checkOneOf(['inherit', 'ignore']);

function checkOutput(value, name) {
  if (typeof value === 'string') return checkOutputName(value, name);
  // A file keeps its place when the process that supervises changes its directory.
  if (value instanceof URL) return { file: path.resolve(checks.checkPath(value, name)) };
  if (typeof value?.write === 'function' && typeof value.on === 'function') return value;
  if (value === null || typeof value !== 'object') {
    throw createArgumentTypeError(name, "'inherit', 'ignore', { file } or an instance of Writable", value);
  }
  validateOptions(value, name, ['file', 'stream', 'prefix']);
  if (value.stream !== undefined) return checkStream(value, name);
  if (value.prefix !== undefined) {
    throw createArgumentValueError(
      `${name}.prefix`,
      value.prefix,
      'is for streams: a process writes to a file by itself',
    );
  }
  return { file: path.resolve(checks.checkPath(value.file, `${name}.file`)) };
}

/** What `prefix: true` puts before a line. */
const usualPrefix = ({ name, pid }) => `[${name} ${pid}] `;

function checkStream({ file, stream, prefix = false }, name) {
  if (file !== undefined)
    throw createArgumentValueError(name, { file, stream }, 'must have one of `file` and `stream`');
  if (typeof stream?.write !== 'function' || typeof stream.on !== 'function') {
    throw createArgumentTypeError(`${name}.stream`, 'an instance of Writable', stream);
  }
  if (typeof prefix === 'function') return { stream, prefix };
  if (typeof prefix !== 'boolean')
    throw createArgumentTypeError(`${name}.prefix`, 'of type boolean or function', prefix);
  return { stream, prefix: prefix ? usualPrefix : undefined };
}

const PROBE_DEFAULTS = Object.freeze({ interval: 10_000, timeout: 5_000, failures: 3 });

const PROBE_CHECKS = {
  check: checks.checkFunction,
  interval: checks.checkTime,
  timeout: checks.checkTime,
  failures: checks.checkInteger(1, Number.MAX_SAFE_INTEGER),
};

function checkProbe(value, name) {
  const probe = checks.checkOptions(value, name, PROBE_DEFAULTS, PROBE_CHECKS);
  checks.checkFunction(probe.check, `${name}.check`);
  return probe;
}

function checkHandles(value, name) {
  validateNamed(value, name);
  if (process.platform === 'win32') throw createUnavailableError(name);
  return Object.fromEntries(
    Object.entries(value).map(([key, place]) => [key, checkHandle(key, place, `${name}.${key}`)]),
  );
}

/** The names are handed on between colons. */
function checkHandle(key, place, name) {
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(key)) {
    throw createArgumentValueError(name, place, 'must be named by printable characters of ASCII without colons');
  }
  if (place instanceof net.Server) {
    const reason = 'must say where to listen: a server of this process would take connections, too';
    throw createArgumentValueError(name, place, reason);
  }
  validateOptions(place, name, ['fd', 'port', 'host', 'path']);
  const { fd, port, host, path: socketPath } = place;
  if ([fd, port, socketPath].filter((value) => value !== undefined).length !== 1) {
    throw createArgumentValueError(name, place, 'must have one of `port`, `path` and `fd`');
  }
  if (fd !== undefined) return { fd: checks.checkDescriptor(fd, `${name}.fd`) };
  if (socketPath !== undefined) return { path: path.resolve(checks.checkText(socketPath, `${name}.path`)) };
  if (host !== undefined && net.isIP(checks.checkText(host, `${name}.host`)) === 0) {
    throw createArgumentValueError(`${name}.host`, host, 'must be an IP address');
  }
  return { port: checks.checkPort(port, `${name}.port`), host };
}

const checkOpenPort = checks.checkInteger(1, 65_535);

function checkReady(value, name) {
  if (typeof value === 'function' || value === 'message') return value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw createArgumentTypeError(name, "'message', { port } or of type function", value);
  }
  validateOptions(value, name, ['port', 'host']);
  const host = value.host === undefined ? undefined : checks.checkText(value.host, `${name}.host`);
  return { port: checkOpenPort(value.port, `${name}.port`), host };
}

const checkBytes = checks.checkNumber(1, Number.MAX_SAFE_INTEGER);

function checkMemory(value, name) {
  if (!resident.isSupported) throw createUnavailableError(name);
  return checkBytes(value, name);
}

module.exports = { createSettings };
