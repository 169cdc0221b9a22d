// The hook without the addon (`--no-addons` hides it): Node's answers are kept, and given to the next process as long as they are true.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { SETTLED_AFTER } from '../cache/processes.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { ask, runWorld } from './without_addon_model.mjs';

const seed = Number(process.env.FAST_RESOLVE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const register = path.resolve(import.meta.dirname, '../../dist/register.js');
const supported = process.platform === 'win32' ? test.skip : test;

supported('whatever happens to a tree, every answer is that of a stock Node', async (t) => {
  t.log(`FAST_RESOLVE_SEED=${seed}`);
  const runs = await Promise.all([0, 1, 2, 3].map((number) => runWorld({ seed: seed + number, rounds: 2 })));
  t.deepEqual(
    runs.flatMap(({ wrong }) => wrong),
    [],
  );
  t.is(runs.reduce((sum, { answers }) => sum + answers, 0) > 1000, true);
  t.true(runs.some(({ given }) => given > 0));
});

const FILES = {
  'package.json': '{"name": "app"}',
  'app/a.js': '',
  'app/b/index.js': '',
  'app/c.js': '',
  'node_modules/plain/package.json': '{"main": "lib/main"}',
  'node_modules/plain/lib/main.js': '',
  'node_modules/plain/lib/other.js': '',
  'node_modules/exporting/package.json': '{"exports": {".": "./one.js", "./two": "./two.js"}}',
  'node_modules/exporting/one.js': '',
  'node_modules/exporting/two.js': '',
  'node_modules/@scope/part/index.js': '',
  'elsewhere/linked/index.js': '',
  'elsewhere/other/index.js': '',
};
const REQUESTS = [
  ...['./a', './b', './c.js', 'plain', 'plain/lib/other', 'exporting', 'exporting/two', '@scope/part', 'linked'],
  ...['absent', './absent', 'exporting/absent'],
];
/** Of these, Node enters those that it finds without `exports` in `Module._pathCache`. */
const FOUND = 7;

/** A tree whose stamps are old enough, and what is asked in it, after two processes: one has learnt, and one was given. */
async function createScene(t, { before } = {}) {
  const root = treeFor(t, FILES);
  fs.symlinkSync('../elsewhere/linked', `${root}/node_modules/linked`);
  const requests = REQUESTS.map((request) => [request, `${root}/app`]);
  const asked = `${root}/asked.json`;
  fs.writeFileSync(asked, JSON.stringify({ requests, before }));
  await sleep(SETTLED_AFTER);
  const cache = path.join(root, '.cache/');
  const scene = { root, asked, cache, start: { execArgv: [], home: root, nodePath: '' } };
  return scene;
}

async function isStocks(t, scene, given, env) {
  const [stock, ours] = [await ask(scene, false, env), await ask(scene, true, env)];
  t.deepEqual(ours.answers, stock.answers);
  t.is(ours.given - stock.given, given);
  return ours.answers;
}

/** More requests than are too few. */
const ASKING = 'for (const name of "abcdefghijklmnopqrst") try { require(name.repeat(3)); } catch {}';

const snapshotOf = ({ cache }) => path.join(cache, fs.readdirSync(cache)[0]);

supported('what Node has answered is given to the next process, and what it can’t find it looks for', async (t) => {
  const scene = await createScene(t);
  await isStocks(t, scene, 0);
  const time = fs.statSync(snapshotOf(scene)).mtimeMs;
  await isStocks(t, scene, FOUND);
  t.is(fs.statSync(snapshotOf(scene)).mtimeMs, time, 'nothing was learnt, and so nothing is written');
  t.is(fs.statSync(snapshotOf(scene)).mode & 0o777, 0o600);
  t.is(fs.statSync(scene.cache).mode & 0o777, 0o700);
});

const CHANGES = [
  ['a file that takes precedence', (root) => write(`${root}/app/a`)],
  ['a file is gone', (root) => fs.rmSync(`${root}/app/c.js`)],
  ['a file beside a directory', (root) => write(`${root}/app/b.js`)],
  ['another main', (root) => fs.writeFileSync(`${root}/node_modules/plain/package.json`, '{"main": "lib/other"}')],
  [
    'other exports',
    (root) => fs.writeFileSync(`${root}/node_modules/exporting/package.json`, '{"exports": "./two.js"}'),
  ],
  [
    'exports where there were none',
    (root) => write(`${root}/node_modules/@scope/part/package.json`, '{"exports": "./x.js"}'),
  ],
  ['a nearer package', (root) => write(`${root}/app/node_modules/plain/index.js`)],
  ['a nearer package.json', (root) => write(`${root}/app/package.json`, '{"name": "exporting", "exports": "./a.js"}')],
  ['a link to another', (root) => link('../elsewhere/other', `${root}/node_modules/linked`)],
  [
    'a directory in place of a link',
    (root) => {
      fs.rmSync(`${root}/node_modules/linked`);
      write(`${root}/node_modules/linked/index.js`);
    },
  ],
  [
    'the tree is elsewhere, and a link leads there',
    (root) => {
      fs.renameSync(`${root}/node_modules`, `${root}/moved`);
      link('moved', `${root}/node_modules`);
    },
  ],
  ['what was not there comes', (root) => write(`${root}/node_modules/absent/index.js`)],
];

function write(file, text = '') {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

function link(target, place) {
  fs.rmSync(place, { force: true });
  fs.symlinkSync(target, place);
}

for (const [name, change] of CHANGES) {
  supported(`after a change, every answer is Node's: ${name}`, async (t) => {
    const scene = await createScene(t);
    await isStocks(t, scene, 0);
    const time = fs.statSync(`${scene.root}/app`).mtimeMs;
    change(scene.root);
    const [stock, ours] = [await ask(scene, false), await ask(scene, true)];
    t.deepEqual(ours.answers, stock.answers);
    // What is asked in a directory rests on all names in it.
    const isElsewhere = fs.statSync(`${scene.root}/app`).mtimeMs === time;
    t.is(ours.given > stock.given, isElsewhere, 'what has not changed is given');
  });
}

/** What is done to the snapshot, after which nothing in it is used. */
const DAMAGE = [
  ['others may write to it', ({ file }) => fs.chmodSync(file, 0o622)],
  ['others may write to its directory', ({ cache }) => fs.chmodSync(cache, 0o777)],
  [
    'a link',
    ({ file, root }) => {
      fs.renameSync(file, `${root}/moved`);
      fs.symlinkSync(`${root}/moved`, file);
    },
  ],
  [
    'its directory is a link',
    ({ cache, root }) => {
      fs.renameSync(cache, `${root}/moved`);
      fs.symlinkSync('moved', cache.slice(0, -1));
    },
  ],
  [
    'a directory',
    ({ file }) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  ],
  ['nothing in it', ({ file }) => fs.truncateSync(file)],
  ['cut short', ({ file }) => fs.truncateSync(file, 400)],
  ['another answer in it', ({ file }) => edit(file, (text) => text.replace('/c.js', '/a.js'))],
  ['of another version', ({ file }) => edit(file, (text) => text.replace('fast-resolve 0', 'fast-resolve 9'))],
];
if (process.getuid?.() === 0) DAMAGE.push(['of another user', ({ file }) => fs.chownSync(file, 1, 1)]);

function edit(file, change) {
  fs.writeFileSync(file, Buffer.from(change(fs.readFileSync(file, 'latin1')), 'latin1'));
}

for (const [name, damage] of DAMAGE) {
  supported(`a snapshot that can't be trusted is not used: ${name}`, async (t) => {
    const scene = await createScene(t);
    await isStocks(t, scene, 0);
    damage({ ...scene, file: snapshotOf(scene) });
    await isStocks(t, scene, 0);
  });
}

/** What a program is started with, or does before it asks, after which what was kept is not for it. */
const OTHER_WAYS = [
  ['other conditions', { start: { execArgv: ['-C', 'special'] } }],
  ['NODE_PATH', { env: { NODE_PATH: '/elsewhere' } }],
  ['NODE_OPTIONS', { env: { NODE_OPTIONS: '--preserve-symlinks' } }],
  ['other extensions', { before: "delete require.extensions['.js']" }],
  [
    'a hook in _findPath',
    { before: "const m = require('module'); const f = m._findPath; m._findPath = (...all) => f(...all)" },
  ],
  [
    'a stub of realpathSync',
    { before: "const fs = require('fs'); const f = fs.realpathSync; fs.realpathSync = (...all) => f(...all)" },
  ],
];

for (const [name, { start, env, before }] of OTHER_WAYS) {
  supported(`what was kept is not for a program with ${name}`, async (t) => {
    const scene = await createScene(t);
    await isStocks(t, scene, 0);
    if (before !== undefined)
      fs.writeFileSync(scene.asked, JSON.stringify({ ...JSON.parse(fs.readFileSync(scene.asked)), before }));
    await isStocks(t, { ...scene, start: { ...scene.start, ...start } }, 0, env);
  });
}

/** Programs that end, or look at what is there, and what they print and return: as with an empty preload. */
const PROGRAMS = [
  [
    'listeners of exit',
    "console.log(process.listenerCount('exit'), Object.keys(process).includes('emit')); for (let i = 0; i < 10; i++) process.on('exit', () => {})",
  ],
  ['process.exit', 'process.exit(3)'],
  ['an exception', "throw new Error('on purpose')"],
  ['process.exit within a module', "require('./exits')"],
  [
    'an exit that is only said',
    "process.emit('exit', 0); console.log(require('module')._stat.name, process.emitWarning.name)",
  ],
  [
    'a worker thread',
    "const { Worker } = require('worker_threads'); new Worker('require(\"plain\")', { eval: true }).on('exit', (code) => console.log(code))",
  ],
  ['process.reallyExit', 'process.reallyExit(4)'],
  [
    'no Buffer, no Map',
    "for (let i = 0; i < 40; i++) { try { require('./m' + i) } catch {} } globalThis.Buffer = globalThis.Map = undefined",
  ],
  [
    'setters in Array.prototype',
    "Object.defineProperty(Array.prototype, 0, { set() { throw new Error('a setter was called') } }); console.log('x')",
  ],
];

for (const [name, text] of PROGRAMS) {
  supported(`a program sees nothing of it: ${name}`, (t) => {
    const root = treeFor(t, {
      'app.js': `${ASKING}\n${text}`,
      'exits.js': 'process.exit(5)',
      'node_modules/plain/index.js': '',
      'empty.js': '',
    });
    const run = (preload, cache) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-addons', '-r', preload, 'app.js'], {
        cwd: root,
        encoding: 'utf8',
        env: { FAST_RESOLVE_CACHE: cache, FAST_RESOLVE_WAIT: '0', HOME: root },
      });
      return { status, stdout, stderr };
    };
    const expected = run('./empty.js', '0');
    const cache = path.join(root, '.cache/');
    for (const _ of [1, 2]) t.deepEqual(run(register, cache), expected);
  });
}

supported('nothing is kept where nothing may be, where others were there first, and of few requests', async (t) => {
  const scene = await createScene(t);
  await isStocks(t, scene, 0, { FAST_RESOLVE_CACHE: '0' });
  await isStocks(t, { ...scene, start: { ...scene.start, execArgv: ['-r', `${scene.root}/app/a.js`] } }, 0);
  fs.writeFileSync(scene.asked, JSON.stringify({ requests: [['./a', `${scene.root}/app`]] }));
  await isStocks(t, scene, 0);
  t.false(fs.existsSync(scene.cache));
});

supported('snapshots that nobody has used for a month go when one is written', async (t) => {
  const scene = await createScene(t);
  fs.mkdirSync(scene.cache, { mode: 0o700 });
  const ages = {
    'old.fast-resolve.snapshot': 31,
    'new.fast-resolve.snapshot': 29,
    'old.txt': 31,
    'old.fast-resolve.snapshot.1.2.tmp': 1,
  };
  for (const [name, days] of Object.entries(ages)) {
    const file = path.join(scene.cache, name);
    fs.writeFileSync(file, '');
    fs.utimesSync(file, Date.now() / 1000 - days * 86_400, Date.now() / 1000 - days * 86_400);
  }
  await isStocks(t, scene, 0);
  const names = fs.readdirSync(scene.cache).filter((name) => Object.hasOwn(ages, name));
  t.deepEqual(names.toSorted(), ['new.fast-resolve.snapshot', 'old.txt']);
});
