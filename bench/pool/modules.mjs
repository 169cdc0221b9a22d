// What a worker of a real program loads before it can do its first task: many modules of many packages.
import fs from 'node:fs';
import path from 'node:path';
import { runCommand } from '../lib/run-child.mjs';

const packageCount = 100;
const modulesOfPackage = 5;
/** A package asks for so many of those before it. */
const dependencies = 3;

const startScript = path.join(import.meta.dirname, 'children', 'start.cjs');

/** Modules are not empty: these lines are what has to be read and compiled. */
const filler = Array.from({ length: 40 }, (_line, index) => `exports.f${index} = (value) => value + ${index};`).join(
  '\n',
);

const packageName = (number) => `package-${number}`;

const write = (file, text) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
};

const writePackage = (nodeModules, number) => {
  const directory = path.join(nodeModules, packageName(number));
  const needed = Array.from({ length: dependencies }, (_name, index) => number - 1 - index * 7).filter(
    (other) => other >= 0,
  );
  const parts = Array.from({ length: modulesOfPackage - 1 }, (_name, index) => `./part-${index}`);
  const requests = [...needed.map(packageName), ...parts];
  const packageJson = { name: packageName(number), version: '1.0.0', main: './lib/index.js' };
  write(path.join(directory, 'package.json'), JSON.stringify(packageJson));
  for (const part of parts) write(path.join(directory, 'lib', `${part}.js`), `exports.count = 1;\n${filler}\n`);
  write(
    path.join(directory, 'lib', 'index.js'),
    `${requests.map((request, index) => `const m${index} = require('${request}');`).join('\n')}
exports.count = 1 + ${parts.map((_part, index) => `m${needed.length + index}.count`).join(' + ')};
${filler}
`,
  );
};

const writeModules = (root, file) => {
  const numbers = Array.from({ length: packageCount }, (_number, index) => index);
  for (const number of numbers) writePackage(path.join(root, 'node_modules'), number);
  const counts = numbers.map((number) => `require('${packageName(number)}').count`);
  write(file, `const count = ${counts.join(' +\n  ')};\n\nmodule.exports = () => count;\n`);
};

/**
 * A file whose function gives how many modules it has loaded, made once for a run; and an environment in which the snapshot
 * of what it resolves is there.
 */
export const ensureModules = ({ node, directory: parent }) => {
  const directory = path.join(parent, 'modules');
  const file = path.join(directory, 'packages', 'app', 'src', 'task.js');
  const environment = { FAST_RESOLVE_CACHE: path.join(directory, 'modules-snapshot') };
  const count = packageCount * modulesOfPackage;
  if (!fs.existsSync(file)) {
    writeModules(directory, file);
    // What a first run leaves to the next ones.
    runCommand(node.path, [startScript, 'fast-resolve', file, String(count)], environment);
  }
  return { file, count, environment };
};
