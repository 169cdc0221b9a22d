// Everything that has to hold, with this Node: `npm test`. Arguments go to ava.
import { ensureBuilt, ensureInstalled, requireCargo, run } from './setup.mjs';

requireCargo();
ensureInstalled();
ensureBuilt();
const avaArguments = process.argv.slice(2);
if (avaArguments.length === 0) run('cargo', ['test', '--quiet', '--no-default-features']);
run(process.execPath, ['node_modules/ava/entrypoints/cli.mjs', ...avaArguments]);
