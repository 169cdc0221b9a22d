// What the tarballs have in them: this, and nothing else.

import { addonOf } from './platforms.mjs';

const DIST = [
  ...[
    'cli.js',
    'core.js',
    'divide.js',
    'eslint.js',
    'fast-resolve.js',
    'import-meta.mjs',
    'index.mjs',
    'page.js',
    'pool-worker.js',
    'pool.js',
    'probe.js',
    'register.js',
    'rollup.js',
  ],
  ...['spawn-late.js', 'spawn-register.js', 'spawn.js', 'spawn.mjs', 'until.js', 'without-addon.js'],
];
const TYPES = [
  ...[
    'command_pool.d.ts',
    'eslint.d.ts',
    'index.d.mts',
    'pool.d.ts',
    'pool_main.d.ts',
    'register.d.ts',
    'rollup.d.ts',
    'spawn.d.mts',
    'spawn.d.ts',
  ],
  ...['spawn_register.d.ts', 'supervise.d.ts', 'tools.d.ts'],
];

export const MAIN_FILES = [
  ...['LICENSE', 'README.md', 'index.d.ts', 'index.js', 'package.json'],
  ...DIST.map((name) => `dist/${name}`),
  ...TYPES.map((name) => `types/${name}`),
].sort();

export const platformFiles = (platform) => ['LICENSE', 'package.json', addonOf(platform)].sort();

/** Throws where the files of a tarball are others than those that are wanted. */
export function checkContents(name, files, wanted) {
  const missing = wanted.filter((file) => !files.includes(file));
  const tooMany = files.filter((file) => !wanted.includes(file));
  if (missing.length === 0 && tooMany.length === 0) return;
  const what = [
    ...missing.map((file) => `${file} is missing`),
    ...tooMany.map((file) => `${file} is not in the list (scripts/package/contents.mjs)`),
  ];
  throw new Error(`${name}: ${what.join(', ')}`);
}
