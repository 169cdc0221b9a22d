// Asks an SDK's client, whose fetch answers itself.
import OpenAI from 'openai';

const client = new OpenAI({
  apiKey: 'none',
  fetch: async () =>
    new Response(JSON.stringify({ data: [{ id: 'model' }] }), { headers: { 'content-type': 'application/json' } }),
});
const { data } = await client.models.list();
console.log(data[0].id);
