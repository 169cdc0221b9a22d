// Asks Google Drive's client for a list of files, and has a server on a free port answer it.
const http = require('node:http');
const { auth, drive } = require('@googleapis/drive');

const server = http.createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.setHeader('connection', 'close');
  response.end(JSON.stringify({ files: [{ id: '1', name: request.headers.authorization }] }));
});

server.listen(0, '127.0.0.1', async () => {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: 'token', expiry_date: Date.now() + 3_600_000 });
  const rootUrl = `http://127.0.0.1:${server.address().port}/`;
  const { data, status } = await drive({ version: 'v3', auth: client, rootUrl }).files.list({ pageSize: 1 });
  process.stdout.write(`${status} ${JSON.stringify(data.files)}\n`);
  server.close();
});
