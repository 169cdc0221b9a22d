// A workspace of two packages in TypeScript, with what imports may lead to.

import { repository } from './tools.mjs';

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'es2022',
    jsx: 'react-jsx',
    strict: true,
    paths: { '~/*': ['./packages/main/src/*'] },
  },
};

const MAIN = `
import fs from 'node:fs';
import { readFile } from 'fs/promises';
import { one, two } from './values.js';
import { View } from './view.jsx';
import { extra } from './extra.mjs';
import { old } from './old.cjs';
import './style.css';
import icon from './icon.svg?raw';
import data from './data.json' with { type: 'json' };
import folder from './folder';
import { shared, nothing } from '@workspace/shared';
import deep from '@workspace/shared/deep';
import hidden from '@workspace/shared/src/hidden.js';
import inner from '#inner';
import unknown from '#unknown';
import itself from '@workspace/main';
import typed from 'typed';
import conditional from 'conditional';
import untyped from 'untyped';
import scoped from '@scope/untyped';
import development from 'development';
import undeclared from 'undeclared';
import type { OnlyTypes } from 'only-types';
import gone from './gone.js';
import missing from 'missing';
import { one as again } from './values.js';
import parts from 'untyped/parts/first.js';
import declared from './declared.js';
import byPath from '~/folder/index.js';
import noPath from '~/nowhere.js';
export { fs, readFile, one, two, View, extra, old, icon, data, folder, shared, nothing, deep, hidden, inner, unknown, itself };
export { typed, conditional, untyped, scoped, development, undeclared, gone, missing, again, parts, declared, byPath, noPath };
export type { OnlyTypes };
`;

const packageOf = (name, more) => ({ json: { name, version: '1.0.0', ...more } });

/** As data for `treeFor()`. */
export const workspace = {
  'package.json': packageOf('workspace', { private: true, workspaces: ['packages/*'] }),
  'tsconfig.json': { json: TSCONFIG },
  'packages/main/package.json': packageOf('@workspace/main', {
    type: 'module',
    exports: './src/main.ts',
    imports: { '#inner': './src/folder/index.ts' },
    dependencies: { '@workspace/shared': '*', typed: '*', conditional: '*', untyped: '*', '@scope/untyped': '*' },
    devDependencies: { development: '*' },
  }),
  'packages/main/tsconfig.json': { json: { extends: '../../tsconfig.json' } },
  'packages/main/src/main.ts': MAIN,
  'packages/main/src/values.ts': `import { View } from './view.jsx';\nexport const one = 1;\nexport { View };\n`,
  'packages/main/src/view.tsx': `import { one } from './values.js';\nexport const View = () => one;\n`,
  'packages/main/src/extra.mts': 'export const extra = 1;\n',
  'packages/main/src/old.cts': 'export const old = 1;\n',
  'packages/main/src/style.css': '',
  'packages/main/src/icon.svg': '<svg/>',
  'packages/main/src/data.json': '{}',
  'packages/main/src/folder/index.ts': 'export default 1;\n',
  'packages/main/src/declared.d.ts': 'declare const declared: number;\nexport default declared;\n',
  'packages/main/src/declared.js': 'export default 1;\n',
  'packages/shared/package.json': packageOf('@workspace/shared', {
    type: 'module',
    exports: { '.': { types: './src/index.ts', default: './dist/index.js' }, './deep': './src/deep.ts' },
  }),
  'packages/shared/tsconfig.json': { json: { extends: '../../tsconfig.json' } },
  'packages/shared/src/index.ts': 'export const shared = 1;\n',
  'packages/shared/src/deep.ts': `import { shared } from './index.js';\nexport default shared;\n`,
  'packages/shared/src/hidden.ts': 'export default 1;\n',
  'node_modules/@workspace/main': { link: '../../packages/main' },
  'node_modules/@workspace/shared': { link: '../../packages/shared' },
  'node_modules/fast-resolve': { link: repository },
  'node_modules/viem': { link: '../packages/viem' },
  'node_modules/rxjs': { link: '../packages/rxjs' },
  'node_modules/typed/package.json': packageOf('typed', { main: 'index.js', types: 'typed.d.ts' }),
  'node_modules/typed/index.js': '',
  'node_modules/typed/typed.d.ts': 'declare const typed: number;\nexport default typed;\n',
  'node_modules/conditional/package.json': packageOf('conditional', {
    exports: { import: { types: './types.d.mts', default: './index.mjs' }, require: './index.cjs' },
  }),
  'node_modules/conditional/types.d.mts': 'declare const value: number;\nexport default value;\n',
  'node_modules/conditional/index.mjs': '',
  'node_modules/conditional/index.cjs': '',
  'node_modules/untyped/package.json': packageOf('untyped'),
  'node_modules/untyped/index.js': 'module.exports = 1;\n',
  'node_modules/untyped/parts/first.js': '',
  'node_modules/@types/untyped/package.json': packageOf('@types/untyped', { types: 'index.d.ts' }),
  'node_modules/@types/untyped/index.d.ts': 'declare const untyped: number;\nexport default untyped;\n',
  'node_modules/@scope/untyped/package.json': packageOf('@scope/untyped', { module: 'module.js' }),
  'node_modules/@scope/untyped/module.js': 'export default 1;\n',
  'node_modules/@types/scope__untyped/package.json': packageOf('@types/scope__untyped'),
  'node_modules/@types/scope__untyped/index.d.ts': 'declare const scoped: number;\nexport default scoped;\n',
  'node_modules/@types/only-types/package.json': packageOf('@types/only-types'),
  'node_modules/@types/only-types/index.d.ts': 'export interface OnlyTypes {}\n',
  'node_modules/development/package.json': packageOf('development'),
  'node_modules/development/index.js': 'export default 1;\n',
  'node_modules/undeclared/package.json': packageOf('undeclared'),
  'node_modules/undeclared/index.js': 'export default 1;\n',
};
