// The hook without the addon, and programs, packages and links that make it hard to tell what an answer of Node rests on: the next process is
// answered as a stock one.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { SETTLED_AFTER } from '../cache/processes.mjs';
import { treeFor } from '../helpers/tree.mjs';

const register = path.resolve(import.meta.dirname, '../../dist/register.js');
const empty = path.resolve(import.meta.dirname, '../../bench/lib/children/empty.cjs');
const supported = process.platform === 'win32' ? test.skip : test;
/** Fewer requests are not worth a snapshot. */
const PADDING = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`padding/${index}.js`, '']));
const BEGIN = `
  for (let index = 0; index < 12; index++) require(__dirname + '/padding/' + index);
  const fs = require('fs');
  const isLearning = process.argv[2] === 'learning';
  const show = (request) => {
    try { console.log(require.resolve(request).replace(__dirname, '')); } catch (error) { console.log(error.code); }
  };
  process.on('warning', ({ code }) => console.log(code));
`;
const write = (file, text = '') => fs.writeFileSync(file, text);

/** A package whose answer depends on a condition. */
const CONDITIONAL = {
  'node_modules/x/package.json': '{"exports": {"special": "./b.js", "default": "./a.js"}}',
  'node_modules/x/a.js': '',
  'node_modules/x/b.js': '',
};

/** `app`: what the program does. `change`: what is done to the tree before the next process. `learner`, `start`: how they are started. */
const CASES = {
  'a package.json that is deleted while it learns': {
    files: {
      'node_modules/x/package.json': '{"main": "lib/main.js"}',
      'node_modules/x/lib/main.js': '',
      'node_modules/x/index.js': '',
    },
    app: `show('x'); if (isLearning) fs.unlinkSync(__dirname + '/node_modules/x/package.json');`,
  },
  'a package that is exchanged while it learns': {
    files: {
      'node_modules/x/package.json': '{"main": "a.js"}',
      'node_modules/x/a.js': '',
      'node_modules/x/b.js': '',
      'new/package.json': '{"main": "b.js"}',
      'new/a.js': '',
      'new/b.js': '',
    },
    app: `
      show('x');
      if (isLearning) {
        fs.renameSync(__dirname + '/node_modules/x', __dirname + '/old');
        fs.renameSync(__dirname + '/new', __dirname + '/node_modules/x');
      }`,
  },
  'a node_modules that is exchanged while it learns': {
    files: {
      'node_modules/x/package.json': '{"exports": "./a.js"}',
      'node_modules/x/a.js': '',
      'node_modules/x/b.js': '',
      'new/x/package.json': '{"exports": "./b.js"}',
      'new/x/a.js': '',
      'new/x/b.js': '',
    },
    app: `
      show('x');
      if (isLearning) {
        fs.renameSync(__dirname + '/node_modules', __dirname + '/old');
        fs.renameSync(__dirname + '/new', __dirname + '/node_modules');
      }`,
  },
  'NODE_OPTIONS that the program sets': {
    files: CONDITIONAL,
    app: `show('x'); process.env.NODE_OPTIONS = '-C special';`,
    start: { env: { NODE_OPTIONS: '-C special' } },
  },
  'NODE_OPTIONS that the program sets before it asks': {
    files: CONDITIONAL,
    app: `if (!isLearning) process.env.NODE_OPTIONS = '-C special'; show('x');`,
    learner: { env: { NODE_OPTIONS: '-C special' } },
  },
  'a NODE_PATH that is not absolute': {
    files: { 'a/lib/dep.js': '', 'b/lib/dep.js': '' },
    app: `process.chdir(__dirname + (isLearning ? '/b' : '/a')); show('dep');`,
    learner: { env: { NODE_PATH: 'lib' } },
    start: { env: { NODE_PATH: 'lib' } },
  },
  'a package whose name is a dot': {
    files: { 'q.js': '', 'q1.js': '', 'package.json': '{"name": "z", "exports": {"./q": "./q1.js"}}' },
    app: `show('./q');`,
    change: (root) => write(`${root}/package.json`, '{"name": ".", "exports": {"./q": "./q1.js"}}'),
  },
  'a directory that is called package.json': {
    files: {
      'sub/package.json/x': '',
      'sub/ask.js': `console.log(require.resolve('self').slice(__dirname.length - 4));`,
      'package.json': '{"name": "self", "exports": "./a.js"}',
      'a.js': '',
      'b.js': '',
    },
    app: `require('./sub/ask.js');`,
    change: (root) => write(`${root}/package.json`, '{"name": "self", "exports": "./b.js"}'),
  },
  'a link that goes up from a link': {
    files: {
      'else/deep/x': '',
      'else/real/package.json': '{"main": "./a.js"}',
      'else/real/a.js': '',
      'else/real/b.js': '',
      'node_modules/link': { link: '../else/deep' },
      'node_modules/real/package.json': '{"main": "./a.js"}',
      'node_modules/real/a.js': '',
      'node_modules/p': { link: 'link/../real' },
    },
    app: `show('p');`,
    change: (root) => write(`${root}/else/real/package.json`, '{"main": "./b.js"}'),
  },
  'a link to a file with a slash at its end': {
    files: { 'real.js': '', 'l.js': { link: 'real.js/' } },
    app: `show('./l.js');`,
  },
  'more links than the system follows': {
    files: { 'd/a.js': '', 'd/l': { link: '.' } },
    app: `show('./d/' + 'l/'.repeat(45) + 'a'); show('./d/' + 'l/'.repeat(5) + 'a');`,
  },
  'a file that becomes a link': {
    files: { 's/a.js': '', 's/b.js': '' },
    app: `if (isLearning) fs.writeFileSync(__dirname + '/s/young', ''); show('./s/a');`,
    change: (root) => {
      fs.rmSync(`${root}/s/a.js`);
      fs.symlinkSync('b.js', `${root}/s/a.js`);
    },
  },
  'a main that is missing, of which Node warns': {
    files: { 'node_modules/x/package.json': '{"main": "missing.js"}', 'node_modules/x/index.js': '' },
    app: `show('x');`,
  },
  'a target with two slashes, of which Node warns': {
    files: { 'node_modules/x/package.json': '{"exports": {"./a/*": "./lib//*.js"}}', 'node_modules/x/lib/b.js': '' },
    app: `show('x/a/b');`,
  },
  'a file that was loaded and is gone, in a later turn': {
    files: { 's/a.js': '' },
    app: `
      require('./s/a');
      if (!isLearning) {
        fs.unlinkSync(__dirname + '/s/a.js');
        setTimeout(() => { show('./s/a'); fs.writeFileSync(__dirname + '/s/a.js', ''); }, 1);
      }`,
  },
  'a program that goes on without the early hook': {
    files: {},
    app: `
      require.resolve('./padding/1.js', { paths: [__dirname] });
      for (let index = 0; index < 12; index++) show('./padding/' + index);
      if (!isLearning) fs.writeFileSync(__dirname + '/before', String(fs.statSync(snapshot()).mtimeMs));
      function snapshot() { return __dirname + '/.cache/' + fs.readdirSync(__dirname + '/.cache')[0]; }`,
    after: (t, root) => {
      const [name] = fs.readdirSync(`${root}/.cache`);
      t.is(String(fs.statSync(`${root}/.cache/${name}`).mtimeMs), fs.readFileSync(`${root}/before`, 'utf8'));
    },
  },
  'EventEmitter.prototype.emit that the program wraps': {
    files: {},
    app: `
      const { prototype } = require('events');
      const { emit } = prototype;
      prototype.emit = function (...all) {
        if (this === process) console.log('emit', all[0]);
        return emit.apply(this, all);
      };
      process.emit('something');`,
  },
  'a program that goes elsewhere, and has another home': {
    files: { 'b/x': '' },
    app: `process.chdir(__dirname + '/b'); process.env.HOME = __dirname + '/b'; show('./padding/1.js');`,
    start: { env: { FAST_RESOLVE_CACHE: './.cache/' } },
    learner: { env: { FAST_RESOLVE_CACHE: './.cache/' } },
    after: (t, root) => t.deepEqual(fs.readdirSync(`${root}/b`), ['x']),
  },
};

function run(root, preload, { env } = {}, args = []) {
  const { status, stdout } = spawnSync(process.execPath, ['--no-addons', '-r', preload, 'app.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { HOME: `${root}/home`, FAST_RESOLVE_CACHE: `${root}/.cache/`, FAST_RESOLVE_WAIT: '0', ...env },
  });
  return { status, stdout };
}

for (const [name, { files, app, change = () => {}, learner, start, after = () => {} }] of Object.entries(CASES)) {
  supported(name, async (t) => {
    const root = treeFor(t, { ...PADDING, ...files, 'app.js': BEGIN + app });
    fs.mkdirSync(`${root}/.cache`, { mode: 0o700 });
    await sleep(SETTLED_AFTER);
    run(root, register, learner, ['learning']);
    t.is(fs.readdirSync(`${root}/.cache`).length, name.includes('not absolute') ? 0 : 1);
    change(root);
    const [stock, ours] = [run(root, empty, start), run(root, register, start)];
    t.deepEqual(ours, stock);
    t.is(stock.status, 0);
    after(t, root);
  });
}

/** What a program does before the hook comes in, after 32 requests: it hears nothing of it. */
const DAMAGE = [
  ['no Buffer', 'globalThis.Buffer = undefined;'],
  ['a frozen process', 'Object.freeze(process);'],
  ['no Object', 'globalThis.Object = undefined;'],
  [
    'no encodeURIComponent, and a stub of split',
    'globalThis.encodeURIComponent = String.prototype.split = () => { throw new Error(); };',
  ],
  ['defineProperty that throws', "Object.defineProperty = () => { throw new Error('no'); };"],
];

for (const [name, text] of DAMAGE) {
  supported(`nothing is said where the hook comes in late, and there is ${name}`, (t) => {
    const many = Array.from({ length: 50 }, (_, index) => `m${index}`);
    const root = treeFor(t, {
      ...Object.fromEntries(many.map((file) => [`${file}.js`, ''])),
      'app.js': `${text} ${many.map((file) => `require('./${file}');`).join(' ')} console.log('done');`,
    });
    const start = (preload) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-addons', '-r', preload, 'app.js'], {
        cwd: root,
        encoding: 'utf8',
        env: { HOME: root, FAST_RESOLVE_CACHE: `${root}/.cache/` },
      });
      return { status, stdout, stderr };
    };
    const expected = start(empty);
    for (const _ of [1, 2]) t.deepEqual(start(register), expected);
  });
}
