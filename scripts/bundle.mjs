// Bundles lib/ into dist/: `npm run bundle`, and part of `npm run build`. Each file that a program loads on its way to the
// hook takes longer than what is in it; and what most programs never run takes longer to parse than to find. So there are
// three: what the preload runs in every program, the hook, and the rest, which is loaded when it is needed. The spawn of child
// processes and the pools stand alone: programs may want them without the hook.
import path from 'node:path';
import { build } from 'esbuild';
import { bundleSpawn } from './bundle_spawn.mjs';
import { root } from './paths.mjs';

const lib = path.join(root, 'lib');

/** The parts of each bundle that the other one asks for, by their place in lib/. */
const MAIN_PARTS = ['answers', 'hook', 'internals', 'resolve', 'runtime'];
const REST_PARTS = ['arguments', 'ask_node', 'create_resolver', 'errors', 'jest/resolve', 'memory'];
const SPAWN_PARTS = ['spawn/seam'];

/** Has a bundle ask another one for these parts, instead of having them twice. */
const askingFor = (parts, expression) => ({
  name: 'asking-for-parts',
  setup({ onLoad }) {
    const places = new Map(parts.map((part) => [path.join(lib, `${part}.js`), part]));
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const part = places.get(file);
      return part === undefined ? undefined : { contents: `module.exports = ${expression}[${JSON.stringify(part)}];` };
    });
  },
});

const bundle = (entry, outfile, { keepNames = false, lineLimit, plugins = [] } = {}) =>
  build({
    entryPoints: [path.join(lib, entry)],
    outfile: path.join(root, 'dist', outfile),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Names stay: they are read in stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit,
    keepNames,
    // The loader of the addon is as far from dist/ as from lib/.
    external: ['../binding.js', './fast-resolve.js', './rest.js', './spawn.js'],
    // Within the bundle, `module` is that of a part.
    banner: { js: '"use strict";const bundleModule=module;' },
    plugins,
    logLevel: 'warning',
  });

const askingForMain = askingFor(MAIN_PARTS, `require('./fast-resolve.js').parts`);
const askingForRest = askingFor(REST_PARTS, `require('./rest.js')`);
const askingForSpawn = askingFor(SPAWN_PARTS, `require('./spawn.js').parts`);

await bundle('waiting.js', 'register.js');
await bundle('main.js', 'fast-resolve.js', { plugins: [askingForRest] });
await bundle('rest.js', 'rest.js', { plugins: [askingForMain] });
await bundleSpawn();
// Its classes are the caller's, too: what is printed of them has their names. Of an error of a task that nobody catches, Node
// prints the line where it was made.
const readable = { keepNames: true, lineLimit: 120 };
await bundle('pool_main.js', 'pool.js', { ...readable, plugins: [askingForMain, askingForRest, askingForSpawn] });
await bundle('pool/worker/main.js', 'pool-worker.js', { lineLimit: 120, plugins: [askingForMain] });
