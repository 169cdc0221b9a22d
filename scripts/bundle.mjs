// Bundles lib/ into dist/: `npm run bundle`, and part of `npm run build`. Each file that a program loads on its way to the hook takes
// longer than what is in it, so that the preload is one file, with all that the hook needs. The rest of the package, the spawn of
// child processes and the pools stand alone: they ask for the hook where it is, in the preload's file or in one of its own.
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleSpawn } from './bundle_spawn.mjs';
import { compileAtOnce } from './eager.mjs';
import { root } from './paths.mjs';

const lib = path.join(root, 'lib');
const dist = path.join(root, 'dist');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** The parts of each bundle that others ask for, by their place in lib/. */
const CORE_PARTS = [
  'resolve/addon',
  'resolve/answers',
  'resolve/captured',
  'resolve/hook',
  'resolve/import_hook',
  'resolve/internals',
  'resolve/lookup_paths',
  'resolve/runtime',
  'resolve/search_options',
  'resolve/tracing',
  'resolve/turn',
];
const MAIN_PARTS = ['shared/arguments', 'shared/errors'];
const SPAWN_PARTS = ['spawn/seam'];

/** Where the core is: in the preload's file, if there was a preload. The separator is the one that this file's own name has. */
const CORE =
  "(bundleModule.constructor._cache?.[__dirname + __filename[__dirname.length] + 'register.js']?.exports ?? require('./core.js'))";

/** Has a bundle ask others for these files, each by an expression, instead of having them twice. */
const inPlaceOf = (expressions) => ({
  name: 'in-place-of',
  setup({ onLoad }) {
    const places = new Map(expressions.map(([name, expression]) => [path.join(lib, `${name}.js`), expression]));
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const expression = places.get(file);
      return expression === undefined ? undefined : { contents: `module.exports = ${expression};` };
    });
  },
});

/** The same for the parts of another bundle, which has them by the names of their files. */
const askingFor = (parts, expression) =>
  inPlaceOf(parts.map((part) => [part, `${expression}.parts.${path.basename(part)}`]));

/**
 * Has the files of the core in one scope: V8 goes through a function within a function once more each time that it meets it. They are
 * written for that: they require each other at the top, and export names.
 * @param {Record<string, string>} [given] Files whose exports are those of an object that is there under a name.
 * @param {Record<string, string>} [others] Files in whose place others are taken.
 */
const inOneScope = (given = {}, others = {}) => ({
  name: 'in-one-scope',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path: file }) => {
      const name = path.basename(file);
      const source = readFileSync(path.join(path.dirname(file), others[name] ?? name), 'utf8');
      const [exported, names] = exportsOf(source) ?? [];
      const object = given[name];
      if (object !== undefined) return { contents: `const ${names} = ${object};\nexport ${names};` };
      const contents = source
        .replaceAll(/^const (\{[^}]*\}|\w+) = require\('(\.\/\w+\.js)'\);$/gm, (_, imported, from) =>
          imported.startsWith('{') ? `import ${imported} from '${from}';` : importAll(imported, from),
        )
        .replaceAll(/^const \{([^}]*)\} = (basics|captured);$/gm, (taking, taken, from) =>
          given[`${from}.js`] === undefined ? importMembers(taken.match(/\w+/g), from) : taking,
        );
      if (exported === undefined) return { contents: `${contents}\nexport {};` };
      const members = MEMBERS.get(path.basename(name, '.js')) ?? [];
      return { contents: contents.replace(exported, `export ${names};\nexport { ${members.join(', ')} };`) };
    });
  },
});

/** What is in the objects of these names, which are exported by files of these names. */
const MEMBERS = new Map(
  ['basics', 'captured'].map((name) => {
    const source = readFileSync(path.join(lib, `resolve/${name}.js`), 'utf8');
    const [, list] = new RegExp(
      `^const ${name} = \\{\\s*__proto__: null,(?:\\s*\\.\\.\\.\\w+,)?([^}]*)\\};$`,
      'm',
    ).exec(source);
    return [name, list.match(/\w+/g)];
  }),
);

/** In one scope, a name that an object has is there without the object. */
const importMembers = (taken, from) => {
  const own = taken.filter((name) => MEMBERS.get(from).includes(name));
  const others = taken.filter((name) => !own.includes(name));
  const rest = others.length === 0 ? '' : `const { ${others.join(', ')} } = ${from};`;
  return `import { ${own.join(', ')} } from './${from}.js';\n${rest}`;
};

/** The statement by which a file exports, and its names in braces. */
const exportsOf = (source) => /^module\.exports = (\{[^}]*\});$/m.exec(source) ?? undefined;

/** All that a file exports as an object: a namespace has a getter for each name, and each would have to be compiled. */
const importAll = (name, from) => {
  const [, names] = exportsOf(readFileSync(path.join(lib, 'resolve', from), 'utf8'));
  const list = names.match(/\w+/g);
  const renamed = list.map((each) => `${each} as ${name}_${each}`);
  return `import { ${renamed.join(', ')} } from '${from}';
const ${name} = { ${list.map((each) => `${each}: ${name}_${each}`).join(', ')} };`;
};

const BANNER = '"use strict";const bundleModule=module;';

/** @param {string | { contents: string, resolveDir: string }} entry A file in lib/, or what would be in one. */
const bundle = async (
  entry,
  outfile,
  { banner = BANNER, define = {}, format = 'cjs', keepNames = false, plugins = [], write = true } = {},
) => {
  const { outputFiles } = await build({
    ...(typeof entry === 'string' ? { entryPoints: [path.join(lib, entry)] } : { stdin: entry }),
    outfile: path.join(dist, outfile),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    // Names stay: they are read in stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    // Of an error that nobody catches, Node prints the line where it was made.
    lineLimit: 120,
    keepNames,
    external: ['./core.js', './import-meta.mjs', './fast-resolve.js', './page.js', './spawn.js'],
    // Within the bundle, `module` is that of a part.
    banner: { js: banner },
    define: { PACKAGE_VERSION: JSON.stringify(version), ...define },
    plugins,
    write,
    logLevel: 'warning',
  });
  return outputFiles?.[0].text;
};

/** The functions of `boot.js` that are called where there is a snapshot. */
const CALLED_AT_ONCE = [
  'isNative',
  'findSnapshot',
  'listPlaces',
  'openFirst',
  'openFor',
  'open',
  'takeCompiler',
  'run',
  'compile',
  'runText',
  'openSnapshot',
  'boot',
];

/** The files of which the preload makes functions only when they are wanted. Each may ask for those of `boot.js`, and for those before. */
const TEXTS = {
  preload: ['captured', 'load_addon', 'texts', 'first_import', 'listening', 'register'],
  early: [
    ...['keys', 'keep_codes', 'turn_of_loading', 'internals', 'lookup_paths', 'search_options', 'tell_start'],
    ...['describe_origin', 'asking', 'snapshot_answers', 'early_hook'],
  ],
  imports: ['imports'],
  core: ['core_parts'],
  addon: ['search_addon'],
  withoutAddon: [
    ...[
      'disk_facts',
      'plain_snapshot',
      'proofs',
      'questions',
      'kept_answers',
      'node_tracing',
      'path_cache',
      'unavailable',
    ],
    ...['write_answers', 'without_addon'],
  ],
};
/** The files of `boot.js` itself that they may ask for. */
const OF_BOOT = ['basics', 'load_code', 'open_first', 'origin', 'program'];

/** Files as an expression: a function of those that are there, which returns these. */
const makeFunction = async (files, given) => {
  const others = files.includes('search_addon') ? {} : { 'search_addon.js': 'search_addon_in_text.js' };
  const contents = [
    ...files.map((file) => importAll(file, `./${file}.js`)),
    `export const made = { __proto__: null, ${files.join(', ')} };`,
  ].join('\n');
  const text = await bundle({ contents, resolveDir: path.join(lib, 'resolve') }, 'texts.js', {
    banner: '',
    format: 'esm',
    plugins: [inOneScope(Object.fromEntries(given.map((file) => [`${file}.js`, `given.${file}`])), others)],
    write: false,
  });
  const returning = withoutUnused(text).replace(/export\s*\{\s*made\s*\};?\s*$/, 'return made');
  return `(function(given,require,bundleModule,__dirname,__filename){"use strict";${returning}})`;
};

/** Of what a text takes of the files that are there, only that which it uses. */
const withoutUnused = (text) =>
  text.replaceAll(/var\s*\{([^{}]*)\}\s*=\s*given\.(\w+);\n?/g, (_, taken, file) => {
    const isUsed = (entry) => text.match(new RegExp(`(?<!\\w|[^.]\\.)${/\w+$/.exec(entry)[0]}\\b`, 'g')).length > 1;
    const used = taken
      .split(',')
      .map((entry) => entry.trim())
      .filter(isUsed);
    return used.length === 0 ? '' : `var{${used.join(',')}}=given.${file};\n`;
  });

/** A function that is a text: V8 goes through a comment much quicker than through a string. */
const commented = (text) => {
  if (text.includes('*/')) throw new Error('A text of the preload has the end of a comment in it.');
  return `function(){/*${text}*/}`;
};

/** The preload's file has the rest as texts. */
const writePreload = async () => {
  const given = [...OF_BOOT];
  const texts = [];
  for (const files of Object.values(TEXTS)) {
    texts.push(await makeFunction(files, given));
    given.push(...files);
  }
  texts[0] = replaceNames(texts[0], { KEY_OF_CORE: keyOf(texts[3]) });
  // What is made of V8's code at once is an array, without anything to be put around it.
  const joined = `[${texts.slice(0, 3).join(',\n')}],\n[${texts[3]}],\n${texts[4]}`;
  const withoutAddon = texts.pop();
  const places = texts.map((text) => [joined.indexOf(text), joined.indexOf(text) + text.length]);
  // It exports by itself, and asks for no file; of another format, it would have helpers for both.
  const boot = await bundle('resolve/boot.js', 'register.js', {
    banner: `${BANNER}const bundleRequire=require;`,
    define: { require: 'bundleRequire' },
    format: 'esm',
    plugins: [inOneScope()],
    write: false,
  });
  const file = compileAtOnce(boot, CALLED_AT_ONCE);
  const [preload, early, imports] = texts;
  const values = {
    TEXTS: commented(joined),
    LINES_BEFORE_TEXTS: JSON.stringify(file.split(/\bTEXTS\b/, 1)[0].replaceAll(/[^\n]/g, '')),
    KEY_OF_EARLY: keyOf(preload + early + imports),
    PLACES_OF_TEXTS: JSON.stringify(places),
  };
  // Few need this, and it is long: a file, which is read as a text, too.
  writeFileSync(path.join(dist, 'without-addon.js'), `${withoutAddon}\n`);
  writeFileSync(path.join(dist, 'register.js'), replaceNames(file.replace(/export\s*\{\s*\};?/, ''), values));
};

const keyOf = (text) => `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;

/** In place of names, the texts that they stand for. */
const replaceNames = (text, values) =>
  text.replaceAll(new RegExp(`\\b(?:${Object.keys(values).join('|')})\\b`, 'g'), (name) => values[name]);

const askingForCore = askingFor(CORE_PARTS, CORE);
const askingForMain = askingFor(MAIN_PARTS, `require('./fast-resolve.js').internals`);
const askingForSpawn = askingFor(SPAWN_PARTS, `require('./spawn.js').internals`);

/**
 * Names what a bundle exports in a statement that never runs, where Node looks for the names that can be imported: the bundle's own
 * statement is none that Node understands.
 */
const nameExports = (outfile) => {
  const file = path.join(dist, outfile);
  const names = Object.keys(createRequire(import.meta.url)(file));
  appendFileSync(file, `0&&(module.exports={${names.join(',')}});\n`);
};

// What an earlier version has left there would be published.
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await writePreload();
await bundle('resolve/core.js', 'core.js', { plugins: [inOneScope()] });
// Node has this function for ES modules alone.
writeFileSync(path.join(dist, 'import-meta.mjs'), 'export const { resolve } = import.meta;\n');
await bundle('resolve/main.js', 'fast-resolve.js', { plugins: [askingForCore] });
await bundleSpawn();
// Its classes are the caller's, too: what is printed of them has their names.
const pool = { keepNames: true, plugins: [askingForCore, askingForMain, askingForSpawn] };
await bundle('pool/main.js', 'pool.js', pool);
await bundle('pool/worker/main.js', 'pool-worker.js', { plugins: [askingForCore] });
for (const preload of ['divide', 'probe', 'until']) await bundle(`cli/${preload}.js`, `${preload}.js`);
/** What linters and bundlers load: small files that ask the main one. */
const askingForAll = inPlaceOf([['resolve/main', `require('./fast-resolve.js')`]]);
const adapter = { plugins: [askingForAll, askingForMain] };
for (const name of ['eslint', 'rollup']) await bundle(`adapters/${name}.js`, `${name}.js`, adapter);
/** A part of the page, as it stands in it. */
const forBrowsers = async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [path.join(lib, 'cli/page', entry)],
    bundle: true,
    minify: true,
    target: ['chrome111', 'firefox113', 'safari16.4'],
    write: false,
    logLevel: 'warning',
  });
  const text = outputFiles[0].text.trim();
  if (/<\/(?:script|style)/i.test(text)) throw new Error(`${entry} ends the element in which it stands.`);
  return JSON.stringify(text);
};

await bundle('cli/page.js', 'page.js', {
  define: { PAGE_SCRIPT: await forBrowsers('main.js'), PAGE_STYLE: await forBrowsers('style.css') },
});
const command = {
  banner: `#!/usr/bin/env node\n${BANNER}`,
  plugins: [
    inPlaceOf([
      ['resolve/main', `require('./fast-resolve.js')`],
      ['cli/page', `require('./page.js')`],
    ]),
  ],
};
await bundle('cli/main.js', 'cli.js', command);
chmodSync(path.join(dist, 'cli.js'), 0o755);
for (const outfile of ['eslint.js', 'fast-resolve.js', 'pool.js', 'rollup.js', 'spawn.js']) nameExports(outfile);
// Where an export changes, CommonJS has no way to say so to those who import it by name.
for (const name of ['index.mjs', 'spawn.mjs']) cpSync(path.join(lib, 'entries', name), path.join(dist, name));
