// Opens a database in memory (sql.js), stores one row and reads it back.
require('reflect-metadata');
const { DataSource, EntitySchema } = require('typeorm');

const User = new EntitySchema({
  name: 'User',
  columns: {
    id: { type: Number, primary: true, generated: true },
    name: { type: String },
  },
});

const main = async () => {
  const dataSource = new DataSource({ type: 'sqljs', entities: [User], synchronize: true });
  await dataSource.initialize();
  await dataSource.getRepository('User').save({ name: 'Ada' });
  process.stdout.write(`${JSON.stringify(await dataSource.getRepository('User').find())}\n`);
  await dataSource.destroy();
};

main();
