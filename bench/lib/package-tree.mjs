// Makes a tree of packages whose bare names are asked for from five directories below the root.
import fs from 'node:fs';
import path from 'node:path';

const packageCount = 50;
const directoriesBelowRoot = ['packages', 'app', 'src', 'lib', 'deep'];

const packageJsonOf = {
  main: (name) => ({ name, version: '1.0.0', main: './lib/index.js' }),
  exports: (name) => ({ name, version: '1.0.0', exports: { '.': './lib/index.js' } }),
};

const writePackage = (root, name, packageJson) => {
  const directory = path.join(root, 'node_modules', name);
  const answer = path.join(directory, 'lib', 'index.js');
  fs.mkdirSync(path.dirname(answer), { recursive: true });
  fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify(packageJson));
  fs.writeFileSync(answer, '');
  return answer;
};

/**
 * @param {'main' | 'exports'} kind What the package.json files have.
 * @returns A trace in which every package is asked for once.
 */
export const createPackageTree = (kind, directory) => {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(directory, `packages-with-${kind}-`)));
  const caller = path.join(root, ...directoriesBelowRoot, 'index.js');
  fs.mkdirSync(path.dirname(caller), { recursive: true });
  fs.writeFileSync(caller, '');
  const calls = Array.from({ length: packageCount }, (_value, index) => {
    const name = `package-${index}`;
    return [name, caller, writePackage(root, name, packageJsonOf[kind](name))];
  });
  const file = path.join(directory, `packages-with-${kind}.json`);
  fs.writeFileSync(file, JSON.stringify(calls));
  return { program: kind, file, resolves: packageCount };
};
