// Prints how many requests a second a server answers that starts a command for each.
//
//   node http.cjs <node | seam | CommandPool> <MiB resident> <connections>
'use strict';

const autocannon = require('autocannon');
const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { start } = require('../../lib/children/flow.cjs');

const serverScript = path.join(__dirname, 'http-server.cjs');
const text = 'answered by a process of its own';
const seconds = { warmUp: 0.5, timed: 2 };

/** All requests have to be answered, and with what the command writes. */
const load = async (url, connections, duration) => {
  const result = await autocannon({ url, connections, duration, expectBody: `${text}\n` });
  const { errors, timeouts, mismatches, non2xx } = result;
  if (errors + timeouts + mismatches + non2xx > 0) {
    throw new Error(`Wrong answers: ${JSON.stringify({ errors, timeouts, mismatches, non2xx })}`);
  }
  return result;
};

start(async (name, mebibytes, connections) => {
  const server = fork(serverScript, [name, mebibytes, text]);
  const exited = once(server, 'exit').then(([code, signal]) => {
    throw new Error(`The server ended (${code ?? signal})`);
  });
  const measure = async () => {
    const [port] = await once(server, 'message');
    const url = `http://127.0.0.1:${port}`;
    await load(url, Number(connections), seconds.warmUp);
    // Where fork(2) takes long, a busy machine may not answer anybody in the first seconds.
    const totals = { requests: 0, seconds: 0 };
    do {
      const { requests, duration } = await load(url, Number(connections), seconds.timed);
      totals.requests += requests.total;
      totals.seconds += duration;
    } while (totals.requests < connections);
    return { rate: totals.requests / totals.seconds };
  };
  return Promise.race([measure(), exited]);
});
