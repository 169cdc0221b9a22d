// Copies the package as it is published into a directory, with its addon, without it, or with a broken one.

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');

/**
 * `addon` is what becomes of the addon: 'kept', 'missing' or 'broken'.
 */
export const copyPackage = async (target, addon = 'kept') => {
  const { files } = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8'));
  await mkdir(target, { recursive: true });
  // As npm does when it packs, leave out what is listed and not there.
  const present = await readdir(repository);
  for (const name of present.filter((entry) => files.includes(entry) || entry === 'package.json')) {
    await cp(path.join(repository, name), path.join(target, name), { recursive: true });
  }
  for (const name of present.filter((entry) => entry.endsWith('.node'))) {
    await copyAddon(name, target, addon);
  }
};

const copyAddon = async (name, target, addon) => {
  if (addon === 'kept') {
    await cp(path.join(repository, name), path.join(target, name));
  } else if (addon === 'broken') {
    await writeFile(path.join(target, name), 'not an addon');
  }
};
