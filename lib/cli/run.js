'use strict';

// `fast-resolve run`: a program with the hook and the compile cache, and nothing between it and whoever started this.

const { readFileSync } = require('node:fs');
const { constants } = require('node:os');

const addon = require('../resolve/addon.js');
const { UsageError } = require('./failures.js');
const { describeStart } = require('./start.js');

const usage = `Usage: fast-resolve run [--no-compile-cache] [node's options] <program> [arguments]

Runs a program as \`node\` does, with the hook (\`-r fast-resolve/register\`) and Node's compile cache (from Node 22.1 on; in
NODE_COMPILE_CACHE, or else ~/.cache/fast-resolve/compile-cache). Its output, signals and exit code are the program's.

  --no-compile-cache  the hook alone, also where NODE_COMPILE_CACHE is set

Example: fast-resolve run --enable-source-maps server.js --port 8080
`;

async function run(args) {
  const hasCompileCache = args[0] !== '--no-compile-cache';
  const rest = hasCompileCache ? args : args.slice(1);
  if (rest.length === 0) throw new UsageError('a program is missing');
  const { execArgv, env } = describeStart({ hook: true, compileCache: hasCompileCache });
  const nodeArguments = [...execArgv, ...rest];
  replace(nodeArguments, env);
  await runBeside(nodeArguments, env);
}

/** What Node takes out of the environment when it has read it, for a process that its parent talks to. */
const OF_CHANNEL = ['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_UNIQUE_ID'];

/** Makes this process that of the program. It comes back where that can't be done. */
function replace(nodeArguments, env) {
  // A thread is not the process.
  if (addon.native?.exec === undefined || process.abort.disabled) return;
  // Nothing of what the parent has said was read: the event loop has not turned, unless somebody's code ran before.
  if (process.channel && /--import|loader/.test(`${process.execArgv} ${env.NODE_OPTIONS}`)) return;
  const list = Object.entries({ ...env, ...(process.channel && ofChannel()) }).map(
    ([name, value]) => `${name}=${value}`,
  );
  addon.native.exec(process.execPath, [process.argv0, ...nodeArguments], list);
}

function ofChannel() {
  const variables = readFileSync('/proc/self/environ', 'utf8').split('\0');
  return Object.fromEntries(
    OF_CHANNEL.flatMap((name) => {
      const found = variables.find((variable) => variable.startsWith(`${name}=`));
      return found === undefined ? [] : [[name, found.slice(name.length + 1)]];
    }),
  );
}

/** Signals that somebody sends to end or to talk to a program; of these, a terminal sends some to the program as well. */
const SIGNALS = ['SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGBREAK'];
const OF_TERMINAL = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGWINCH'];

async function runBeside(nodeArguments, env) {
  // Not needed where the program takes this process's place.
  const { spawn } = require('node:child_process');
  const { NODE_CHANNEL_SERIALIZATION_MODE: serialization = 'json' } = process.channel ? initialEnvironment() : {};
  const stdio = process.channel ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
  const child = spawn(process.execPath, nodeArguments, { argv0: process.argv0, env, serialization, stdio });
  const settle = process.channel ? passMessages(child) : async () => {};
  for (const signal of SIGNALS) passOn(signal, child, true);
  for (const signal of OF_TERMINAL) passOn(signal, child, !process.stdin.isTTY);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => resolve(end));
  });
  await settle();
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Without Linux, nobody remembers: then it is what Node's `fork` has by default. */
function initialEnvironment() {
  try {
    return ofChannel();
  } catch {
    return {};
  }
}

function passOn(signal, child, isWanted) {
  if (constants.signals[signal] === undefined) return;
  process.on(signal, () => {
    if (isWanted) child.kill(signal);
  });
}

/** @returns {() => Promise<void>} Waits until all that the program has said is with the parent. */
function passMessages(child) {
  const sent = [];
  process.on('message', (message, handle) => child.connected && child.send(message, handle, () => {}));
  child.on('message', (message, handle) => {
    // Who has gone hears nothing, as from the program itself.
    if (process.connected)
      sent.push(new Promise((resolve) => process.send(message, handle, undefined, () => resolve())));
  });
  process.once('disconnect', () => child.connected && child.disconnect());
  child.once('disconnect', async () => {
    await Promise.all(sent);
    if (process.connected) process.disconnect();
  });
  return async () => {
    await Promise.all(sent);
  };
}

module.exports = { run, usage };
