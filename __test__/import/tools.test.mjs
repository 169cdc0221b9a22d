// Programs of ES modules that use real tools which replace what Node finds files by.

import path from 'node:path';

import test from 'ava';

import { ensureTools, tools } from '../boot/ensure_tools.mjs';
import { testBoot } from '../boot/programs.mjs';
import { nodeMajor } from '../helpers/run.mjs';
import { program } from './program.mjs';

test.before('the tools are installed', (t) => {
  t.timeout(5 * 60_000);
  ensureTools();
});

/** Later Nodes mock-fs does not know, and throws by itself. */
const MOCKED = { met: nodeMajor === 22 || nodeMajor === 24, reason: 'a Node that mock-fs knows' };

const mocked = (title, args, app) =>
  program(title, undefined, undefined, {
    args: [args],
    needs: MOCKED,
    files: {
      [args]: app,
      'beside/one.mjs': 'export { default } from "./two.mjs";',
      'beside/two.mjs': 'export default "two";',
      'node_modules/mock-fs': { link: path.join(tools, 'node_modules/mock-fs') },
    },
  });

/** What is there only for a while, what is hidden meanwhile, and what is asked for again. */
const MOCK = `
  const ask = (specifier) => import(specifier).then(({ default: value }) => value, ({ code, message }) => code ?? message);
  const seen = [await ask('./dep.mjs'), await ask('package')];
  mock({
    '/virtual/only.mjs': 'export default "virtual"',
    [here]: {
      'late.mjs': 'export default "late"',
      'typed.js': 'export default "mocked"',
      node_modules: { mocked: { 'package.json': '{"exports":"./m.mjs"}', 'm.mjs': 'export default "mocked"' } },
    },
  }, { createCwd: false, createTmp: false });
  const specifiers = ['./late.mjs', './typed.js', 'mocked', '/virtual/only.mjs', './dep.mjs', 'package', 'legacy', '#dep', './beside/one.mjs', 'self/dep', './missing.mjs', './dir'];
  for (const specifier of specifiers) seen.push(await ask(specifier));
  for (const specifier of specifiers) {
    try { seen.push(resolve('./dir/../' + specifier)); } catch ({ code }) { seen.push(code); }
  }
  mock.restore();
  for (const specifier of specifiers) seen.push(await ask(specifier));
  console.log(seen.join('\\n'));
`;

testBoot(test, [
  mocked(
    'mock-fs, and imports',
    'app.mjs',
    `
      import mock from 'mock-fs';
      const here = import.meta.dirname;
      const { resolve } = import.meta;
      console.log('begin');
      ${MOCK}
    `,
  ),
  mocked(
    'mock-fs, and imports of CommonJS',
    'app.cjs',
    `
      const mock = require('mock-fs');
      const here = __dirname;
      const resolve = (specifier) => require.resolve(specifier);
      console.log('begin');
      (async () => { ${MOCK} })();
    `,
  ),
  program(
    'node:test, and core modules that it mocks',
    `
      import { readFileSync } from 'node:fs';
      import { mock } from 'node:test';
      console.log(typeof readFileSync, typeof (await import('os')).hostname());
      mock.module('node:fs', { namedExports: { readFileSync: () => 'mocked' } });
      mock.module('os', { namedExports: { hostname: () => 'mocked, too' } });
      console.log((await import('node:fs')).readFileSync(), (await import('os')).hostname());
    `,
    ['function string', 'mocked mocked, too'],
    // It registers hooks that run in a thread of their own.
    { options: ['--experimental-test-module-mocks', '--no-warnings'], isRunAgain: false },
  ),
]);
