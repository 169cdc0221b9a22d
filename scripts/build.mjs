// Builds the addon, its generated loader and the bundle: `npm run build`.
import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

const { status, error } = spawnSync(
  'npx',
  ['napi', 'build', '--platform', '--release', '--js', 'binding.js', '--dts', 'binding.d.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' },
);
if (error) throw error;
process.exitCode = status ?? 1;
await import('./bundle.mjs');
