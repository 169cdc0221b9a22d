// Files that are large, unreadable, or no files at all.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { checkRow, failsWith, found, nodeMajor } from '../helpers/cases.mjs';
import { checkInChild } from '../helpers/child_answers.mjs';
import { treeFor } from '../helpers/tree.mjs';

const run = promisify(execFile);
const library = fileURLToPath(new URL('../../index.js', import.meta.url));
// Windows has neither these permissions nor FIFOs in the file system.
const testOnPosix = process.platform === 'win32' ? test.skip : test;
const FIFTY_MEGABYTES = 50 * 1024 * 1024;

test('a package.json of 50 MB', (t) => {
  const padding = 'x'.repeat(FIFTY_MEGABYTES);
  const root = treeFor(t, {
    'node_modules/large/package.json': `{"padding":"${padding}","main":"main.js"}`,
    'node_modules/large/main.js': '',
  });
  checkRow(t, root, 'large', '', found('node_modules/large/main.js'));
  checkRow(t, root, './main', 'node_modules/large', found('node_modules/large/main.js'));
});

test('a package.json of 50 MB that breaks off at its end', (t) => {
  const root = treeFor(t, {
    'node_modules/large/package.json': `{"main":"main.js","padding":[${'1,'.repeat(FIFTY_MEGABYTES / 2)}`,
    'node_modules/large/main.js': '',
  });
  checkRow(t, root, 'large', '', failsWith(nodeMajor >= 22 ? 'ERR_INVALID_PACKAGE_CONFIG' : undefined));
});

test('an exports map with 100,000 patterns', (t) => {
  const exports = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`./p${index}/*`, `./lib/*.js`]));
  const root = treeFor(t, {
    'node_modules/many/package.json': { json: { exports } },
    'node_modules/many/lib/a.js': '',
  });
  checkRow(t, root, 'many/p99999/a', '', found('node_modules/many/lib/a.js'));
  checkRow(t, root, 'many/nope/a', '', failsWith('ERR_PACKAGE_PATH_NOT_EXPORTED'));
});

const unreadable = {
  'locked/file.js': '',
  'locked/index.js': '',
  'locked/': { mode: 0o000 },
  'listable/file.js': '',
  'listable/': { mode: 0o444 },
  'passable/file.js': '',
  'passable/index.js': '',
  'passable/': { mode: 0o111 },
  'file.js': { text: '', mode: 0o000 },
  'node_modules/locked/index.js': '',
  'node_modules/locked/': { mode: 0o000 },
  'node_modules/locked-json/package.json': { text: '{"main":"nope"}', mode: 0o000 },
  'node_modules/locked-json/index.js': '',
  'app/node_modules/both/index.js': '',
  'app/node_modules/': { mode: 0o000 },
  'node_modules/both/index.js': '',
  'link.js': { link: 'locked/file.js' },
  'passable-link.js': { link: 'passable/file.js' },
};

testOnPosix('directories and files that may not be read', async (t) => {
  const root = treeFor(t, unreadable);
  // The directory of the tree is its maker's alone, and the child is somebody else where the tests run as root.
  fs.chmodSync(root, 0o755);
  const requests = [
    './locked/file',
    './locked',
    './locked/',
    './listable/file',
    './listable',
    './passable/file',
    './passable',
    './file',
    './file.js',
    'locked',
    'locked/index',
    'locked-json',
    'locked-json/index',
    './link',
    './passable-link',
  ];
  const answers = await checkInChild(
    t,
    [
      ...requests.map((request) => [request, root]),
      ['both', `${root}/app`],
      ['./file', `${root}/locked`],
      ['./index', `${root}/node_modules/locked-json`],
      ['#a', `${root}/node_modules/locked-json`],
    ],
    { unprivileged: true },
  );
  const pathOf = (request) => answers[requests.indexOf(request)].path?.slice(root.length + 1);
  t.is(pathOf('./locked/file'), undefined);
  t.is(pathOf('./passable/file'), 'passable/file.js');
  t.is(pathOf('./file'), 'file.js');
  t.is(pathOf('./link'), undefined);
  // Node 24 and later refuse to go past a package.json that they can't read.
  if (nodeMajor < 24) t.is(answers[requests.length].path, `${root}/node_modules/both/index.js`);
});

testOnPosix('a FIFO for a package.json is taken for absent, where Node would wait for a writer', async (t) => {
  const root = treeFor(t, {
    'node_modules/pkg/index.js': '',
    'node_modules/pkg/lib/a.js': '',
    'app/a.js': '',
    'app/b/index.js': '',
  });
  for (const directory of ['node_modules/pkg', 'app', 'app/b'])
    await run('mkfifo', [`${root}/${directory}/package.json`]);
  const questions = [
    ['pkg', root, `${root}/node_modules/pkg/index.js`],
    ['pkg/lib/a', root, `${root}/node_modules/pkg/lib/a.js`],
    ['./a', `${root}/app`, `${root}/app/a.js`],
    ['./b', `${root}/app`, `${root}/app/b/index.js`],
    ['pkg', `${root}/app/b`, `${root}/node_modules/pkg/index.js`],
  ];
  // What is not found, resolve() has Node look for.
  const missing = [
    ['./nope', `${root}/app`, 'MODULE_NOT_FOUND'],
    ['#a', `${root}/app`, 'MODULE_NOT_FOUND'],
    ['pkg/nope', root, 'MODULE_NOT_FOUND'],
  ];
  const expected = (asked) => asked.map(([, , answer]) => answer);
  t.deepEqual(await ourAnswersInTime('resolve', questions), expected(questions));
  const withOptions = "createResolver({ mainFields: ['main', 'other'] }).resolve";
  const all = [...questions, ...missing];
  t.deepEqual(await ourAnswersInTime(withOptions, all), expected(all));
});

testOnPosix('a FIFO is a file as good as any where a file is asked for', async (t) => {
  const root = treeFor(t, {});
  await run('mkfifo', [`${root}/fifo.js`]);
  checkRow(t, root, './fifo', '', found('fifo.js'));
  checkRow(t, root, './fifo.js', '', found('fifo.js'));
  checkRow(t, root, './fifo.js/', '', failsWith('MODULE_NOT_FOUND'));
});

/** Our answers (a path or the error's code) in a child that is killed when it hangs. */
async function ourAnswersInTime(resolver, questions) {
  const script = `
    const resolve = require(process.argv[1]).${resolver};
    const answer = ([request, fromDir]) => { try { return resolve(request, fromDir); } catch (error) { return error.code; } };
    console.log(JSON.stringify(JSON.parse(process.argv[2]).map(answer)));
  `;
  const { stdout } = await run(process.execPath, ['-e', script, library, JSON.stringify(questions)], {
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}
