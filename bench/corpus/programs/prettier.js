// Formats a few languages, each of which loads its own plugin.
const prettier = require('prettier');

const inputs = [
  ['babel', 'const a={b:1}'],
  ['typescript', 'let a:number=1'],
  ['css', 'a{b:c}'],
  ['markdown', '* a'],
];

const main = async () => {
  for (const [parser, text] of inputs) {
    process.stdout.write(await prettier.format(text, { parser }));
  }
};

main();
