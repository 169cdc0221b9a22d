// Bundles lib/ into dist/: `npm run bundle`, and part of `npm run build`. Each file that a program loads on its way to the
// hook takes longer than what is in it; and what most programs never run takes longer to parse than to find. So there are
// three: what the preload runs in every program, the hook, and the rest, which is loaded when it is needed. The spawn of child
// processes and the pools stand alone: programs may want them without the hook.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const lib = path.join(root, 'lib');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The parts of each bundle that the other one asks for, by their place in lib/. */
const MAIN_PARTS = ['answers', 'hook', 'internals', 'resolve', 'runtime'];
const REST_PARTS = ['arguments', 'ask_node', 'create_resolver', 'errors', 'jest/resolve', 'memory'];
const SPAWN_PARTS = ['spawn/seam'];
const SPAWN_EARLY_PARTS = ['spawn/stand_in', 'spawn/taken'];

/** Has a bundle ask another one for these parts, instead of having them twice. */
const askingFor = (parts, expression, start = 'module.exports =') => ({
  name: 'asking-for-parts',
  setup({ onLoad }) {
    const places = new Map(parts.map((part) => [path.join(lib, `${part}.js`), part]));
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const part = places.get(file);
      return part === undefined ? undefined : { contents: `${start} ${expression}[${JSON.stringify(part)}];` };
    });
  },
});

/**
 * Has a bundle made of modules that esbuild can put one after the other, without a function around each of them, which V8 would
 * read twice. For files of lib/ that require others at their beginning and export at their end.
 */
const inOneScope = {
  name: 'in-one-scope',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path: file }) => {
      const imports = [];
      const text = await readFile(file, 'utf8');
      const body = text.replaceAll(/\brequire\(('\.[^']+')\)/g, (_, request) => `imported${imports.push(request)}`);
      const lines = imports.map((request, index) => `import imported${index + 1} from ${request};`);
      return { contents: [...lines, body.replace(/^module\.exports =/m, 'export default')].join('\n') };
    });
  },
};

/** In place of lib/spawn/late.js, where what that loads is text. */
const LATE_AS_TEXT = `
  import compile from './compile.js';
  import standIn from './stand_in.js';
  import taken from './taken.js';
  export default () => compile(LATE_TEXT, 'dist/spawn-late.js', { 'spawn/stand_in': standIn, 'spawn/taken': taken });
`;

const havingLateAsText = {
  name: 'having-late-as-text',
  setup({ onLoad }) {
    const place = path.join(lib, 'spawn/late.js');
    onLoad({ filter: /\.js$/ }, ({ path: file }) => (file === place ? { contents: LATE_AS_TEXT } : undefined));
  },
};

/** Text as a literal of several lines. esbuild would make a template of it, which V8 reads slower. */
const quote = (text) => {
  const inner = JSON.stringify(text).slice(1, -1);
  return `"${inner.replaceAll(/(?:\\u....|\\.|[^\\]){1,110}/g, '$&\\\n')}"`;
};

/** Within the bundle, `module` is that of a part. */
const usualBanner = '"use strict";const bundleModule=module;';

const bundle = (
  entry,
  outfile,
  { banner = usualBanner, define, footer = '', keepNames = false, lineLimit, plugins = [] } = {},
) =>
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
    define,
    // The loader of the addon is as far from dist/ as from lib/.
    external: ['../binding.js', './fast-resolve.js', './rest.js', './spawn.js'],
    banner: { js: banner },
    footer: { js: footer },
    plugins,
    logLevel: 'warning',
  });

const askingForMain = askingFor(MAIN_PARTS, `require('./fast-resolve.js').parts`);
const askingForRest = askingFor(REST_PARTS, `require('./rest.js')`);
const askingForSpawn = askingFor(SPAWN_PARTS, `require('./spawn.js').parts`);

await bundle('waiting.js', 'register.js');
await bundle('main.js', 'fast-resolve.js', { plugins: [askingForRest] });
await bundle('rest.js', 'rest.js', { plugins: [askingForMain] });
// The preload of the seam has all that it needs in one file, in the package's root: Node may let it read no other. What is run from
// the first spawn on is text in it, with the parts that are there already handed in; the same as a file is for whoever looks up a
// line of it.
const spawn = { lineLimit: 120, define: { PACKAGE_VERSION: JSON.stringify(version) } };
await bundle('spawn/parts.js', 'spawn-late.js', {
  ...spawn,
  plugins: [askingFor(SPAWN_EARLY_PARTS, 'bundleModule.early', 'export default'), inOneScope],
});
const lateText = quote(await readFile(path.join(root, 'dist/spawn-late.js'), 'utf8'));
await bundle('spawn/register.js', '../spawn-register.js', {
  ...spawn,
  // Whatever is wrong with it, the program runs.
  banner: `${usualBanner}try{`,
  footer: `var LATE_TEXT=${lateText};}catch(error){process.emitWarning(String(error),'FastResolveWarning')}`,
  plugins: [havingLateAsText, inOneScope],
});
await bundle('spawn/main.js', 'spawn.js', spawn);
// Its classes are the caller's, too: what is printed of them has their names. Of an error of a task that nobody catches, Node
// prints the line where it was made.
const readable = { keepNames: true, lineLimit: 120 };
await bundle('pool_main.js', 'pool.js', { ...readable, plugins: [askingForMain, askingForRest, askingForSpawn] });
await bundle('pool/worker/main.js', 'pool-worker.js', { lineLimit: 120, plugins: [askingForMain] });
