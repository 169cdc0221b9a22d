'use strict';

// What is resolved, told to those who listen to the channel `fast-resolve:resolve` of `node:diagnostics_channel`, and with
// FAST_RESOLVE_LOG=resolve on stderr, one line for each request.

const { captured } = require('./captured.js');
const { getChannel, leaveChannel } = require('./listening.js');

const { TooDeep, apply, env, hrtime, includes, nodeProcess, rawDebug, stringify, toNumber, warn } = captured;

const NANOSECONDS_PER_MILLISECOND = 1e6;

/**
 * `source`: where an answer comes from. Whoever gives one says it; it is read while somebody listens. `isImporting`: whether Node answers an
 * import that is traced. To word its error, it asks for the same as `require` would.
 */
const traced = { source: undefined, isImporting: false };

/** A request that is being traced comes to the same function once more. */
let isBegun = false;
/** What a listener itself asks for is not told: it would be told of that, too, without end. */
let isQuiet = false;

function startLog(wanted) {
  try {
    if (wanted === 'resolve') getChannel().subscribe(log);
    else warn(`FAST_RESOLVE_LOG is "resolve", not "${wanted}": nothing is logged.`, 'FAST_RESOLVE_LOG');
  } catch {
    leaveChannel();
  }
}

const { FAST_RESOLVE_LOG } = env;
if (FAST_RESOLVE_LOG) startLog(FAST_RESOLVE_LOG);

/** What is thrown here would end the program. */
function log(message) {
  let text;
  try {
    text = lineOf(message);
  } catch {
    text = `${message.kind}: what was asked for can't be printed`;
  }
  apply(rawDebug, nodeProcess, [`fast-resolve: ${text}`]);
}

function lineOf({ kind, request, from, answer, error, source, duration }) {
  const end = error === undefined ? answer : (error?.code ?? error?.name);
  const where = from === undefined ? '-' : shown(from);
  return `${kind} ${shown(request)} from ${where}: ${shown(end)} (${source}, ${duration.toFixed(3)} ms)`;
}

/** On one line, whatever it is. */
function shown(value) {
  if (typeof value !== 'string') return typeof value;
  return includes(value, '\n') ? stringify(value) : value;
}

/** Whether a request is to be traced that has just come. */
function isTraced() {
  const channel = getChannel();
  if (channel === undefined) return false;
  try {
    if (!channel.hasSubscribers) return false;
  } catch (error) {
    giveUpChannel(error);
    return false;
  }
  return !isQuiet && !takeBegun();
}

/** A program that recurses too deep may come to its end anywhere. */
function giveUpChannel(error) {
  if (!(error instanceof TooDeep)) leaveChannel();
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
    const duration = toNumber(hrtime() - begin) / NANOSECONDS_PER_MILLISECOND;
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
    getChannel().publish(message);
  } catch (error) {
    // What listeners throw, Node reports itself.
    giveUpChannel(error);
    warn(`fast-resolve can't tell what it resolves any more. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
  } finally {
    isQuiet = false;
  }
}

module.exports = { isTraced, trace, traced, untraced };
