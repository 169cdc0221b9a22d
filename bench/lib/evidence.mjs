// What the answers of a trace rest on: the directories whose entries tell that a name is there or is not, and the package.json
// files.
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

const upwards = function* (directory) {
  yield directory;
  const parent = path.dirname(directory);
  if (parent !== directory) yield* upwards(parent);
};

const isRelative = (request) => /^(?:\.{1,2}(?:\/|$)|\/)/.test(request);

/** Where a name is looked for, up to where it is found: the directories that are there. */
const searchedFor = (request, filename, answer) => {
  const searched = [];
  const scope = request.startsWith('@') ? request.slice(0, request.indexOf('/')) : '.';
  for (const directory of upwards(path.dirname(filename))) {
    const modules = path.join(directory, 'node_modules');
    searched.push(modules, path.join(modules, scope));
    if (answer.startsWith(modules + path.sep)) break;
  }
  return searched.filter((directory) => fs.existsSync(directory));
};

/**
 * Counts the directories on the paths of those who asked and of the answers, from the root on, those that were searched for
 * names, and the package.json files in all of these.
 */
export const countEvidence = (calls) => {
  const directories = new Set();
  for (const [request, filename, answer] of calls.filter(([name]) => !isBuiltin(name))) {
    const looked = [...upwards(path.dirname(filename)), ...upwards(path.dirname(answer))];
    if (!isRelative(request) && !request.startsWith('#')) looked.push(...searchedFor(request, filename, answer));
    for (const directory of looked) directories.add(directory);
  }
  const packageJsons = [...directories].filter((directory) => fs.existsSync(path.join(directory, 'package.json')));
  return { directories: directories.size, packageJsons: packageJsons.length };
};
