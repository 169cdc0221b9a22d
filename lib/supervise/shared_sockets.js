'use strict';

// Sockets that several supervisors hold: bound when the first of them is up, and closed when the last one is down.

const { HeldSockets } = require('./held_sockets.js');

class SharedSockets {
  #sockets;
  #users = 0;

  /** @param {Record<string, object>} wanted As for HeldSockets. */
  constructor(wanted) {
    this.#sockets = new HeldSockets(wanted);
  }

  open() {
    this.#sockets.open();
    this.#users++;
  }

  close() {
    this.#users--;
    if (this.#users === 0) this.#sockets.close();
  }

  addresses() {
    return this.#sockets.addresses();
  }

  stdio() {
    return this.#sockets.stdio();
  }

  environment() {
    return this.#sockets.environment();
  }
}

module.exports = { SharedSockets };
