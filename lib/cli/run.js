'use strict';

// `fast-resolve run`: a program with the hook and the compile cache, and nothing between it and whoever started this.

const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const addon = require('../addon.js');
const { UsageError } = require('./failures.js');
const { describeStart } = require('./start.js');

const usage = `Usage: fast-resolve run [--no-compile-cache] [node's options] <program> [arguments]

Runs a program as \`node\` does, with the hook (\`-r fast-resolve/register\`) and Node's compile cache (from Node 22.1 on; in
NODE_COMPILE_CACHE, or else ~/.cache/fast-resolve/compile-cache). Its output, signals and exit code are the program's.

  --no-compile-cache  the hook alone

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

/** Makes this process that of the program. It comes back where that can't be done. */
function replace(nodeArguments, env) {
  // Messages from the parent may have been read already; the addon may be missing, or this may be Windows.
  if (process.channel) return;
  const list = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  addon.native?.exec?.(process.execPath, nodeArguments, list);
}

/** Signals that somebody sends to end or to talk to a program. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2', 'SIGCONT', 'SIGWINCH', 'SIGBREAK'];

async function runBeside(nodeArguments, env) {
  const stdio = process.channel ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
  const child = spawn(process.execPath, nodeArguments, { env, stdio });
  if (process.channel) passMessages(child);
  for (const signal of SIGNALS) {
    if (constants.signals[signal] !== undefined) process.on(signal, () => child.kill(signal));
  }
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...end) => resolve(end));
  });
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function passMessages(child) {
  process.on('message', (message, handle) => child.send(message, handle));
  child.on('message', (message, handle) => process.send(message, handle));
  process.once('disconnect', () => child.connected && child.disconnect());
  child.once('disconnect', () => process.connected && process.disconnect());
}

module.exports = { run, usage };
