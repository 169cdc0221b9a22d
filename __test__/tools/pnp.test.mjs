// Yarn's Plug'n'Play: in a project that a real Yarn has installed, each package resolves what Node resolves with Yarn's own hook.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { createResolver, invalidate } from '../../index.js';
import { ensurePnpProject, pnpProject } from '../../tests/pnp/install.mjs';
import { treeFor } from '../helpers/tree.mjs';

const conditionNames = ['node', 'require', 'module-sync', 'node-addons'];

/** Asks in a process with Yarn's hook: for each package of the tree, what its directory and its dependencies lead to. */
const PROBE = `
const pnp = require('pnpapi');
const { createRequire } = require('node:module');
const rows = [];
const names = new Set();
for (const locator of pnp.getAllLocators()) names.add(locator.name);
for (const locator of pnp.getAllLocators()) {
  const { packageLocation, packageDependencies } = pnp.getPackageInformation(locator);
  const require = createRequire(packageLocation + 'any.js');
  for (const name of names) {
    if (name === null) continue;
    for (const request of [name, name + '/package.json', name + '/missing']) {
      let answer = null;
      try { answer = require.resolve(request); } catch {}
      rows.push([packageLocation, request, answer]);
    }
  }
}
process.stdout.write(JSON.stringify(rows));
`;

test.before(ensurePnpProject);

function rowsOfYarn() {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-r', './.pnp.cjs', '-e', PROBE], {
    cwd: pnpProject,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test('each package resolves what it resolves with Yarn’s hook', (t) => {
  const resolver = createResolver({ yarnPnp: true, conditionNames, believe: 'until-invalidated' });
  const rows = rowsOfYarn();
  // The first question makes the manifest known: packages in the cache lie beside no manifest.
  t.truthy(resolver.sync(pnpProject, './package.json').path);
  const different = rows.filter(([location, request, answer]) => {
    if (path.isAbsolute(answer ?? '/') === false) return false;
    return (resolver.sync(location, request).path ?? null) !== answer;
  });
  t.deepEqual(
    different
      .slice(0, 10)
      .map(([location, request, answer]) => [location, request, answer, resolver.sync(location, request)]),
    [],
  );
  t.true(rows.length > 500);
  t.true(rows.filter(([, , answer]) => answer !== null && path.isAbsolute(answer)).length > 50);
});

test('what a package may not have is told', (t) => {
  const { sync } = createResolver({ yarnPnp: true });
  t.regex(sync(pnpProject, 'not-declared').error, /fast-resolve-pnp@workspace:\. does not depend on 'not-declared'/);
  t.is(sync(pnpProject, 'not-declared').code, 'MODULE_NOT_FOUND');
});

/** A value as Yarn writes it into its script. */
const asYarn = (value) => JSON.stringify(value, null, 2).replaceAll('\n', '\\\n');

test('a manifest that is replaced counts', async (t) => {
  const manifest = (name) =>
    `#!/usr/bin/env node\n\nconst RAW_RUNTIME_STATE =\n'${asYarn({
      __info: [],
      dependencyTreeRoots: [{ name: 'app', reference: 'workspace:.' }],
      enableTopLevelFallback: true,
      ignorePatternData: null,
      fallbackExclusionList: [],
      fallbackPool: [],
      packageRegistryData: [
        [null, [[null, { packageLocation: './', packageDependencies: [[name, 'npm:1.0.0']], linkType: 'SOFT' }]]],
        [
          'app',
          [['workspace:.', { packageLocation: './', packageDependencies: [[name, 'npm:1.0.0']], linkType: 'SOFT' }]],
        ],
        [
          name,
          [
            [
              'npm:1.0.0',
              { packageLocation: './store/', packageDependencies: [[name, 'npm:1.0.0']], linkType: 'HARD' },
            ],
          ],
        ],
      ],
    })}';\n\nfunction $$SETUP_STATE(hydrateRuntimeState, basePath) {\n  return hydrateRuntimeState(JSON.parse(RAW_RUNTIME_STATE), {basePath: basePath || __dirname});\n}\n`;
  const root = treeFor(t, { '.pnp.cjs': manifest('one'), 'store/index.js': '' });
  const turn = createResolver({ yarnPnp: true });
  const kept = createResolver({ yarnPnp: true, believe: 'until-invalidated' });
  const found = (name) => [turn, kept].map(({ sync }) => sync(root, name).path !== undefined);
  t.deepEqual(
    [found('one'), found('two')],
    [
      [true, true],
      [false, false],
    ],
  );
  fs.writeFileSync(path.join(root, '.pnp.cjs'), manifest('two'));
  await nextTurn();
  t.deepEqual(
    [found('one'), found('two')],
    [
      [false, true],
      [true, false],
    ],
  );
  invalidate(path.join(root, '.pnp.cjs'));
  t.deepEqual(
    [found('one'), found('two')],
    [
      [false, false],
      [true, true],
    ],
  );
});

test('without the option, the manifest does not count', (t) => {
  t.regex(createResolver({ yarnPnp: true }).sync(pnpProject, 'lodash').path, /\.zip\/node_modules\/lodash/);
  t.notRegex(createResolver().sync(pnpProject, 'lodash').path ?? '', /\.zip/);
});

test('pnpapi is the manifest, unless it may not be', (t) => {
  t.is(createResolver({ yarnPnp: true }).sync(pnpProject, 'pnpapi').path, path.join(pnpProject, '.pnp.cjs'));
  for (const restriction of [/nomatch/, '/nowhere']) {
    t.is(createResolver({ yarnPnp: true, restrictions: [restriction] }).sync(pnpProject, 'pnpapi').path, undefined);
  }
});

test('a manifest that is gone or broken is none of other projects', async (t) => {
  const root = treeFor(t, {
    'one/.pnp.cjs': 'broken',
    'two/node_modules/p/index.js': '',
    'three/.pnp.cjs': 'broken',
    'three/node_modules/p/index.js': '',
  });
  const { sync } = createResolver({ yarnPnp: true });
  t.regex(sync(`${root}/one`, 'p').error, /is no manifest/);
  t.is(sync(`${root}/two`, 'p').path, `${root}/two/node_modules/p/index.js`);
  t.is(sync(`${root}/three`, 'p').path, undefined);
  fs.rmSync(`${root}/three/.pnp.cjs`);
  await nextTurn();
  t.is(sync(`${root}/three`, 'p').path, `${root}/three/node_modules/p/index.js`);
});
