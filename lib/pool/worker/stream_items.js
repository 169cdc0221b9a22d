'use strict';

// A task whose function gives many results: sent one by one, as the consumer takes them.

const { KINDS, STREAM_WINDOW } = require('../protocol/frames.js');
const { now } = require('../protocol/clock.js');

/** Sends the items of what the function gave. */
async function streamItems({ lane, memory, isJson }, task, iterable) {
  task.credit += STREAM_WINDOW;
  const iterator = iterate(iterable);
  let isDone = false;
  while (!task.isCancelled) {
    if (task.credit === 0) {
      await new Promise((resolve) => {
        task.wake = resolve;
      });
      continue;
    }
    const item = await iterator.next();
    isDone = item.done;
    if (isDone || task.isCancelled) break;
    task.credit--;
    lane.send(KINDS.ITEM, task.id, item.value, memory, isJson, now());
  }
  if (!isDone) await iterator.return?.();
}

function iterate(iterable) {
  const method = iterable?.[Symbol.asyncIterator] ?? iterable?.[Symbol.iterator];
  if (typeof method === 'function') return method.call(iterable);
  const error = new TypeError('The function of a streamed task has to give an async iterable');
  error.code = 'ERR_INVALID_RETURN_VALUE';
  throw error;
}

module.exports = { streamItems };
