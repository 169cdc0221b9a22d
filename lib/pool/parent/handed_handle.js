'use strict';

// The socket or server that comes with a task. The parent keeps its own until the task has ended: should the worker die before
// it has begun, another one gets it.

const dgram = require('node:dgram');
const net = require('node:net');
const { startReading, stopReading } = require('../protocol/sockets.js');

const CLASSES = [net.Socket, net.Server, dgram.Socket];

/** What can be handed over. */
const isHandle = (value) => CLASSES.some((Class) => value instanceof Class);

class HandedHandle {
  #wasReading;
  #wasFlowing;
  /** What the parent has read: it goes along. */
  #head;

  constructor(handle) {
    this.handle = handle;
    this.#wasReading = stopReading(handle);
    this.#wasFlowing = handle.readableFlowing === true;
    if (this.#wasFlowing) handle.pause();
  }

  /** Base64, since it goes by Node's channel. */
  get head() {
    const { handle } = this;
    if (handle.readableLength > 0) this.#head = Buffer.from(handle.read(), handle.readableEncoding ?? undefined);
    return this.#head?.toString('base64');
  }

  /** No worker has it: it is its owner's as it was before. */
  giveBack() {
    const { handle } = this;
    if (handle.destroyed) return;
    if (this.#head !== undefined) handle.unshift(this.#head);
    if (this.#wasReading) startReading(handle);
    if (this.#wasFlowing) handle.resume();
  }

  /** The worker is done with it. As Node does when a socket has arrived in another process. */
  close() {
    if (this.handle instanceof net.Socket) this.handle.destroy();
  }
}

module.exports = { HandedHandle, isHandle };
