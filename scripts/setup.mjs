// Installs and builds what is missing or out of date; quick when nothing is. Needs nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** Runs a command in the root of the checkout; ends the process where it fails. */
export function run(command, commandArguments, options = {}) {
  const { status, error } = spawnSync(command, commandArguments, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Installs what a folder's lock file names, unless that was done before. Not by `npm ci`: it refuses a lock file that
 * leaves out the optional packages of platforms that the registry at hand does not have.
 */
export function ensureInstalled(folder = '.') {
  const lockFile = path.join(root, folder, 'package-lock.json');
  const stamp = path.join(root, folder, 'node_modules', '.installed-lock.json');
  const wanted = readFileSync(lockFile, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: path.join(root, folder),
    shell: process.platform === 'win32',
  });
  writeFileSync(stamp, wanted);
}

/** Builds the addon and the bundle, unless they are newer than all that they are made of. */
export function ensureBuilt() {
  ensureAddonBuilt();
  const bundle = 'dist/fast-resolve.js';
  const isBundled = existsSync(path.join(root, bundle));
  if (!isBundled || ['lib', 'scripts/bundle.mjs', 'package.json'].some((source) => newest(source) > newest(bundle))) {
    run(process.execPath, ['scripts/bundle.mjs']);
  }
}

function ensureAddonBuilt() {
  const sources = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src', 'package.json'];
  const addon = readdirSync(root).find((name) => name.endsWith('.node'));
  if (addon !== undefined && sources.every((source) => newest(source) <= newest(addon))) return;
  requireCargo();
  run(process.execPath, ['scripts/build.mjs']);
}

/** Ends the process with one line where there is no Rust. */
export function requireCargo() {
  if (spawnSync('cargo', ['--version']).status === 0) return;
  console.error('cargo was not found: install Rust (https://rustup.rs), then run this again.');
  process.exit(1);
}

function newest(name) {
  const stats = statSync(path.join(root, name));
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path.join(root, name)).map((child) => newest(path.join(name, child))));
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  ensureBuilt();
}
