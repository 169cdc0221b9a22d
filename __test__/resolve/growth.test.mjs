// Requests that are never repeated must not stay in memory.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../helpers/growth_program.cjs', import.meta.url));

const tree = {
  'package.json': { json: { name: 'self', exports: { './*': './*' }, imports: { '#*': './*', '#dep/*': 'dep/*' } } },
  'node_modules/dep/index.js': '',
  'node_modules/exporting/package.json': { json: { exports: { './*': './*' } } },
};

/** What each request begins with. */
const ORDINARY = ['', './', '../', './dir/', 'dep/', '@s/', '#', '#dep/', 'self/', 'exporting/', 'node:'];

const REFUSED = ['\0', './\0', 'dep/\0', '\ud800', './\ud800', '#\0'];

/** As long as a path may be, in names as long as they may be; whatever is kept of a request weighs more than noise. */
const LONG_PATH = `${`${'x'.repeat(200)}/`.repeat(15)}end`;
const LONG_NAME = 'x'.repeat(5000);
const NOISE = 2000;

test('20,000 requests for what is not there leave nothing behind', async (t) => {
  const growth = await growthOf(t, 'ours', ORDINARY, LONG_PATH);
  t.log(`${growth} bytes per request`);
  t.true(growth < NOISE);
});

test('20,000 requests with NUL or lone surrogates leave no more behind than in Node', async (t) => {
  await checkAgainstNode(t, REFUSED, LONG_PATH);
});

test('20,000 requests with names that are too long leave no more behind than in Node', async (t) => {
  await checkAgainstNode(t, ORDINARY, LONG_NAME);
});

async function checkAgainstNode(t, prefixes, padding) {
  const ours = await growthOf(t, 'ours', prefixes, padding);
  const node = await growthOf(t, 'node', prefixes, padding);
  t.log(`${ours} bytes per request, Node ${node}`);
  t.true(ours < NOISE + node * 1.25);
}

/** By how many bytes the process grows for each of 20,000 requests. */
async function growthOf(t, resolver, prefixes, padding) {
  const root = treeFor(t, tree);
  const question = JSON.stringify({ resolver, prefixes, padding, root });
  const { stdout } = await run(process.execPath, ['--expose-gc', program, question]);
  return Number(stdout);
}
