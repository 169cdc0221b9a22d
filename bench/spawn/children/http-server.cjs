// A server that starts a command for every request, and answers with what it writes. It tells its port, and ends with its parent.
//
//   node http-server.cjs <node | seam | CommandPool> <MiB resident> <text>
'use strict';

const { spawn } = require('node:child_process');
const http = require('node:http');
const { fillMemory } = require('../../lib/children/ballast.cjs');
const { runners, useSpawn } = require('./implementations.cjs');

const concurrency = 8;

const [name, mebibytes, text] = process.argv.slice(2);

const fail = (response, error) => {
  response.statusCode = 500;
  response.end(String(error));
};

const answerFromStream = (response) => {
  const child = spawn('echo', [text], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.on('error', (error) => fail(response, error));
  child.stdout.pipe(response);
};

const answerFromPool = () => {
  const run = runners.CommandPool(concurrency);
  return (response) => {
    run('echo', [text], { encoding: 'buffer' }).then(
      (output) => response.end(output),
      (error) => fail(response, error),
    );
  };
};

const createAnswer = () => {
  if (name === 'CommandPool') return answerFromPool();
  useSpawn(name);
  return answerFromStream;
};

const answer = createAnswer();
fillMemory(Number(mebibytes));
const server = http.createServer((_request, response) => answer(response));
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
