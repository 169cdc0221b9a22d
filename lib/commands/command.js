'use strict';

// One command of a pool, from the call to its end.

const { getSystemErrorName } = require('node:util');

const { setCall } = require('../shared/call_site.js');
const { Outcome, ENDING } = require('./outcome.js');
const { StreamInput, isStream } = require('./input.js');
const { shorten } = require('./command_line.js');
const { CommandError, createResult } = require('./result.js');

class Command {
  /** What runs it, once it runs. */
  engine = null;
  /** The number by which that knows it. */
  id = 0;
  queuedMs = 0;
  /** Its place in the queue, while it waits there. */
  waiting = null;
  /** The same, whether it waits or not. */
  place = null;
  /**
   * Why it was stopped, if it was stopped from this side: `{ cause, isInput, ending }`, where `ending` says more than
   * that it was cancelled.
   */
  stop = null;
  /** Where its standard output goes instead of into the result: `take(bytes)`. */
  reader = null;
  /** What is seen of it while it runs, if anybody may look. @type {import('./live.js').Live | null} */
  live = null;
  /** Told that there is a process: `onStart(command, pid)`. */
  onStart = null;
  /** Its input, if that is a stream. */
  input = null;
  /** Ends what waits for its AbortSignal, if it has one. */
  stopListening = null;
  /** Told of what goes wrong without being the command's end. */
  onError = null;
  #queuedAt = performance.now();
  #site;
  #settle;

  /**
   * @param {{ file: string, args: readonly string[], text: string, isVerbatim: boolean }} line What is run, how that is told,
   *   and whether Windows is to get the arguments as they are.
   * @param {ReturnType<typeof import('./settings.js').createSettings>} settings
   * @param {Error} site Made where it was asked for.
   * @param {(outcome: import('./result.js').CommandResult | import('./result.js').CommandError) => void} settle
   */
  constructor({ file, args, text, isVerbatim }, settings, site, settle) {
    this.file = file;
    this.args = args;
    this.text = text;
    this.isVerbatim = isVerbatim;
    this.settings = settings;
    this.#site = site;
    this.#settle = settle;
  }

  /** The number of its process, while there is one. */
  get pid() {
    return this.engine?.pidOf(this);
  }

  /** Whether it leads a group that is to go with this process. */
  get isGuarded() {
    const { killTree, detached } = this.settings;
    return killTree && !detached;
  }

  /** What it is called in messages. */
  get title() {
    return shorten(this.text);
  }

  /** Its input may fail from now on. If it is a stream, it is read in this context. */
  watchInput(context, fail) {
    const { input } = this.settings;
    if (isStream(input)) this.input = new StreamInput(input, context, fail);
  }

  /** It waits no more. */
  markStarted() {
    this.queuedMs = performance.now() - this.#queuedAt;
  }

  /** It could not be signalled, and is waited for. */
  tellKillFailure(errno) {
    const code = getSystemErrorName(errno);
    const error = new Error(`kill ${code}: ${this.title}`);
    this.onError?.(Object.assign(error, { errno, code, syscall: 'kill' }));
  }

  /** It came to an end. */
  finish(outcome) {
    this.stopListening?.();
    if (outcome.ending === ENDING.CANCELED && this.stop?.ending !== undefined) outcome.ending = this.stop.ending;
    const result = createResult(this, outcome);
    // What it wrote is text by now, as the result has it.
    this.live?.end(outcome);
    this.#tell(result);
    // Last, since a stream may throw.
    this.input?.disconnect();
  }

  /** It is cancelled before it was started. */
  finishUnstarted(cause) {
    this.markStarted();
    const outcome = new Outcome();
    outcome.ending = ENDING.CANCELED;
    this.stop ??= { cause, isInput: false };
    this.finish(outcome);
  }

  /** The pool does not take it. */
  refuse(code, reason) {
    const outcome = new Outcome();
    this.live?.end(outcome);
    this.#tell(new CommandError(`${reason}: ${this.title}`, this, outcome, { code }));
    this.input?.disconnect();
  }

  #tell(result) {
    if (result.failed) setCall(result, this.#site);
    this.#settle(result);
  }
}

module.exports = { Command };
