// Packages that are ES modules only, loaded by `require` and by `import`, with `exports` and `imports` maps.
const { Chalk } = require('chalk');
const { validate, version } = require('uuid');

const main = async () => {
  const { Chalk: imported } = await import('chalk');
  process.stdout.write(`${new Chalk({ level: 1 }).red('red')} ${imported === Chalk}\n`);
  const id = '109156be-c4fb-41ea-b1b4-efe1671c5836';
  process.stdout.write(`${validate(id)} ${version(id)}\n`);
};

main();
