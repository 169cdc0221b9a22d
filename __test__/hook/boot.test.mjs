// How the preload gets from its file to the hook: the texts in it, and V8's code of them in the snapshot.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

import test from 'ava';

import { hook, newDirectory, repository, run, settledTrees } from '../cache/processes.mjs';
import { copyPackage } from '../helpers/package-copy.mjs';
import { nodeMajor } from '../helpers/run.mjs';
import { removeTree, treeFor, writeTree } from '../helpers/tree.mjs';

const { native } = createRequire(import.meta.url)('../../dist/core.js').parts.addon;

const names = ['a', 'b', 'c'];
const program = {
  // Nothing is looked for above it, where other tests make their directories.
  'package.json': '{}',
  ...Object.fromEntries(names.map((name) => [`${name}.js`, ''])),
  'app.js': `
    for (const name of ${JSON.stringify(names)}) require('./' + name);
    const { hits, misses, hook } = require(process.env.LIBRARY).stats();
    console.log(hook.state, hits.snapshot > 0 || misses > 0, process.moduleLoadList.includes('NativeModule vm'));
    const { currentTurn } = require.cache[process.env.LIBRARY + '/dist/register.js'].exports.parts.turn;
    const turn = currentTurn();
    setImmediate(() => { if (currentTurn() === turn) console.log('the turn goes on'); });
  `,
};

const NAMES = {
  'a blank': 'fast resolve',
  'the end of a line': 'fast\nprocess.exit(1)//resolve',
  'the end of a comment': 'fast*/resolve',
};

let trees;
let copies;

test.before(async () => {
  copies = writeTree({});
  for (const name of Object.values(NAMES)) await copyPackage(path.join(copies, name));
  trees = await settledTrees({ program, asking, early });
});

test.after.always(() => {
  removeTree(copies);
  for (const tree of Object.values(trees)) removeTree(tree);
});

const start = async (t, options, { env, preload = hook } = {}) => {
  const ran = await run([...options, '-r', preload, path.join(trees.program, 'app.js')], { env });
  t.is(ran.exitCode, 0, ran.stderr);
  return ran;
};

/** Two functions at a time, as one text, and its key: what answers early, and the core. */
const textsIn = (file) => {
  const text = fs.readFileSync(file, 'utf8');
  const texts = text.slice(text.indexOf('{/*[') + 3);
  const places = JSON.parse(/PLACES ?= ?(\[\[[\d,[\]]*\]\])/.exec(text)[1]);
  return [
    [0, 2, /openSnapshot\("([0-9a-f]{16})"\)/],
    [3, 3, /readCode\(directory,\s?name,\s?"([0-9a-f]{16})"\)/],
  ].map(([first, last, key]) => ({
    texts: texts.slice(places[first][0] - 1, places[last][1] + 1),
    key: key.exec(text)[1],
  }));
};

test('the first process that finds a snapshot keeps V8’s code, and the next one runs it', async (t) => {
  const env = { FAST_RESOLVE_CACHE: `${newDirectory(t)}` };
  const found = textsIn(hook);
  const nameOfSnapshot = () => fs.readdirSync(env.FAST_RESOLVE_CACHE)[0];
  const codesThere = () => found.map(({ key }) => native.readCode(env.FAST_RESOLVE_CACHE, nameOfSnapshot(), key));
  // To load `node:vm` takes its time, and is needed for nothing but the code.
  t.is((await start(t, [], { env })).stdout, 'answering true false\n');
  t.deepEqual(codesThere(), [null, null]);
  t.is((await start(t, [], { env })).stdout, 'answering true true\n');
  const codes = codesThere();
  for (const [index, { texts }] of found.entries()) {
    const script = new vm.Script(texts, { cachedData: codes[index], filename: 'core.js' });
    t.false(script.cachedDataRejected);
  }
  t.is((await start(t, [], { env })).stdout, 'answering true true\n');
  t.deepEqual(codesThere(), codes);
  // Another text has another key.
  const other = found[0].key.replace(/./, (digit) => (digit === '0' ? '1' : '0'));
  t.is(native.readCode(env.FAST_RESOLVE_CACHE, nameOfSnapshot(), other), null);
});

test('a program that asks for what it asked for before has no core loaded', async (t) => {
  const env = { FAST_RESOLVE_CACHE: `${newDirectory(t)}` };
  const file = path.join(trees.early, 'app.js');
  const ask = async (options = {}) => {
    const { stdout, stderr } = await run(['-r', hook, file], { env: { ...env, ...options } });
    t.is(stderr, '');
    return stdout;
  };
  t.is(await ask(), 'none core\n');
  let said;
  for (let attempt = 0; attempt < 20 && said !== 'none early\n'; attempt++) said = await ask();
  t.is(said, 'none early\n');
  // What it had not asked for before, it asks the addon for; what does not answer either is Node's to complain of.
  for (let attempt = 0; attempt < 20 && said !== 'more early\n'; attempt++) said = await ask({ MORE: './more' });
  t.is(said, 'more early\n');
  t.is(await ask({ MORE: './neither' }), 'MODULE_NOT_FOUND early\n');
});

test('where no text may be evaluated, the hook comes in all the same', async (t) => {
  const env = { FAST_RESOLVE_CACHE: `${newDirectory(t)}` };
  for (let round = 0; round < 3; round++) {
    const { stdout, stderr } = await start(t, ['--disallow-code-generation-from-strings'], { env });
    t.is(stdout, 'answering true true\n');
    t.is(stderr, '');
  }
});

const REPLACED = {
  'eval is gone': ['delete globalThis.eval;', true],
  'eval gives something else': ['globalThis.eval = () => () => {};', true],
  'eval runs what it is given, and tells': [
    'const real = eval; globalThis.eval = (text) => { console.log("heard"); return real(text); };',
    true,
  ],
  'eval is forbidden': ["Object.defineProperty(globalThis, 'eval', { get() { throw new Error('eval'); } });", true],
  'encodeURI throws': ['globalThis.encodeURI = () => { throw new Error("encodeURI"); };', true],
  'promises are frozen': ['Object.freeze(Promise.prototype);', false],
  'promises never call back': ['Promise.prototype.then = () => {};', false],
};

for (const [title, [source, needsVm]] of Object.entries(REPLACED)) {
  test(`an earlier preload: ${title}`, async (t) => {
    const earlier = path.join(treeFor(t, { 'earlier.js': source }), 'earlier.js');
    const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
    for (let round = 0; round < 3; round++) {
      const { stdout, stderr } = await start(t, ['-r', earlier], { env });
      t.is(stdout, `answering true ${needsVm || round > 0}\n`);
      t.is(stderr, '');
    }
  });
}

test('an earlier preload: vm.Script is gone', async (t) => {
  const earlier = path.join(treeFor(t, { 'earlier.js': "delete require('vm').Script;" }), 'earlier.js');
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  for (let round = 0; round < 3; round++) {
    const { stdout, stderr } = await start(t, ['-r', earlier], { env });
    t.is(stdout, 'answering true true\n');
    t.is(stderr, '');
  }
});

test('an earlier preload: process.nextTick throws, and the program is an ES module', async (t) => {
  const source = "process.nextTick = () => { throw new Error('nextTick'); };";
  const earlier = path.join(treeFor(t, { 'earlier.js': source }), 'earlier.js');
  const env = { FAST_RESOLVE_CACHE: newDirectory(t), LIBRARY: repository };
  for (let round = 0; round < 3; round++) {
    const { exitCode } = await run(['-r', earlier, '-r', hook, path.join(trees.asking, 'plain.mjs')], { env });
    t.is(exitCode, 0);
  }
});

test('what the program has in its first ticks changed, its first reactions find', async (t) => {
  const lib = { 'package.json': '{}', 'lib/index.js': "module.exports = 'old';" };
  const source = `
    const fs = require('fs');
    if (process.argv[2] === 'know') console.log(require('./lib'));
    else {
      process.nextTick(() => fs.writeFileSync(__dirname + '/lib.js', "module.exports = 'new';"));
      Promise.resolve().then(() => console.log(require('./lib')));
    }
  `;
  const { changing } = await settledTrees({ changing: { ...lib, 'app.js': source } });
  t.teardown(() => removeTree(changing));
  const env = { FAST_RESOLVE_CACHE: newDirectory(t), LIBRARY: repository };
  const file = path.join(changing, 'app.js');
  for (let round = 0; round < 3; round++) t.is((await run(['-r', hook, file, 'know'], { env })).stdout, 'old\n');
  t.is((await run(['-r', hook, file], { env })).stdout, 'new\n');
});

/** Whether the program asks in the turn in which the preload is loaded, so that what a thread saw meanwhile counts. */
const ASKS = `
  const { currentTurn, turnOfLoading } = require.cache[process.env.LIBRARY + '/dist/register.js'].exports.parts.turn;
  console.log(currentTurn() === turnOfLoading);
`;

/** Whether the core has been loaded, which has a function of this name in the place of Node's. */
const early = {
  'package.json': '{}',
  'a.js': '',
  'b.js': '',
  'more.js': '',
  'app.js': `
    require('./a');
    require('./b');
    require('fs');
    let said = 'none';
    try {
      if (process.env.MORE) {
        require(process.env.MORE);
        said = 'more';
      }
    } catch (error) {
      said = error.code;
    }
    const source = String(require('module')._resolveFilename);
    console.log(said, source.includes('isTraced') ? 'core' : 'early');
  `,
};

const asking = {
  'package.json': '{}',
  'a.js': '',
  'plain.mjs': "import './a.js';",
  'app.js': `require('./a'); ${ASKS}`,
  'app.mjs': `
    import { createRequire } from 'node:module';
    import './a.js';
    const require = createRequire(import.meta.url);
    ${ASKS}
  `,
};

// Node 20 reads ES modules in turns of their own.
for (const name of nodeMajor >= 22 ? ['app.js', 'app.mjs'] : ['app.js']) {
  test(`what was seen while the hook was loaded counts: ${name}`, async (t) => {
    const env = { FAST_RESOLVE_CACHE: newDirectory(t), LIBRARY: repository };
    const file = path.join(trees.asking, name);
    const ask = async () => {
      const { stdout, stderr } = await run(['-r', hook, file], { env });
      t.is(stderr, '');
      return stdout;
    };
    // The first leaves a snapshot.
    t.is(await ask(), 'false\n');
    // No turn is longer than 250 ms: on a busy machine, one start or the other may take longer.
    let said;
    for (let attempt = 0; attempt < 20 && said !== 'true\n'; attempt++) said = await ask();
    t.is(said, 'true\n');
  });
}

test('where a loader has taken the texts away, Node resolves, and that is said once', async (t) => {
  const directory = path.join(treeFor(t, {}), 'fast-resolve');
  await copyPackage(directory);
  const preload = path.join(directory, 'dist/register.js');
  fs.writeFileSync(preload, fs.readFileSync(preload, 'utf8').replace(/\/\*\[\(function.*\*\/\}/s, '}'));
  const { stdout, stderr } = await start(t, [], { preload, env: { LIBRARY: directory } });
  t.is(stdout, 'off false false\n');
  t.is(stderr.match(/FastResolveWarning/g).length, 1);
  t.regex(stderr, /FAST_RESOLVE_FAILED.*a loader has rewritten register\.js/);
});

for (const [title, name] of Object.entries(NAMES)) {
  test(`the package may lie in a directory that has ${title} in its name`, async (t) => {
    const directory = path.join(copies, name);
    const env = { LIBRARY: directory, FAST_RESOLVE_CACHE: `${newDirectory(t)}` };
    for (let round = 0; round < 3; round++) {
      const { stdout, stderr } = await start(t, [], { env, preload: path.join(directory, 'dist/register.js') });
      t.is(stdout, `answering true ${round > 0}\n`);
      t.is(stderr, '');
    }
  });
}

test('frames of the hook have the name of the package’s file', async (t) => {
  const { stderr } = await run(['-r', hook, '-e', 'require("./missing")'], { cwd: trees.program });
  t.true(stderr.includes(`(${path.join(repository, 'dist/core.js')}:`), stderr);
});
