'use strict';

const net = require('node:net');

net.createServer((socket) => socket.end(String(process.pid))).listen(0, '127.0.0.1');
