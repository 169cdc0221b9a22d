// An HTTP server that another process can take over from. It uses nothing but Node.

import http from 'node:http';
import net from 'node:net';

const server = http.createServer((_request, response) => response.end(`answered by ${process.pid}\n`));

// The socket that the supervisor holds is descriptor 3; without a supervisor the server has one of its own.
const place = process.env.LISTEN_FDS === undefined ? { port: 8080 } : { fd: 3 };
server.listen(place, () => process.send?.('ready'));

process.once('SIGTERM', () => {
  // Whoever has a connection is answered once more, and asked to come back on another one. `server.close()` would close those
  // connections on which nothing is going on, and a request may be on its way there already.
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  net.Server.prototype.close.call(server, () => process.exit());
});
