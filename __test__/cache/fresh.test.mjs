// `fresh: true`: every answer is a fresh Node's, and nothing is kept.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { hook, namesIn, newDirectory, run } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

const { createResolver, stats } = createRequire(import.meta.url)('../../index.js');

for (const [title, options] of [
  ["the running Node's options", {}],
  ['options of its own', { conditions: ['require', 'custom'] }],
]) {
  test.serial(`a resolver with ${title} sees every change`, (t) => {
    const root = treeFor(t, PROJECT);
    const { resolve } = createResolver({ ...options, fresh: true });
    const ask = () => requestsIn(root).map(([request, directory]) => resolve(request, directory));
    const { entries, misses } = stats();
    t.deepEqual([ask(), ask()], [answersIn(root), answersIn(root)]);
    t.deepEqual([stats().entries, stats().misses], [entries, misses], 'nothing is remembered');
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

const PROGRAM = `
  const fs = require('fs');
  require(process.env.LIBRARY).install(JSON.parse(process.env.OPTIONS));
  const find = () => require.resolve('./a').slice(__dirname.length);
  const answers = [find()];
  fs.writeFileSync(__dirname + '/a.js', '');
  // Node itself keeps the first answer, and so does the hook unless it is told otherwise.
  answers.push(find());
  console.log(answers.join());
`;

for (const [title, options, answers, files] of [
  ['without options', {}, '/a.json,/a.json', 1],
  ['that is fresh', { fresh: true }, '/a.json,/a.js', 0],
  ['that is not fresh any more', { fresh: false }, '/a.json,/a.json', 1],
]) {
  for (const preloads of [[], ['-r', hook]]) {
    test(`a hook ${title}${preloads.length === 0 ? '' : ', after the preload'}`, async (t) => {
      const root = treeFor(t, { 'a.json': '{}', 'app.js': PROGRAM });
      const directory = newDirectory(t);
      const env = { OPTIONS: JSON.stringify(options), FAST_RESOLVE_CACHE: directory };
      const ran = await run([...preloads, `${root}/app.js`], { env });
      t.deepEqual(ran, { exitCode: 0, stdout: `${answers}\n`, stderr: '' });
      // The preload has resolved before it was told: by then, `fs` and the library itself were asked for.
      if (preloads.length === 0) t.is(namesIn(directory).length, files);
    });
  }
}

test('an option of another type is refused', (t) => {
  const { install } = createRequire(import.meta.url)('../../index.js');
  for (const fresh of [1, 'true', null]) {
    t.throws(() => createResolver({ fresh }), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
    t.throws(() => install({ fresh }), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
  }
});
