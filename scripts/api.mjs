// Makes the pages of the API from the declarations, in target/api: `npm run api`. A warning is an error.
import { ensureInstalled, run } from './setup.mjs';

ensureInstalled();
ensureInstalled('tools/house');
run(process.execPath, [
  'tools/house/node_modules/typedoc/bin/typedoc',
  '--options',
  'tools/house/typedoc.json',
  '--logLevel',
  'Warn',
]);
