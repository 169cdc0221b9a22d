'use strict';

// Several processes of one service, each with a supervisor of its own. They share what is held for them, and what is heard of this
// process: its signals, and the AbortSignal.

const { EventEmitter } = require('node:events');

const { INSPECT, showing } = require('../shared/inspected.js');
const { createStoppedError } = require('./errors.js');
const { HeldSockets } = require('./held_sockets.js');
const { ParentEvents } = require('./parent_events.js');
const { FORWARD, STOP, Supervisor } = require('./supervisor.js');

/** Those whose only argument is what there is to tell. */
const EVENTS = ['start', 'ready', 'exit', 'restart', 'stop'];

const isDown = ({ state }) => state === 'stopped' || state === 'failed';

class SupervisorGroup extends EventEmitter {
  #settings;
  #sockets;
  #parent;
  #instances;
  /** Restarts and reloads take place one after the other. */
  #operations = Promise.resolve();
  /** Counts the stops: what was asked for before one of them is not done after it. */
  #epoch = 0;
  #isListening = false;

  /** @param {ReturnType<import('./settings.js').createSettings>} settings With `instances`. */
  constructor(settings, clock) {
    super();
    this.#settings = settings;
    this.#sockets = new HeldSockets(settings.handles);
    this.#parent = new ParentEvents(settings, {
      stop: (reason, signal) => this.#stop(reason, signal),
      forward: (signal) => {
        for (const instance of this.#instances) instance[FORWARD](signal);
      },
    });
    settings.signal?.throwIfAborted();
    this.#instances = Array.from({ length: settings.instances }, (_, index) => this.#create(index, clock));
    this.#listen();
  }

  get instances() {
    return [...this.#instances];
  }

  get addresses() {
    return this.#sockets.addresses();
  }

  stats() {
    return this.#instances.map((instance) => instance.stats());
  }

  async whenReady() {
    await Promise.all(this.#instances.map((instance) => instance.whenReady()));
  }

  stop() {
    return this.#stop('requested');
  }

  restart() {
    return this.#inTurn((instance) => instance.restart());
  }

  reload() {
    return this.#inTurn((instance) => instance.reload());
  }

  [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    return this.stop();
  }

  #create(index, clock) {
    const { env, name } = this.#settings;
    const own = { name: `${name}:${index}`, env: { ...env, NODE_APP_INSTANCE: `${index}` } };
    // What this process is told is heard here.
    const settings = { ...this.#settings, ...own, forwardSignals: [], signal: undefined };
    const instance = new Supervisor(settings, clock, this.#sockets);
    for (const event of EVENTS) instance.on(event, (details) => this.emit(event, { ...details, instance: index }));
    instance.on('failed', (error) => this.emit('failed', error, { instance: index }));
    instance.on('message', (message, handle, { pid }) =>
      this.emit('message', message, handle, { pid, instance: index }),
    );
    for (const event of ['failed', 'stop']) instance.on(event, () => this.#unlistenIfDown());
    return instance;
  }

  #inTurn(operate) {
    const epoch = this.#epoch;
    const promise = this.#operations.then(async () => {
      for (const instance of this.#instances) {
        if (epoch !== this.#epoch) throw createStoppedError(this.#settings.title);
        this.#listen();
        await operate(instance);
      }
    });
    this.#operations = promise.catch(() => this.#unlistenIfDown());
    return promise;
  }

  async #stop(reason, signal) {
    this.#epoch++;
    await Promise.all(this.#instances.map((instance) => instance[STOP](reason, signal)));
  }

  #listen() {
    this.#settings.signal?.throwIfAborted();
    if (this.#isListening) return;
    this.#isListening = true;
    this.#parent.listen();
  }

  #unlistenIfDown() {
    if (!this.#isListening || !this.#instances.every(isDown)) return;
    this.#isListening = false;
    this.#parent.unlisten();
  }
}

SupervisorGroup.prototype[INSPECT] = showing('SupervisorGroup', ({ instances, addresses }) => ({
  instances,
  addresses,
}));

module.exports = { SupervisorGroup };
