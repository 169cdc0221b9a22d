// What the adapters declare fits what the tools declare that they take.

import path from 'node:path';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { typeCheck } from '../helpers/type_check.mjs';
import { ensureTools, repository, toolsModules } from './tools.mjs';

const USAGE = `
import type { NewResolver } from 'eslint-plugin-import-x';
import type { Plugin } from 'rollup';
import { createFastResolver } from 'fast-resolve/eslint';
import { fastResolve } from 'fast-resolve/rollup';

export const plugins: Plugin[] = [fastResolve({ browser: true })];
export const resolvers: NewResolver[] = [createFastResolver()];
`;

/** A project with these modules; declarations of others are none of ours. */
const project = (usage) => ({
  'usage.mts': usage,
  'tsconfig.json': {
    json: {
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        noEmit: true,
        skipLibCheck: true,
        strict: true,
        types: [],
      },
      files: ['usage.mts'],
    },
  },
  'node_modules/fast-resolve': { link: repository },
  ...Object.fromEntries(
    ['rollup', 'eslint-plugin-import-x'].map((name) => [
      `node_modules/${name}`,
      { link: path.join(toolsModules, name) },
    ]),
  ),
});

test.before('the tools are installed', () => {
  ensureTools();
});

test('the plugin and the resolver are what rollup and eslint-plugin-import-x take', (t) => {
  t.deepEqual(typeCheck(treeFor(t, project(USAGE))), { status: 0, stdout: '' });
});

test('the one is not what the other takes', (t) => {
  const exchanged = USAGE.replace('[createFastResolver()]', '[fastResolve()]');
  t.regex(typeCheck(treeFor(t, project(exchanged))).stdout, /usage\.mts\(8,.*error TS/);
});
