// Builds the addon, its declarations (which the comments in lib/ name) and the bundle: `npm run build`. `lib/resolve/load_addon.js` loads it.
import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

const { status, error } = spawnSync(
  'npx',
  ['napi', 'build', '--platform', '--release', '--no-js', '--dts', 'target/binding.d.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' },
);
if (error) throw error;
process.exitCode = status ?? 1;
await import('./bundle.mjs');
