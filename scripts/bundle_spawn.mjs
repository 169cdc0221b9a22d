// Bundles lib/spawn/. The preload has all that it needs in one file: Node may let it read no other. What is run
// from the first spawn on is text in it, with the parts that are there already handed in; the same is a file for whoever looks up a line
// of it. `fast-resolve/spawn` has all of it as code.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const lib = path.join(root, 'lib/spawn');
const dist = path.join(root, 'dist');

/** The parts that are code in the preload, and that its text asks for. */
const EARLY_PARTS = ['stand_in', 'taken'];

export async function bundleSpawn() {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const bundle = (entry, outfile, { header = '', footer = '', plugins = [] } = {}) =>
    build({
      entryPoints: [path.join(lib, entry)],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      // Names stay: they are read in stack traces.
      minifySyntax: true,
      minifyWhitespace: true,
      // Of an error that nobody catches, Node prints the line where it was made.
      lineLimit: 120,
      define: { PACKAGE_VERSION: JSON.stringify(version) },
      // Within the bundle, `module` is that of a part.
      banner: { js: `"use strict";const bundleModule=module;${header}` },
      footer: { js: footer },
      plugins,
      logLevel: 'warning',
    });

  await bundle('main.js', path.join(dist, 'spawn.js'));
  const late = path.join(dist, 'spawn-late.js');
  await bundle('parts.js', late, { plugins: [havingInPlaceOf(EARLY_IN_TEXT), inOneScope] });
  await bundle('register.js', path.join(dist, 'spawn-register.js'), {
    // Whatever is wrong with it, the program runs.
    header: 'try{',
    footer: [
      `var LATE_TEXT=${quote(await readFile(late, 'utf8'))};`,
      `}catch(error){process.emitWarning(String(error),'FastResolveWarning')}`,
    ].join('\n'),
    plugins: [havingInPlaceOf({ late: LATE_AS_TEXT }), inOneScope],
  });
}

/** For the text: what it was handed. */
const EARLY_IN_TEXT = Object.fromEntries(
  EARLY_PARTS.map((part) => [part, `export default bundleModule.early[${JSON.stringify(part)}];`]),
);

/** For the preload, in place of late.js: compiles the text, which stands at the end. */
const LATE_AS_TEXT = `
  import compile from './compile.js';
  ${EARLY_PARTS.map((part) => `import ${part} from './${part}.js';`).join('\n')}
  export default () => compile(LATE_TEXT, 'spawn-late.js', { ${EARLY_PARTS.join(', ')} });
`;

/** Has a bundle contain these texts in place of parts. */
const havingInPlaceOf = (texts) => ({
  name: 'having-in-place-of',
  setup({ onLoad }) {
    const places = new Map(Object.entries(texts).map(([part, text]) => [path.join(lib, `${part}.js`), text]));
    onLoad({ filter: /\.js$/ }, ({ path: file }) => (places.has(file) ? { contents: places.get(file) } : undefined));
  },
});

/**
 * Has a bundle made of modules that esbuild can put one after the other, without a function around each of them, which V8 would
 * read twice. For files that require others at their beginning and export at their end.
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

/** Text as a literal of several lines. esbuild would make a template of it, which V8 reads slower. */
const quote = (text) => {
  const inner = JSON.stringify(text).slice(1, -1);
  return `"${inner.replaceAll(/(?:\\u....|\\.|[^\\]){1,110}/g, '$&\\\n')}"`;
};
