// Lints a small file with a few of ESLint's rules.
const path = require('node:path');
const { ESLint } = require('eslint');

const rules = { 'no-constant-condition': 2, 'no-debugger': 2, 'no-unused-vars': 2, semi: 2 };

const main = async () => {
  const linter = new ESLint({
    cwd: path.join(__dirname, 'fixtures', 'eslint'),
    overrideConfigFile: true,
    overrideConfig: [{ rules }],
  });
  const [result] = await linter.lintFiles(['input.js']);
  const formatter = await linter.loadFormatter('json');
  process.stdout.write(`${result.messages.map((message) => message.ruleId).join('\n')}\n`);
  process.stdout.write(`${JSON.parse(await formatter.format([result])).length}\n`);
};

main();
