// The JavaScript suite on every supported Node: `npm run test:nodes`, or `npm run test:nodes -- 22 26` for some of them.
import path from 'node:path';
import { root } from './paths.mjs';
import { ensureBuilt, ensureInstalled, requireCargoToBuild, run } from './setup.mjs';

const SUPPORTED = ['20', '22', '24', '26'];

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error('The other Nodes come from npm packages for Linux x64; elsewhere, run `npm test` with each Node.');
  process.exit(1);
}
requireCargoToBuild();
ensureInstalled();
ensureInstalled('tools/nodes');
ensureBuilt();
const majors = process.argv.length > 2 ? process.argv.slice(2) : SUPPORTED;
for (const major of majors) {
  const node = path.join(root, 'tools/nodes/node_modules', `node${major}`, 'bin/node');
  console.log(`\nNode ${major}`);
  run(node, ['node_modules/ava/entrypoints/cli.mjs'], {
    // Programs that the tests start by name find this Node, too.
    env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` },
  });
}
