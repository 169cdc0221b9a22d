// Answers one request over a free port, with a response schema.
const fastify = require('fastify');

const app = fastify();
const schema = { response: { 200: { type: 'object', properties: { hello: { type: 'string' } } } } };
app.get('/', { schema }, async () => ({ hello: 'world' }));

const main = async () => {
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(address, { headers: { connection: 'close' } });
  process.stdout.write(`${response.status} ${await response.text()}\n`);
  await app.close();
};

main();
