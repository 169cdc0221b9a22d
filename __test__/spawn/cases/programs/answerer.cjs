'use strict';

// Answers what it is sent, until it is disconnected.

const net = require('node:net');
const dgram = require('node:dgram');

process.on('message', (message, handle) => {
  if (message === 'server' && handle instanceof net.Server) {
    handle.on('connection', (socket) => socket.end('child'));
    process.send('listening');
  } else if (message === 'socket' && handle instanceof net.Socket) {
    handle.end('child');
  } else if (message === 'dgram' && handle instanceof dgram.Socket) {
    handle.on('message', (text, { port }) => handle.send(`child: ${text}`, port, () => process.disconnect()));
    process.send('bound');
  } else if (message.end !== undefined) {
    process.exit(message.end);
  } else {
    process.send(message);
  }
});
