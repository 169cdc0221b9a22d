// Finds every package below a node_modules directory, and everything in each of them.
import fs from 'node:fs';
import path from 'node:path';

const byName = (left, right) => (left.name < right.name ? -1 : 1);

// Sorted, so that a sample of the corpus is the same on every machine.
const readDirectory = (directory) => fs.readdirSync(directory, { withFileTypes: true }).sort(byName);

const packagesIn = (owner, modulesDirectory, scope) =>
  readDirectory(modulesDirectory)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const directory = path.join(modulesDirectory, entry.name);
      return entry.name.startsWith('@') && scope === ''
        ? packagesIn(owner, directory, `${entry.name}/`)
        : [{ name: scope + entry.name, directory, owner }, ...findPackages(directory)];
    });

/** The packages in `owner`/node_modules and, nested, in theirs: `{ name, directory, owner }`. */
export const findPackages = (owner) => {
  const modulesDirectory = path.join(owner, 'node_modules');
  return fs.existsSync(modulesDirectory) ? packagesIn(owner, modulesDirectory, '') : [];
};

const walk = (packageDirectory, relative) =>
  readDirectory(path.join(packageDirectory, relative))
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => {
      const entryPath = relative === '' ? entry.name : `${relative}/${entry.name}`;
      return entry.isDirectory()
        ? [{ path: entryPath, isDirectory: true }, ...walk(packageDirectory, entryPath)]
        : [{ path: entryPath, isDirectory: false }];
    });

/** Files and directories of a package without the packages nested in it, as `{ path, isDirectory }` below it. */
export const listEntries = (packageDirectory) => walk(packageDirectory, '');

/** The parsed package.json, or an empty object where there is none that can be parsed. */
export const readManifest = (packageDirectory) => {
  try {
    const value = JSON.parse(fs.readFileSync(path.join(packageDirectory, 'package.json'), 'utf8'));
    return value !== null && typeof value === 'object' ? value : {};
  } catch (error) {
    if (error.code !== 'ENOENT' && !(error instanceof SyntaxError)) {
      throw error;
    }
    return {};
  }
};
