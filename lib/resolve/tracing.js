'use strict';

// What is resolved, told to those who listen to the channel `fast-resolve:resolve` of `node:diagnostics_channel`, and with
// FAST_RESOLVE_LOG=resolve on stderr, one line for each request.

const { captured } = require('./captured.js');

const { apply, env, getBuiltinModule, hrtime, nodeProcess, rawDebug, toText, warn } = captured;

const NAME = 'fast-resolve:resolve';
const NANOSECONDS_PER_MILLISECOND = 1e6;

/** In place of the channel, where a program has put something else in the place of its module. */
const NOBODY = { hasSubscribers: false };
let channel = openChannel();

/** Where an answer comes from. Whoever gives one says it; it is read while somebody listens. */
const traced = { source: undefined };

/** A request that is being traced comes to the same function once more. */
let isBegun = false;
/** What a listener itself asks for is not told: it would be told of that, too, without end. */
let isQuiet = false;

function openChannel() {
  try {
    const opened = getBuiltinModule('diagnostics_channel').channel(NAME);
    if (env.FAST_RESOLVE_LOG) startLog(opened);
    return opened;
  } catch {
    return NOBODY;
  }
}

function startLog(opened) {
  const { FAST_RESOLVE_LOG } = env;
  if (FAST_RESOLVE_LOG === 'resolve') opened.subscribe(log);
  else warn(`FAST_RESOLVE_LOG is "resolve", not "${FAST_RESOLVE_LOG}": nothing is logged.`, 'FAST_RESOLVE_LOG');
}

function log({ kind, request, from, answer, error, source, duration }) {
  const end = error === undefined ? answer : `${error?.code ?? error}`;
  const text = `fast-resolve: ${kind} ${toText(request)} from ${from ?? '-'}: ${end} (${source}, ${duration.toFixed(3)} ms)`;
  apply(rawDebug, nodeProcess, [text]);
}

/** Whether a request is to be traced that has just come. */
function isTraced() {
  try {
    if (!channel.hasSubscribers) return false;
  } catch {
    channel = NOBODY;
    return false;
  }
  return !isQuiet && !takeBegun();
}

function takeBegun() {
  const was = isBegun;
  isBegun = false;
  return was;
}

/**
 * Calls a function as it was called, and tells what came of it.
 * @param {{ kind: 'require' | 'import' | 'resolve' | 'resolveImport', request: string, from: string | undefined }} asked
 * @param {Function} resolve
 * @param {unknown} receiver
 * @param {ArrayLike<unknown>} given
 */
function trace(asked, resolve, receiver, given) {
  const outer = traced.source;
  traced.source = 'node';
  isBegun = true;
  const begin = hrtime();
  let answer;
  let error;
  try {
    const result = apply(resolve, receiver, given);
    answer = typeof result === 'string' ? result : result?.url;
    return result;
  } catch (thrown) {
    error = thrown;
    throw thrown;
  } finally {
    const duration = Number(hrtime() - begin) / NANOSECONDS_PER_MILLISECOND;
    tell({ ...asked, answer, error, source: traced.source, duration });
    traced.source = outer;
  }
}

/** What this package itself asks of Node is not told. */
function untraced(ask) {
  const was = isQuiet;
  const { source } = traced;
  isQuiet = true;
  try {
    return ask();
  } finally {
    isQuiet = was;
    traced.source = source;
  }
}

function tell(message) {
  isQuiet = true;
  try {
    channel.publish(message);
  } catch (error) {
    // What listeners throw, Node reports itself.
    channel = NOBODY;
    warn(`fast-resolve can't tell what it resolves any more. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
  } finally {
    isQuiet = false;
  }
}

module.exports = { isTraced, trace, traced, untraced };
