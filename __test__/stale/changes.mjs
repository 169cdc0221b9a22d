// What a change of the tree has changed, as somebody would tell who watches files.

import fs from 'node:fs';
import path from 'node:path';
import { mutate } from './mutations.mjs';
import { attempt, listTree } from './world.mjs';

/** Changes the tree, and gives { words, paths }: what was done, and the topmost paths that are not what they were. */
export function change(world, random, count = 1) {
  const before = survey(world.root);
  const words = [];
  for (let left = count; left > 0; left--) words.push(mutate(world, random));
  return { words: words.join('; '), paths: differences(before, survey(world.root)) };
}

function survey(root) {
  const entries = [{ path: root, isDirectory: true }, ...listTree(root)];
  return new Map(entries.map((entry) => [entry.path, signatureOf(entry)]));
}

function signatureOf({ path: name, isDirectory }) {
  const { ino, size, mtimeNs, ctimeNs } = fs.lstatSync(name, { bigint: true });
  // What comes and goes in a directory is told by its own name.
  return isDirectory ? `directory ${ino}` : [ino, size, mtimeNs, ctimeNs].join();
}

function differences(before, after) {
  const all = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
  const changed = new Set(all);
  return all.filter((name) => {
    for (let above = path.dirname(name); above !== '/'; above = path.dirname(above)) {
      if (changed.has(above)) return false;
    }
    return true;
  });
}

/** The same paths, as one may come to name them: by a link to a directory above, or by that directory as a whole. */
export function nameOtherwise(paths, { root }, random) {
  const links = listTree(root)
    .filter((entry) => entry.isLink && !paths.includes(entry.path))
    .map((entry) => ({ link: entry.path, target: realPathOf(entry.path) }));
  return paths.map((name) => {
    if (name !== root && random.chance(0.1)) return path.dirname(name);
    const ways = links.filter(({ target }) => target !== undefined && name.startsWith(`${target}/`));
    if (ways.length === 0 || random.chance(0.5)) return name;
    const { link, target } = random.pick(ways);
    return `${link}${name.slice(target.length)}`;
  });
}

function realPathOf(link) {
  let target;
  attempt(() => (target = fs.realpathSync(link)));
  return target;
}
