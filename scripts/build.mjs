// Builds the addon, its declarations (which the comments in lib/ name) and the bundle: `npm run build`. `lib/resolve/load_addon.js` loads it.
import { ensureInstalled, requireCargo, run } from './setup.mjs';

requireCargo();
ensureInstalled();
// `--no`: what is not there would be fetched from the registry, by a name that may be anybody's.
const napi = ['--no', 'napi', 'build', '--platform', '--release', '--no-js', '--dts', 'target/binding.d.ts'];
run('npx', [...napi, ...process.argv.slice(2)], { shell: process.platform === 'win32' });
await import('./bundle.mjs');
