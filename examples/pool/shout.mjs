// Serves one connection.

import { once } from 'node:events';

export default async function shout(_value, { handle: socket, signal }) {
  signal.addEventListener('abort', () => socket.destroy());
  socket.setEncoding('utf8').on('data', (text) => socket.write(`${process.pid}: ${text.toUpperCase()}`));
  await once(socket, 'end');
  socket.end();
}
