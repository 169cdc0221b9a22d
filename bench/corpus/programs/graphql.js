// Builds a schema, answers a query and refuses another.
const { buildSchema, graphqlSync, printSchema } = require('graphql');

const schema = buildSchema(`
  type User {
    name: String!
    friends(first: Int = 1): [User!]!
  }
  type Query {
    user(id: ID!): User
  }
`);

const users = { 1: { name: 'Ada', friends: ({ first }) => [users[2]].slice(0, first) }, 2: { name: 'Grace' } };
const rootValue = { user: ({ id }) => users[id] };

const { data } = graphqlSync({ schema, rootValue, source: '{ user(id: 1) { name friends { name } } }' });
process.stdout.write(`${JSON.stringify(data)}\n`);
const { errors } = graphqlSync({ schema, rootValue, source: '{ user(id: 1) { age } }' });
process.stdout.write(`${errors[0].message}\n${printSchema(schema).length}\n`);
