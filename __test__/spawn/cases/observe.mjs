// What cases look at.

import { once } from 'node:events';
import { readFileSync, stat } from 'node:fs';

/** Everything that a child does to its end: its events in order, and what it wrote. */
export async function seen(child) {
  const events = [];
  const output = ['', '', ''];
  for (const name of ['spawn', 'error', 'exit', 'disconnect', 'close']) {
    child.on(name, (...values) => {
      events.push([name, ...values.map((value) => (value instanceof Error ? errorFacts(value) : value))]);
    });
  }
  for (const [number, stream] of [child.stdout, child.stderr].entries()) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output[number + 1] += text;
    });
  }
  await once(child, 'close', { signal: AbortSignal.timeout(60_000) }).catch((error) => {
    // What `once` throws for an 'error' event; the child is closed after it.
    if (!events.some(([name]) => name === 'error')) throw error;
    return closed(child, events);
  });
  return { events, stdout: output[1], stderr: output[2] };
}

async function closed(child, events) {
  if (!events.some(([name]) => name === 'close')) await once(child, 'close');
}

/** What an error says, without what differs from run to run. */
export function errorFacts(error) {
  if (error === null || error === undefined) return null;
  const { name, code, errno, syscall, path, spawnargs, message, signal, killed, cmd } = error;
  return { name, code, errno, syscall, path, spawnargs, message, signal, killed, cmd };
}

/** The error that a function throws. */
export function thrown(action) {
  try {
    action();
  } catch (error) {
    return errorFacts(error);
  }
  throw new Error('it did not throw');
}

/** Resolves when a stream has said so much. */
export async function heard(stream, expected) {
  let text = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (text.includes(expected)) return text;
  }
  throw new Error(`it said only ${JSON.stringify(text)}`);
}

/**
 * Does something in a callback of libuv's threads: what other threads have said is heard right after it, and what the kernel has
 * found since is not, until the next turn of the loop.
 */
export const inOneTurn = (action) =>
  new Promise((resolve, reject) => {
    stat('/', () => {
      try {
        resolve(action());
      } catch (error) {
        reject(error);
      }
    });
  });

/** Ends a child, and stays busy until it is gone, with all that a thread of the addon may have to say of it. */
export function endBusily(child, end) {
  end();
  while (lives(child.pid));
  sleepHere(20);
}

/** Ends a child in a turn of the loop that sees nothing else of it. */
export const endWhileBusy = (child, end) => inOneTurn(() => endBusily(child, end));

function lives(pid) {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return false;
    throw error;
  }
}

function sleepHere(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
