// Clients of an HTTP server that ask without a break.

import { once } from 'node:events';
import http from 'node:http';

/** The text of the answer. Rejects where it is refused, reset or cut off. */
export function ask(address, agent) {
  return new Promise((resolve, reject) => {
    const request = http.get({ ...address, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () => resolve(text));
      response.once('error', reject);
    });
    request.once('error', reject);
  });
}

/**
 * Asks with so many clients at once until it is told to stop.
 * @param {() => http.Agent | false} createAgent for each client; false: a connection for each request
 */
export function keepAsking(address, clients, createAgent) {
  let isOver = false;
  const answers = [];
  const failures = [];
  const runClient = async () => {
    const agent = createAgent();
    while (!isOver) {
      try {
        answers.push(await ask(address, agent));
      } catch (error) {
        failures.push(error);
      }
    }
    if (agent) agent.destroy();
  };
  const all = Promise.all(Array.from({ length: clients }, runClient));
  return {
    answers,
    failures,
    /** Once so many more answers have come. */
    async answered(count) {
      const wanted = answers.length + count;
      while (answers.length < wanted && failures.length === 0)
        await ask(address, false).catch((error) => failures.push(error));
    },
    async end() {
      isOver = true;
      await all;
    },
  };
}

/** Whether a connection is refused. */
export async function isRefused({ host, port, socketPath }) {
  const { connect } = await import('node:net');
  const socket = socketPath === undefined ? connect({ host, port }) : connect(socketPath);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') return true;
    // Somebody else has it meanwhile, and is about to go.
    if (error.code === 'ECONNRESET') return false;
    throw error;
  } finally {
    socket.destroy();
  }
}
