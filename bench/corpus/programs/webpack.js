// Bundles two small modules; the output stays in memory.
const path = require('node:path');
const webpack = require('webpack');

const written = new Map();
const succeed = (...parameters) => parameters.at(-1)(null);
const outputFileSystem = {
  mkdir: succeed,
  stat: (_filename, done) => done(Object.assign(new Error('nothing is on disk'), { code: 'ENOENT' })),
  readFile: (_filename, done) => done(Object.assign(new Error('nothing is on disk'), { code: 'ENOENT' })),
  writeFile: (filename, content, done) => {
    written.set(path.basename(filename), content);
    done(null);
  },
};

const compiler = webpack({
  mode: 'development',
  devtool: false,
  context: path.join(__dirname, 'fixtures', 'webpack'),
  entry: './entry.mjs',
  output: { path: path.join(__dirname, 'fixtures', 'webpack', 'dist') },
  plugins: [new webpack.DefinePlugin({ ANSWER: '42' })],
});
compiler.outputFileSystem = outputFileSystem;
compiler.run((error, stats) => {
  if (error) {
    throw error;
  }
  process.stdout.write(`${stats.hasErrors()} ${[...written.keys()]}\n`);
  compiler.close(() => {});
});
