// The package as npm packs it, unpacked into the node_modules of a project, as a user gets it.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');

export const manifest = JSON.parse(fs.readFileSync(path.join(repository, 'package.json'), 'utf8'));

const npmPack = (npmArguments) => {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', ...npmArguments], {
    cwd: repository,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output)[0];
};

/** The names of the files that `npm publish` would publish. */
export const listPackedFiles = () => npmPack(['--dry-run']).files.map(({ path: name }) => name);

/** The built addon of this platform. */
export const findAddon = () => {
  const [name, ...others] = fs.readdirSync(repository).filter((entry) => entry.endsWith('.node'));
  if (name === undefined || others.length > 0) throw new Error('expected one built addon: npm run build');
  return path.join(repository, name);
};

/** A project that has the package installed; `addon` tells where the addon is: 'beside' the loader or 'separate'. */
export const installPacked = (addon = 'beside') => {
  const project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-')));
  const modules = path.join(project, 'node_modules');
  const installed = path.join(modules, manifest.name);
  fs.mkdirSync(installed, { recursive: true });
  const { filename } = npmPack(['--pack-destination', project]);
  execFileSync('tar', ['-xzf', filename, '-C', path.relative(project, installed), '--strip-components=1'], {
    cwd: project,
  });
  if (addon === 'beside') fs.copyFileSync(findAddon(), path.join(installed, path.basename(findAddon())));
  else installPlatformPackage(modules);
  return project;
};

// What `napi` publishes for one platform: a package of the addon alone.
const installPlatformPackage = (modules) => {
  const main = path.basename(findAddon());
  const name = main.replace('.node', '').replaceAll('.', '-');
  const directory = path.join(modules, name);
  fs.mkdirSync(directory);
  fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name, version: manifest.version, main }));
  fs.copyFileSync(findAddon(), path.join(directory, main));
};

/** Runs a program of the project; gives what it prints, as lines. */
export const runIn = (project, nodeArguments, env = {}) =>
  execFileSync(process.execPath, nodeArguments, {
    cwd: project,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: project, ...env },
  })
    .trimEnd()
    .split('\n');
