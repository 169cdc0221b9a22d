// Builds queries for three databases; without a connection, no driver is needed.
const knex = require('knex');

for (const client of ['pg', 'mysql2', 'sqlite3']) {
  const database = knex({ client, useNullAsDefault: true });
  const query = database('users')
    .leftJoin('orders', 'users.id', 'orders.user_id')
    .where('users.age', '>', 30)
    .whereIn('orders.state', ['open', 'paid'])
    .groupBy('users.id')
    .orderBy('users.name')
    .limit(10)
    .select('users.name', database.raw('count(??) as ??', ['orders.id', 'orders']));
  process.stdout.write(`${query.toString()}\n`);
  const table = database.schema.createTable('users', (columns) => {
    columns.increments();
    columns.string('name').notNullable();
  });
  process.stdout.write(`${table.toString()}\n`);
}
