'use strict';

// When a process is ready.

const net = require('node:net');

/** How long it takes until a port or a function is asked again, in milliseconds. */
const INTERVAL = 50;

/** What a process sends when it is ready, as for pm2. */
const READY_MESSAGE = 'ready';

const connects = ({ port, host }) =>
  new Promise((resolve) => {
    const socket = net.connect({ port, host: host ?? 'localhost' });
    const settle = (isOpen) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });

/** Asks again and again until the answer is anything but false; `tell` gets what it threw. */
async function poll(ask, { signal, clock, aborted, tell }) {
  while (!signal.aborted) {
    try {
      if ((await Promise.race([ask(), aborted])) !== false) return true;
      tell(undefined);
    } catch (error) {
      tell(error);
    }
    let timer;
    const elapsed = new Promise((resolve) => {
      timer = clock.setTimeout(resolve, INTERVAL);
    });
    await Promise.race([elapsed, aborted]);
    clock.clearTimeout(timer);
  }
  return false;
}

async function nextReadyMessage(child, aborted) {
  let onMessage;
  const arrived = new Promise((resolve) => {
    onMessage = (message) => {
      if (message === READY_MESSAGE) resolve(true);
    };
    child.on('message', onMessage);
  });
  const isReady = await Promise.race([arrived, aborted]);
  child.off('message', onMessage);
  return isReady;
}

/**
 * Waits until the process is ready, in the way that `ready` names, or the signal is given.
 * @param {(failure: unknown) => void} tell is told what a function threw last, undefined if it did not throw
 * @returns {Promise<boolean>} whether it is ready
 */
async function awaitReady(ready, child, { signal, clock, tell }) {
  if (ready === undefined) return true;
  const aborted = new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  if (ready === 'message') return nextReadyMessage(child, aborted);
  const isFunction = typeof ready === 'function';
  const ask = async () => (isFunction ? ready({ pid: child.pid, process: child, signal }) : connects(ready));
  return poll(ask, { signal, clock, aborted, tell });
}

module.exports = { awaitReady };
