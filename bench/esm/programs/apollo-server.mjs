// Answers a query.
import { ApolloServer } from '@apollo/server';

const server = new ApolloServer({
  typeDefs: 'type Query { hello: String }',
  resolvers: { Query: { hello: () => 'world' } },
});
const { body } = await server.executeOperation({ query: '{ hello }' });
console.log(JSON.stringify(body.singleResult.data));
await server.stop();
