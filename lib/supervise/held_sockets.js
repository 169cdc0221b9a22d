'use strict';

// Sockets that the parent holds and the processes listen on. The parent binds them and never accepts: whoever connects
// waits in the kernel until a process takes the connection, whichever process that is. So nobody is refused while one
// process takes over from another, or while there is none.

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const { basename, isAbsolute } = require('node:path');

const { createSystemError } = require('./errors.js');

const IN_USE = -os.constants.errno.EADDRINUSE;

/** Binds without listening. That is how Node's cluster module holds a port for its workers. */
function bind({ path, port, host }) {
  const handle =
    path === undefined
      ? net._createServerHandle(host ?? null, port, host === undefined ? undefined : net.isIP(host))
      : bindPath(path);
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

/** A socket that nobody has any more was left by a process that was killed: its place is taken. */
function bindPath(path) {
  const create = () => net._createServerHandle(path, -1, -1);
  const handle = create();
  if (handle !== IN_USE || !isLeft(path)) return handle;
  fs.unlinkSync(path);
  return create();
}

/** Whether there is a socket that no process has open, as far as the system tells (Linux). */
function isLeft(path) {
  try {
    if (!fs.lstatSync(path).isSocket()) return false;
    return !readOpenSockets().some((other) => isSame(path, other));
  } catch {
    return false;
  }
}

/** Their paths, as whoever bound them wrote them: the eighth field of each line, where there is one. */
function readOpenSockets() {
  const lines = fs.readFileSync('/proc/net/unix', 'utf8').split('\n');
  return lines.map((line) => /^(?:\S+\s+){7}(.+)$/.exec(line)?.[1]).filter((path) => path !== undefined);
}

/** A relative one may be anywhere. */
function isSame(path, other) {
  if (basename(other) !== basename(path)) return false;
  return !isAbsolute(other) || !fs.existsSync(other) || fs.realpathSync(other) === fs.realpathSync(path);
}

class HeldSockets {
  #wanted;
  #held = new Map();
  /** Supervisors that are up: those of a group share them. */
  #users = 0;

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
      this.#release();
      throw error;
    }
    this.#users++;
    // A port that the system chose stays the same when it is bound again.
    for (const [name, { address }] of this.#held) {
      if (this.#wanted[name].port === 0) this.#wanted[name] = { ...this.#wanted[name], port: address.port };
    }
  }

  /** The last to close them has them closed. */
  close() {
    this.#users--;
    if (this.#users === 0) this.#release();
  }

  #release() {
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
