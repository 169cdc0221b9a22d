// `believe`: what is given without a look at the disk. Of 'turn', `resolve/changes.test.mjs` tells.

import fs from 'node:fs';
import test from 'ava';
import { LONGEST_TURN, laterTurn, letPass, library } from '../helpers/clock.mjs';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { hook, namesIn, newDirectory, run, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

const { clearCache, createResolver, install, invalidate, stats } = library;

const KINDS = [
  ["the running Node's options", {}],
  ['options of its own', { conditions: ['require', 'custom'] }],
];

/** A package that a link leads to. */
const LINKED = {
  'packages/dep/package.json': '{"main":"one"}',
  'packages/dep/one.js': '',
  'packages/dep/two.js': '',
  'node_modules/dep': { link: '../packages/dep' },
};

let settled;

test.before(async () => {
  ({ settled } = await settledTrees({ settled: PROJECT }));
});

test.after.always(() => removeTree(settled));

const askIn = (root, resolve) => requestsIn(root).map(([request, directory]) => resolve(request, directory));

/** How many system calls something takes. */
function callsOf(action) {
  const before = stats().systemCalls;
  action();
  return stats().systemCalls - before;
}

for (const [title, options] of KINDS) {
  for (const nothing of [{ fresh: true }, { believe: 'nothing' }, { fresh: true, believe: 'nothing' }]) {
    test.serial(`a resolver with ${title} and ${JSON.stringify(nothing)} sees every change`, (t) => {
      const root = treeFor(t, PROJECT);
      const { resolve } = createResolver({ ...options, ...nothing });
      const { entries } = stats();
      t.deepEqual([askIn(root, resolve), askIn(root, resolve)], [answersIn(root), answersIn(root)]);
      t.is(stats().entries, entries, 'no answer is remembered');
      fs.writeFileSync(`${root}/lib/data.js`, '');
      t.is(resolve('./data', `${root}/lib`), `${root}/lib/data.js`);
      fs.unlinkSync(`${root}/lib/data.js`);
      t.is(resolve('./data', `${root}/lib`), `${root}/lib/data.json`);
      fs.writeFileSync(`${root}/node_modules/plain/package.json`, '{"main":"lib/other"}');
      fs.writeFileSync(`${root}/node_modules/plain/lib/other.js`, '');
      t.is(resolve('plain', root), `${root}/node_modules/plain/lib/other.js`);
      fs.unlinkSync(`${root}/lib/data.json`);
      t.throws(() => resolve('./data', `${root}/lib`), { code: 'MODULE_NOT_FOUND' });
    });
  }

  test.serial(`a resolver with ${title} and believe: 'turn' looks at each path once in a turn`, async (t) => {
    const { resolve } = createResolver({ ...options, believe: 'turn' });
    const ask = () => askIn(settled, resolve);
    await laterTurn();
    t.deepEqual(ask(), answersIn(settled));
    t.is(callsOf(ask), 0, 'in the same turn nothing is looked at');
    await laterTurn();
    const proofs = callsOf(ask);
    t.true(proofs > 0);
    // The directories and package.json files of the tree and of those above it.
    const above = settled.split('/').length;
    t.true(proofs <= fs.readdirSync(settled, { recursive: true }).length + above, `${proofs}`);
    t.is(callsOf(ask), 0);
    letPass(LONGEST_TURN - 1);
    t.is(callsOf(ask), 0);
    letPass(1);
    t.is(callsOf(ask), proofs, 'after 250 ms everything is proved again');
  });

  test.serial(`a resolver with ${title} and believe: 'until-invalidated' looks at nothing twice`, async (t) => {
    const root = treeFor(t, PROJECT);
    const { resolve } = createResolver({ ...options, believe: 'until-invalidated' });
    const ask = () => t.deepEqual(askIn(root, resolve), answersIn(root));
    ask();
    fs.writeFileSync(`${root}/lib/data.js`, '');
    for (const wait of [() => {}, laterTurn, () => letPass(LONGEST_TURN)]) {
      await wait();
      t.is(callsOf(ask), 0);
    }
    // What it has not been asked rests on what it knows.
    t.is(
      callsOf(() => t.is(resolve('./inner.js', `${root}/lib`), `${root}/lib/inner.js`)),
      0,
    );
    invalidate(`${root}/lib/data.js`);
    t.is(resolve('./data', `${root}/lib`), `${root}/lib/data.js`);
  });

  test.serial(`a resolver with ${title} and believe: 'until-invalidated' finds what was absent`, async (t) => {
    const root = treeFor(t, PROJECT);
    const { resolve } = createResolver({ ...options, believe: 'until-invalidated' });
    const late = () => resolve('./late', `${root}/lib`);
    t.throws(late, { code: 'MODULE_NOT_FOUND' });
    fs.writeFileSync(`${root}/lib/late.js`, '');
    invalidate(`${root}/lib/late.js`);
    t.is(late(), `${root}/lib/late.js`);
  });

  test.serial(`a resolver with ${title} and believe: 'until-invalidated' hears of a package by its real path`, (t) => {
    const root = treeFor(t, LINKED);
    const { resolve } = createResolver({ ...options, believe: 'until-invalidated' });
    const steps = [
      ['{"main":"two"}', `${root}/packages/dep/package.json`, 'two.js'],
      ['{"main":"one"}', `${root}/packages`, 'one.js'],
      ['{"main":"two"}', `${root}/node_modules/dep`, 'two.js'],
      ['{"main":"one"}', root, 'one.js'],
    ];
    t.is(resolve('dep', root), `${root}/packages/dep/one.js`);
    for (const [text, path, main] of steps) {
      const before = resolve('dep', root);
      fs.writeFileSync(`${root}/packages/dep/package.json`, text);
      t.is(resolve('dep', root), before);
      invalidate(path);
      t.is(resolve('dep', root), `${root}/packages/dep/${main}`, path);
    }
  });

  test.serial(
    `a resolver with ${title} and believe: 'until-invalidated' hears of a file by a path below a link`,
    (t) => {
      const root = treeFor(t, LINKED);
      const { resolve } = createResolver({ ...options, believe: 'until-invalidated' });
      t.is(resolve('dep', root), `${root}/packages/dep/one.js`);
      fs.writeFileSync(`${root}/packages/dep/package.json`, '{"main":"two"}');
      invalidate(`${root}/node_modules/dep/package.json`);
      t.is(resolve('dep', root), `${root}/packages/dep/two.js`);
    },
  );

  test.serial(`a resolver with ${title} and believe: 'until-invalidated' forgets all with clearCache()`, (t) => {
    const root = treeFor(t, PROJECT);
    const { resolve } = createResolver({ ...options, believe: 'until-invalidated' });
    askIn(root, resolve);
    fs.writeFileSync(`${root}/lib/data.js`, '');
    t.is(resolve('./data', `${root}/lib`), `${root}/lib/data.json`);
    clearCache();
    t.is(resolve('./data', `${root}/lib`), `${root}/lib/data.js`);
  });
}

/** Each step is a turn of its own, but for the first two. */
const PROGRAM = `
  const fs = require('fs');
  const library = require(process.env.LIBRARY);
  library.install(JSON.parse(process.env.OPTIONS));
  const find = () => require.resolve('./a').slice(__dirname.length);
  const laterTurn = () => new Promise((resolve) => setImmediate(resolve));
  (async () => {
    require('module').createRequire(process.env.SETTLED + '/lib/any.js').resolve('./inner');
    const answers = [find()];
    fs.writeFileSync(__dirname + '/a.js', '');
    answers.push(find());
    await laterTurn();
    answers.push(find());
    library.invalidate(__dirname + '/a.js');
    answers.push(find());
    console.log(answers.join());
  })();
`;

const CLOCK = 'const { now } = Date; const start = now(); Date.now = () => start;';

for (const [title, options, answers, files] of [
  ['without options', {}, '/a.json,/a.json,/a.js,/a.js', 1],
  ['that believes for a turn', { believe: 'turn' }, '/a.json,/a.json,/a.js,/a.js', 1],
  ['that believes until it is told', { believe: 'until-invalidated' }, '/a.json,/a.json,/a.json,/a.js', 0],
  ['that believes nothing', { believe: 'nothing' }, '/a.json,/a.js,/a.js,/a.js', 0],
  ['that is fresh', { fresh: true }, '/a.json,/a.js,/a.js,/a.js', 0],
  ['that is not fresh any more', { fresh: false }, '/a.json,/a.json,/a.js,/a.js', 1],
]) {
  for (const preloads of [[], ['-r', hook]]) {
    test(`a hook ${title}${preloads.length === 0 ? '' : ', after the preload'}`, async (t) => {
      const root = treeFor(t, { 'a.json': '{}', 'app.js': PROGRAM, 'clock.js': CLOCK });
      const directory = newDirectory(t);
      const env = { OPTIONS: JSON.stringify(options), FAST_RESOLVE_CACHE: directory, SETTLED: settled };
      const ran = await run(['-r', `${root}/clock.js`, ...preloads, `${root}/app.js`], { env });
      t.deepEqual(ran, { exitCode: 0, stdout: `${answers}\n`, stderr: '' });
      // The preload has resolved before it was told: by then, `fs` and the library itself were asked for.
      if (preloads.length === 0) t.is(namesIn(directory).length, files);
    });
  }
}

const refusedType = { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' };
const refusedValue = { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE' };

test('an option of another type is refused', (t) => {
  for (const fresh of [1, 'true', null]) {
    t.throws(() => createResolver({ fresh }), { ...refusedType, message: /"options\.fresh"/ });
    t.throws(() => install({ fresh }), { ...refusedType, message: /"options\.fresh"/ });
  }
  for (const believe of [1, true, null, ['turn']]) {
    t.throws(() => createResolver({ believe }), { ...refusedType, message: /"options\.believe"/ });
    t.throws(() => install({ believe }), { ...refusedType, message: /"options\.believe"/ });
  }
});

test('a value that is none of the three is refused, and so are two that disagree', (t) => {
  const message = /options\.believe.*'turn', 'until-invalidated', 'nothing'/;
  for (const believe of ['', 'Turn', 'turns', 'everything']) {
    t.throws(() => createResolver({ believe }), { ...refusedValue, message });
    t.throws(() => install({ believe }), { ...refusedValue, message });
  }
  for (const options of [
    { fresh: true, believe: 'turn' },
    { fresh: true, believe: 'until-invalidated' },
    { fresh: false, believe: 'nothing' },
  ]) {
    t.throws(() => createResolver(options), { ...refusedValue, message: /options\.fresh/ });
    t.throws(() => install(options), { ...refusedValue, message: /options\.fresh/ });
  }
});

test('undefined is as good as nothing', (t) => {
  t.is(createResolver({ believe: undefined, fresh: undefined }).resolve, library.resolve);
  t.is(createResolver({ believe: 'turn', fresh: false }).resolve, library.resolve);
  t.not(createResolver({ believe: 'until-invalidated' }).resolve, library.resolve);
});
