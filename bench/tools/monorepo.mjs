// Makes a monorepo: packages with sources that import one another, linked into one node_modules directory beside installed ones.
import fs from 'node:fs';
import path from 'node:path';

const write = (file, text = '') => fs.writeFileSync(file, text);

const makeDirectory = (directory) => {
  fs.mkdirSync(directory, { recursive: true });
  return directory;
};

const packageJsonOf = (name, index, file) => {
  const main = `./${file}`;
  const entry =
    index % 2 === 0 ? { exports: { '.': { import: './none.mjs', require: main }, './*': './src/*.js' } } : { main };
  return JSON.stringify({ name, version: '1.0.0', ...entry });
};

const sources = 'src';

/** The sources of a package, ten to a directory. */
const sourceOf = (index) => path.join(sources, index < 10 ? '' : `part-${Math.floor(index / 10)}`, `file-${index}.js`);

const writePackage = (directory, name, index, files) => {
  for (let part = 0; part < Math.max(1, files / 10); part += 1) {
    makeDirectory(path.dirname(path.join(directory, sourceOf(part * 10))));
  }
  write(path.join(directory, 'package.json'), packageJsonOf(name, index, sourceOf(0)));
  for (let file = 0; file < files; file += 1) write(path.join(directory, sourceOf(file)));
};

const withDots = (relative) => (relative.startsWith('.') ? relative : `./${relative}`);

/**
 * @param {string} root An empty directory, by its real path.
 * @param {{ packages: number, files: number, installed: number }} size Of each package, so many files.
 */
export const createMonorepo = (root, { packages, files, installed }) => {
  const modules = makeDirectory(path.join(root, 'node_modules'));
  const scope = makeDirectory(path.join(modules, '@mono'));
  write(path.join(root, 'package.json'), JSON.stringify({ name: 'monorepo', private: true }));
  for (let index = 0; index < packages; index += 1) {
    const directory = path.join(root, 'packages', `package-${index}`);
    writePackage(directory, `@mono/package-${index}`, index, files);
    fs.symlinkSync(path.relative(scope, directory), path.join(scope, `package-${index}`));
  }
  for (let index = 0; index < installed; index += 1) {
    writePackage(path.join(modules, `installed-${index}`), `installed-${index}`, index, 1);
  }
  const fileOf = (index, file) => path.join(root, 'packages', `package-${index}`, sourceOf(file));
  const requestOf = (number) => {
    const index = number % packages;
    const round = Math.floor(number / packages);
    const caller = fileOf(index, round % files);
    const other = (index * 7 + round + 1) % packages;
    switch ((index + round) % 4) {
      case 0:
        return [`@mono/package-${other}`, caller];
      case 1:
        return [`installed-${(index + round) % installed}`, caller];
      case 2:
        return [withDots(path.relative(path.dirname(caller), fileOf(index, (round * 3 + 1) % files))), caller];
      default: {
        const target = fileOf(index, (round * 5 + 2) % files).slice(0, -'.js'.length);
        return [withDots(path.relative(path.dirname(caller), target)), caller];
      }
    }
  };
  return {
    file: fileOf(0, 0),
    /** So many requests, all of them different up to four for each file. */
    createCalls: (count) => Array.from({ length: count }, (_value, number) => requestOf(number)),
  };
};
