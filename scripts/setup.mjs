// Installs and builds what is missing or out of date; quick when nothing is. Needs nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import places from '../lib/resolve/addon_places.js';
import { root } from './paths.mjs';

const { listAddonNames } = places;

/** What the packages of a folder take on the disk, in MB. A test holds it against what is there. */
export const SIZES = {
  '.': 240,
  bench: 95,
  'bench/corpus': 380,
  'bench/esm': 336,
  'tests/adapters': 277,
  'tools/boot': 93,
  'tools/house': 61,
  'tools/nodes': 735,
  'tools/pack': 81,
};

/**
 * Not `npm ci`: it refuses a lock file that leaves out the optional packages of platforms that the registry at hand does not have.
 * Where there is no network, npm's own retries go on for a minute and a half before it says so.
 */
const NPM_ARGUMENTS = [
  ...['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
  ...['--prefer-offline', '--fetch-retries=0'],
];
/** What was fetched at the first time is not fetched again. */
const NPM_ATTEMPTS = 2;

const isWindows = process.platform === 'win32';

const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a command in the root of the checkout; ends the process where it fails. */
export function run(command, commandArguments, options = {}) {
  const { status, error } = spawnSync(command, commandArguments, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Installs what a folder's lock file names, unless that was done before. */
export function ensureInstalled(folder = '.') {
  const directory = path.join(root, folder);
  const stamp = path.join(directory, 'node_modules', '.installed-lock.json');
  const wanted = readFileSync(path.join(directory, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  try {
    installPackages(folder);
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

/** Has npm install what a folder's lock file names. */
export function installPackages(folder) {
  const size = SIZES[folder] === undefined ? '' : `, ${SIZES[folder]} MB on the disk`;
  say(`Installing the packages of ${path.join(folder, 'package.json')}${size}; once, and npm says nothing meanwhile …`);
  let failure;
  for (let attempt = 0; attempt < NPM_ATTEMPTS; attempt++) {
    failure = whyNpmFails(path.join(root, folder));
    if (failure === undefined) return;
  }
  throw new Error(
    `npm install failed ${failure}. It needs the network, or everything in npm's cache. Run this again then.`,
  );
}

function whyNpmFails(directory) {
  const { status, error } = spawnSync(isWindows ? 'npm.cmd' : 'npm', NPM_ARGUMENTS, {
    cwd: directory,
    shell: isWindows,
    // What npm says is no result: that may be read as JSON.
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined) return `to start: ${error.message}`;
  return status === 0 ? undefined : `with exit code ${status}`;
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
  const reason = whyToBuild();
  if (reason === undefined) return;
  requireCargo();
  say(`Building the addon, because ${reason}: half a minute, and the crates are fetched first if cargo has none …`);
  run(process.execPath, ['scripts/build.mjs']);
}

/** What is the matter with the addon that is there. */
function whyToBuild() {
  const sources = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src', 'package.json'];
  // Of another platform, there may be one as well: a release has them all.
  const names = listAddonNames(process.platform, process.arch).map((name) => `fast-resolve.${name}.node`);
  const addon = names.find((name) => existsSync(path.join(root, name)));
  if (addon === undefined) return 'there is none';
  if (sources.some((source) => newest(source) > newest(addon))) return 'its sources are newer';
  // One that was cut short ends the process that loads it, by a signal.
  const load = `process.dlopen({ exports: {} }, ${JSON.stringify(path.join(root, addon))})`;
  const { status, signal, stderr } = spawnSync(process.execPath, ['-e', load], { encoding: 'utf8' });
  if (status === 0) return undefined;
  return `the one that is there can't be loaded (${signal ?? stderr.match(/^Error: .*/m)?.[0] ?? status})`;
}

/** Ends the process with one line where the addon has to be built and there is no Rust: before anything is fetched. */
export function requireCargoToBuild() {
  if (whyToBuild() !== undefined) requireCargo();
}

/** Ends the process with one line where there is no Rust. */
export function requireCargo() {
  if (spawnSync('cargo', ['--version']).status === 0) return;
  say('cargo was not found: install Rust (https://rustup.rs), then run this again.');
  process.exit(1);
}

function newest(name) {
  const stats = statSync(path.join(root, name));
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path.join(root, name)).map((child) => newest(path.join(name, child))));
}

/** Everything that a checkout needs to run. */
export function setUp() {
  requireCargoToBuild();
  ensureInstalled();
  ensureBuilt();
}

// `--packages`: where the addon is to be built in another way, or not at all.
if (process.argv[1] === import.meta.filename) process.argv.includes('--packages') ? ensureInstalled() : setUp();
