'use strict';

// Sockets that the parent holds and the processes listen on. The parent binds them and never accepts: whoever connects
// waits in the kernel until a process takes the connection, whichever process that is. So nobody is refused while one
// process takes over from another, or while there is none.

const net = require('node:net');

const { createSystemError } = require('./errors.js');

/** Binds without listening. That is how Node's cluster module holds a port for its workers. */
function bind({ path, port, host }) {
  const handle =
    path === undefined
      ? net._createServerHandle(host ?? null, port, host === undefined ? undefined : net.isIP(host))
      : net._createServerHandle(path, -1, -1);
  const place = path ?? `${host ?? '*'}:${port}`;
  if (typeof handle === 'number') throw createSystemError('bind', handle, place);
  // That an address is in use is found when binding, and told here.
  const address = path ?? {};
  const failure = path === undefined ? handle.getsockname(address) : 0;
  if (failure !== 0) {
    handle.close();
    throw createSystemError('bind', failure, place);
  }
  return { handle, address };
}

class HeldSockets {
  #wanted;
  #held = new Map();

  /** @param {Record<string, { fd: number } | { port: number, host?: string } | { path: string }>} wanted */
  constructor(wanted) {
    this.#wanted = { ...wanted };
  }

  /** Binds what is not bound; all of it, or nothing. */
  open() {
    try {
      for (const [name, place] of Object.entries(this.#wanted)) {
        if (place.fd === undefined && !this.#held.has(name)) this.#held.set(name, bind(place));
      }
    } catch (error) {
      this.close();
      throw error;
    }
    // A port that the system chose stays the same when it is bound again.
    for (const [name, { address }] of this.#held) {
      if (this.#wanted[name].port === 0) this.#wanted[name] = { ...this.#wanted[name], port: address.port };
    }
  }

  close() {
    for (const { handle } of this.#held.values()) handle.close();
    this.#held.clear();
  }

  /** What `server.address()` would give, by name; nothing for a descriptor that came from elsewhere. */
  addresses() {
    return Object.fromEntries([...this.#held].map(([name, { address }]) => [name, address]));
  }

  /** For `stdio`, from descriptor 3 on, where systemd has them begin (SD_LISTEN_FDS_START), too. */
  stdio() {
    return Object.entries(this.#wanted).map(([name, { fd }]) => fd ?? this.#held.get(name).handle);
  }

  /** What tells the process which sockets it has: systemd's variables, without LISTEN_PID, which nobody knows yet. */
  environment() {
    const names = Object.keys(this.#wanted);
    // Those of the parent are about its own descriptors.
    const none = { LISTEN_PID: undefined, LISTEN_FDS: undefined, LISTEN_FDNAMES: undefined };
    return names.length === 0 ? none : { ...none, LISTEN_FDS: `${names.length}`, LISTEN_FDNAMES: names.join(':') };
  }
}

module.exports = { HeldSockets };
