// Compiles modern syntax with @babel/preset-env.
const babel = require('@babel/core');

const { code } = babel.transformSync('class A { #b = 1; get b() { return this.#b ?? 2; } }\nexport default A;', {
  babelrc: false,
  configFile: false,
  filename: 'input.js',
  presets: [[require.resolve('@babel/preset-env'), { targets: 'ie 11' }]],
});
process.stdout.write(`${code.length > 100}\n`);
