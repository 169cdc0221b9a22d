// Makes a tree that is the same on every machine, and a trace of what is asked for in it.
import fs from 'node:fs';
import path from 'node:path';
import { runChild } from './run-child.mjs';

const packageCount = 40;
const filesOfPackage = ['lib/first.js', 'lib/second.js', 'lib/deep/third.js', 'lib/deep/index.js', 'lib/data.json'];
const callers = ['app/index.js', 'app/src/server.js', 'app/src/routes/users.js', 'app/test/unit/users.js'];

const packageNames = Array.from({ length: packageCount }, (_value, index) =>
  index % 5 === 0 ? `@scope/package-${index}` : `package-${index}`,
);

const isWithExports = (index) => index % 2 === 0;

const packageJsonOf = (name, index) =>
  isWithExports(index)
    ? {
        name,
        version: '1.0.0',
        exports: {
          '.': { import: './lib/none.mjs', require: './lib/index.js' },
          './first': './lib/first.js',
          './features/*': './lib/*.js',
        },
        imports: { '#third': './lib/deep/third.js' },
      }
    : { name, version: '1.0.0', main: './lib/index' };

const writeFile = (root, name, text = '') => {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};

/** What the files of a package ask for, and what others ask of it. */
const requestsOf = (name, index, root) => {
  const inPackage = (file) => path.join(root, 'node_modules', name, file);
  const ofItself = ['./first', './second.js', './deep', './deep/third', './data'];
  const ofOthers = isWithExports(index) ? [`${name}/first`, `${name}/features/second`] : [`${name}/lib/first`];
  const neighbour = packageNames[(index + 1) % packageCount];
  return [
    ...callers.map((caller) => [name, path.join(root, caller)]),
    ...ofOthers.map((request) => [request, path.join(root, callers[index % callers.length])]),
    ...ofItself.map((request) => [request, inPackage('lib/index.js')]),
    ...(isWithExports(index) ? [['#third', inPackage('lib/first.js')]] : []),
    ['../second', inPackage('lib/deep/third.js')],
    ['fs', inPackage('lib/first.js')],
    [neighbour, inPackage('lib/deep/index.js')],
  ];
};

/**
 * Makes the tree in a directory that is there and empty, and the trace beside it.
 * @returns {{ file: string, resolves: number }} The trace, with what a fresh Node answers.
 */
export const createFixedTree = (node, directory) => {
  const root = path.join(directory, 'tree');
  for (const caller of callers) writeFile(root, caller);
  writeFile(root, 'package.json', JSON.stringify({ name: 'root', private: true }));
  for (const [index, name] of packageNames.entries()) {
    const packageDirectory = path.join('node_modules', name);
    writeFile(root, path.join(packageDirectory, 'package.json'), JSON.stringify(packageJsonOf(name, index)));
    for (const file of ['lib/index.js', ...filesOfPackage]) writeFile(root, path.join(packageDirectory, file), '{}');
  }
  const asked = packageNames.flatMap((name, index) => requestsOf(name, index, root));
  const file = writeFile(directory, 'traces/fixed.json', JSON.stringify(asked));
  const { answers } = runChild(node.path, 'answers.cjs', [file]);
  fs.writeFileSync(file, JSON.stringify(asked.map((call, index) => [...call, answers[index]])));
  return { file, resolves: asked.length };
};
