// Holds a port for server.mjs, next to this file, and has a fresh server take over on SIGHUP:
//
//   PORT=8080 node examples/supervise/reload.mjs
//   kill -HUP <pid>

import { supervise } from 'fast-resolve/pool';

const supervisor = supervise(new URL('server.mjs', import.meta.url), {
  handles: { http: { port: Number(process.env.PORT ?? 8080), host: '127.0.0.1' } },
  ready: 'message',
  forwardSignals: ['SIGTERM', 'SIGINT'],
  // Connections that are kept without a request are closed by the server after 5 seconds.
  stopTimeout: 30_000,
});

process.on('SIGHUP', async () => {
  try {
    await supervisor.reload();
    console.log(`reloaded: ${supervisor.pid} serves`);
  } catch (error) {
    console.log(`not reloaded: ${error.message}`);
  }
});

await supervisor.whenReady();
const { address, port } = supervisor.addresses.http;
console.log(`${supervisor.pid} serves http://${address}:${port}`);
