// Hands each connection to a worker, which serves it alone from then on:
//
//   node examples/pool/sockets.mjs
//
// Each line is answered in capitals, by a process of its own. SIGHUP replaces the workers; what they serve, they serve to its end.

import net from 'node:net';
import { Pool } from 'fast-resolve/pool';

const pool = new Pool({
  filename: new URL('shout.mjs', import.meta.url),
  maxWorkers: 2,
  // Connections that a worker serves at the same time.
  concurrentTasksPerWorker: 100,
});

const server = net.createServer({ pauseOnConnect: true }, (socket) => {
  pool.run(undefined, { handle: socket }).catch((error) => {
    console.error(error.message);
    // A socket whose task fails is ours again.
    socket.destroy();
  });
});

server.listen(Number(process.env.PORT ?? 3001), '127.0.0.1', () => console.log(`port ${server.address().port}`));

process.on('SIGHUP', () => pool.recycleWorkers());
process.on('SIGTERM', async () => {
  server.close();
  await pool.close();
});
