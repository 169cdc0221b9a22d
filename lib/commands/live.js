'use strict';

// What is seen of a command while it runs: its number, and what it writes, as it comes. Its result is not touched by that.

const { Readable } = require('node:stream');

const { callUser } = require('../shared/call_user.js');
const { chooseStdio } = require('./stdio.js');

const STDOUT = 1;
const STDERR = 2;

class Live {
  #command;
  #context;
  #stdio;
  #encoding;
  #pid;
  /** By descriptor: the stream, if it was asked for. @type {Map<number, Readable>} */
  #streams = new Map();
  /** Those that have got something. */
  #fed = new Set();
  /** What was gathered, by descriptor, once it is over. The result holds the same. */
  #whole = null;

  /**
   * @param {import('./command.js').Command} command
   * @param {import('node:async_hooks').AsyncResource} context In which streams are written to.
   */
  constructor(command, context) {
    this.#command = command;
    this.#context = context;
    this.#stdio = chooseStdio(command.settings);
    this.#encoding = command.settings.encoding;
  }

  get pid() {
    this.#pid ??= this.#command?.pid;
    return this.#pid;
  }

  get stdout() {
    return this.#streamOf(STDOUT);
  }

  get stderr() {
    return this.#streamOf(STDERR);
  }

  /** The command was given to its engine. */
  start() {
    for (const descriptor of this.#streams.keys()) this.#command.engine.show(this.#command, descriptor);
  }

  /** It has written something. */
  push(descriptor, bytes) {
    const stream = this.#streams.get(descriptor);
    this.#fed.add(descriptor);
    // Whoever was asked to look and has gone.
    if (!stream.destroyed) this.#give(() => stream.push(bytes));
  }

  /** It is over. @param {import('./outcome.js').Outcome} outcome With what the result has. */
  end({ pid, stdout, stderr }) {
    this.#pid = pid === 0 ? undefined : pid;
    this.#whole = new Map([
      [STDOUT, stdout],
      [STDERR, stderr],
    ]);
    // What holds the promise holds this, and needs no more of it.
    this.#command = null;
    for (const [descriptor, stream] of this.#streams) this.#endStream(descriptor, stream);
  }

  #streamOf(descriptor) {
    if (this.#stdio[descriptor] !== 'pipe') return undefined;
    const known = this.#streams.get(descriptor);
    if (known !== undefined) return known;
    const stream = this.#context.runInAsyncScope(() => new Readable({ read() {} }));
    if (this.#encoding !== 'buffer') stream.setEncoding(this.#encoding);
    this.#streams.set(descriptor, stream);
    if (this.#whole !== null) this.#endStream(descriptor, stream);
    else if (this.#command.engine !== null) this.#command.engine.show(this.#command, descriptor);
    return stream;
  }

  /** Writes to a stream, which calls its listeners. */
  #give(write) {
    callUser(() => this.#context.runInAsyncScope(write));
  }

  #endStream(descriptor, stream) {
    // Asked when it was over already, an engine shows nothing.
    const rest = this.#fed.has(descriptor) ? undefined : this.#whole.get(descriptor);
    if (stream.destroyed) return;
    this.#give(() => {
      if (rest !== undefined && rest.length > 0)
        stream.push(rest, this.#encoding === 'buffer' ? undefined : this.#encoding);
      stream.push(null);
    });
  }
}

/** A promise that can be asked for its command, as with execa. Accessors of its own would take longer than all the rest of the call. */
class CommandPromise extends Promise {
  #live;

  /** @param {Live} live There is none where the arguments of the call were refused. */
  watch(live) {
    this.#live = live;
  }

  get pid() {
    return this.#live?.pid;
  }

  get stdout() {
    return this.#live?.stdout;
  }

  get stderr() {
    return this.#live?.stderr;
  }
}

// To `await` and `then`, it is like any other: what follows is made as from an ordinary promise.
Object.defineProperty(CommandPromise.prototype, 'constructor', { value: Promise });

module.exports = { CommandPromise, Live, STDERR, STDOUT };
