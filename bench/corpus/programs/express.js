// Serves one request on a free port.
const http = require('node:http');
const express = require('express');

const app = express();
app.use(express.json());
app.get('/hello/:name', (request, response) => response.json({ hello: request.params.name }));

const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  http.get({ host: '127.0.0.1', port, path: '/hello/world', agent: false }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (text) => process.stdout.write(`${response.statusCode} ${text}\n`));
    response.on('end', () => server.close());
  });
});
