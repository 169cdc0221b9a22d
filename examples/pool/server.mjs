// An HTTP server that leaves what takes long to a pool, and stays responsive:
//
//   node examples/pool/server.mjs
//
// GET /<password> answers with its hash. When too many wait, it says so (503). A client that hangs up has its task cancelled.
// SIGTERM lets everything come to its end.

import http from 'node:http';
import { Pool } from 'fast-resolve/pool';

const pool = new Pool({
  filename: new URL('hash.mjs', import.meta.url),
  maxWorkers: 0.5,
  minWorkers: 1,
  maxQueue: 'auto',
  taskTimeout: 10_000,
});

const server = http.createServer(async (request, response) => {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  try {
    response.end(await pool.run(request.url.slice(1), { signal: controller.signal }));
  } catch (error) {
    response.statusCode = error.code === 'FAST_RESOLVE_QUEUE_FULL' ? 503 : 500;
    response.end(`${error.name}\n`);
  }
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

process.on('SIGTERM', async () => {
  server.close();
  await pool.close();
  console.log(`${pool.completed} hashes, half of them within ${pool.runTime.p50} ms`);
});
