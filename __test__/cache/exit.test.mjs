// How a program ends is none of the snapshot's business.

import fs from 'node:fs';
import test from 'ava';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { hook, namesIn, newDirectory, run, settledTrees } from './processes.mjs';

/** [title, the program, its exit code, whether it lives to write a snapshot] */
const PROGRAMS = [
  ['runs to its end', '', 0, true],
  ['sets an exit code', 'process.exitCode = 3;', 3, true],
  ['leaves with an exit code', 'process.exit(4);', 4, true],
  ['leaves later', 'setImmediate(() => process.exit(5));', 5, true],
  ['throws', "throw new Error('thrown');", 1, true],
  ['rejects', "Promise.reject(new Error('rejected'));", 1, true],
  ['changes its mind at exit', "process.on('exit', () => { process.exitCode = 6; });", 6, true],
  ['leaves at exit', "process.on('exit', () => process.exit(7));", 7, true],
  ['leaves within beforeExit', "process.on('beforeExit', () => process.exit(8));", 8, true],
  ['throws at exit', "process.on('exit', () => { throw new Error('thrown'); });", 1, true],
  [
    'answers a signal',
    "process.on('SIGTERM', () => process.exit(9)); process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 9999);",
    9,
    true,
  ],
  ['dies of a signal', "process.kill(process.pid, 'SIGKILL');", 'SIGKILL', false],
  ['aborts', 'process.abort();', 'SIGABRT', false],
  ['leaves by way of reallyExit', 'process.reallyExit(10);', 10, true],
  ['removes all who listen', "process.removeAllListeners('exit');", 0, true],
  ['changes directory', "process.chdir('/');", 0, true],
  ['asks once more at exit', "process.on('exit', () => require('./other.js'));", 0, true],
];

/** Every answer rests on the package.json of the module that asks; without one, on all directories above. */
const SCOPE = { 'package.json': '{}' };

let roots = {};

test.before(async () => {
  const trees = PROGRAMS.map(([title, program]) => [
    title,
    { ...SCOPE, 'dep.js': "console.log('loaded');", 'other.js': '', 'app.js': `require('./dep.js');\n${program}` },
  ]);
  roots = await settledTrees({ ...Object.fromEntries(trees), stays: { ...SCOPE, 'dep.js': '' } });
});

test.after.always(() => {
  for (const root of Object.values(roots)) removeTree(root);
});

for (const [title, , exitCode, isWritten] of PROGRAMS) {
  test(`a program that ${title}`, async (t) => {
    const root = roots[title];
    const directory = newDirectory(t);
    const stock = await run([`${root}/app.js`], { cwd: root });
    t.is(stock.exitCode, exitCode);
    for (const _ of ['without a snapshot', 'with one']) {
      const hooked = await run(['-r', hook, `${root}/app.js`], { cwd: root, env: { FAST_RESOLVE_CACHE: directory } });
      t.deepEqual([hooked.exitCode, hooked.stdout], [stock.exitCode, stock.stdout]);
      t.is(namesIn(directory).length, isWritten ? 1 : 0);
    }
  });
}

test('a place that can not be written to is not spoken of', async (t) => {
  const root = treeFor(t, { 'dep.js': '', 'app.js': "require('./dep.js');" });
  const env = { FAST_RESOLVE_CACHE: `${root}/app.js/below` };
  t.deepEqual(await run(['-r', hook, `${root}/app.js`], { env }), { exitCode: 0, stdout: '', stderr: '' });
  t.deepEqual(fs.readdirSync(root).sort(), ['app.js', 'dep.js']);
});

test('nobody listens to the exit of a program but itself', async (t) => {
  const root = treeFor(t, { 'dep.js': '' });
  const program = `
    const { stats } = require(process.env.LIBRARY);
    require('./dep.js');
    for (let count = 0; count < 10; count++) process.on('exit', () => {});
    process.on('exit', () => console.log(process.listenerCount('exit'), stats().misses > 0));
  `;
  const ran = await run(['-r', hook, '-e', program], { cwd: root, env: { FAST_RESOLVE_CACHE: newDirectory(t) } });
  t.is(ran.stdout, '11 true\n');
  t.notRegex(ran.stderr, /fast-resolve|exit listeners added.*12/);
});

test('the directory that a program was started in may be gone', async (t) => {
  const root = roots.stays;
  const gone = `${treeFor(t, { 'gone/': null })}/gone`;
  const directory = newDirectory(t);
  const program = `
    const fs = require('fs');
    fs.rmdirSync(process.cwd());
    console.log(require(process.env.LIBRARY).resolve('./dep', ${JSON.stringify(root)}));
  `;
  const ran = await run(['-e', program], { cwd: gone, env: { FAST_RESOLVE_CACHE: directory } });
  t.deepEqual(ran, { exitCode: 0, stdout: `${root}/dep.js\n`, stderr: '' });
  t.is(namesIn(directory).length, 1);
});
