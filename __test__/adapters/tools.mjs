// The linters and bundlers that the adapters are for, installed on demand, and real TypeScript to give to them.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensurePackages } from '../../bench/corpus/install.mjs';

export const repository = path.resolve(import.meta.dirname, '../..');
const toolsDirectory = path.join(repository, 'tests/adapters');
export const toolsModules = path.join(toolsDirectory, 'node_modules');

/** Requires what is pinned in tests/adapters. */
export const requireTool = createRequire(path.join(toolsDirectory, 'package.json'));
/** Requires what is published, by the names of package.json. */
export const requirePublished = createRequire(path.join(repository, 'package.json'));

export const ensureTools = () => ensurePackages(toolsDirectory);

/** What of a published package was written by hand. */
const isSource = (name) => /(?<!\.d)\.[cm]?tsx?$/.test(name);

/**
 * Copies the TypeScript of packages that publish it into a workspace.
 * @param {string} root
 * @param {Record<string, string>} sources The directory in each package where it lies.
 */
export function copySources(root, sources) {
  for (const [name, below] of Object.entries(sources)) {
    const from = path.join(toolsModules, name);
    const to = path.join(root, 'packages', name);
    for (const file of fs.readdirSync(path.join(from, below), { recursive: true })) {
      if (!isSource(file) || /(?:^|\/)(?:node_modules|_types)\//.test(file)) continue;
      fs.cpSync(path.join(from, below, file), path.join(to, below, file));
    }
    fs.cpSync(path.join(from, 'package.json'), path.join(to, 'package.json'));
    fs.writeFileSync(path.join(to, 'tsconfig.json'), '{ "extends": "../../tsconfig.json" }\n');
  }
}
