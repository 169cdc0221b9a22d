// Who may use whom, in src/ and in lib/, read from the sources.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { cycleIn } from './cycle.mjs';
import { importsIn, pathsIn } from './rust_imports.mjs';

const repository = path.resolve(import.meta.dirname, '../..');

/** For each module of the core, the modules that may use it. All may use `path` and `error`. */
const MAY_BE_USED_BY = {
  binding: [],
  cache: ['resolver', 'enhanced', 'binding'],
  enhanced: ['binding'],
  exports: ['resolver', 'enhanced'],
  format: ['resolver', 'cache'],
  fs: ['cache', 'binding', 'start'],
  internals: ['binding'],
  package_json: ['exports', 'resolver', 'enhanced', 'cache'],
  pnp: ['fs', 'enhanced'],
  process: ['binding'],
  resolver: ['binding'],
  runtime: ['exports', 'resolver', 'enhanced', 'cache', 'binding'],
  specifier: ['resolver'],
  start: ['binding'],
  tsconfig: ['enhanced', 'binding'],
};

/**
 * Exceptions, for a module or one of its files: the resolver asks what kind of thing a path leads to, and has to name the
 * kinds; the file that remembers hands the file system on; the binding says which fields are read.
 */
const MAY_BE_NAMED = {
  'resolver -> fs': ['EntryType'],
  'resolver/remembering -> fs': ['FileSystem'],
  'enhanced -> fs': ['EntryType'],
  'binding -> package_json': ['PackageFields'],
};

const filesBelow = (directory, extension) =>
  fs
    .readdirSync(path.join(repository, directory), { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => path.posix.join(directory, name.replaceAll('\\', '/')))
    .sort();

const read = (name) => fs.readFileSync(path.join(repository, name), 'utf8');

/** Without comments, and without unit tests, which stand at the end of a file and may use what they like. */
const rustCode = (name) =>
  read(name)
    .replace(/#\[cfg\(test\)\]\s*mod \w+ \{[\s\S]*$/, '')
    .replaceAll(/\/\/.*$/gm, '');

const rustFiles = filesBelow('src', '.rs').filter(
  (name) => name !== 'src/lib.rs' && path.basename(name) !== 'tests.rs',
);

/** The module of the core that a file belongs to. */
const moduleOf = (name) => placeOf(name).split('/', 1)[0];

/** The file within the core, as `module/file`. */
const placeOf = (name) => path.posix.relative('src', name).replace(/\.rs$/, '');

/** The items that a file names from the root of the crate: [module, item]; an item is '' where it is not named. */
function usesIn(code) {
  return [...code.matchAll(/\bcrate::(\w+)(?:::(?:\{([^}]*)\}|(\w+)))?/g)].flatMap(([, module, list, item = '']) =>
    (list?.match(/\w+/g) ?? [item]).map((name) => [module, name]),
  );
}

function violationsIn(name) {
  const user = moduleOf(name);
  return usesIn(rustCode(name))
    .filter(([used, item]) => used !== user && !isAllowed(placeOf(name), used, item))
    .map(([used, item]) => `${name} uses ${used}::${item}`);
}

function isAllowed(place, used, item) {
  if (used === 'path' || used === 'error') return true;
  const [user] = place.split('/', 1);
  const users = MAY_BE_USED_BY[used] ?? [];
  return users.includes(user) || [user, place].some((name) => MAY_BE_NAMED[`${name} -> ${used}`]?.includes(item));
}

test('the modules of the core use each other only as agreed', (t) => {
  t.deepEqual(rustFiles.flatMap(violationsIn), []);
});

test('that test knows every module, and sees the uses', (t) => {
  t.deepEqual([...new Set(rustFiles.map(moduleOf))].sort(), [...Object.keys(MAY_BE_USED_BY), 'error', 'path'].sort());
  const uses = rustFiles.flatMap((name) => usesIn(rustCode(name)).map(([used]) => `${moduleOf(name)} -> ${used}`));
  for (const use of ['resolver -> cache', 'cache -> fs', 'exports -> package_json', 'binding -> resolver']) {
    t.true(uses.includes(use), use);
  }
  t.deepEqual(usesIn('use crate::fs::{EntryType, Link};\nlet a = crate::path::join(b);\nuse crate::cache;'), [
    ['fs', 'EntryType'],
    ['fs', 'Link'],
    ['path', 'join'],
    ['cache', ''],
  ]);
  t.true(isAllowed('resolver', 'fs', 'EntryType'));
  t.true(isAllowed('resolver/finish', 'fs', 'EntryType'));
  t.false(isAllowed('resolver/finish', 'fs', 'FileSystem'));
  t.true(isAllowed('resolver/remembering', 'fs', 'FileSystem'));
  t.false(isAllowed('exports/mod', 'cache', 'Facts'));
  t.false(isAllowed('cache', 'binding', ''));
});

test('the algorithm does not know that it is cached', (t) => {
  const named = rustFiles
    .filter((name) => moduleOf(name) === 'resolver' && placeOf(name) !== 'resolver/remembering')
    .flatMap((name) => usesIn(rustCode(name)))
    .filter(([used]) => used === 'cache')
    .map(([, item]) => item);
  t.deepEqual([...new Set(named)].sort(), ['Facts', 'Found', 'Id', 'PackageJsonFact', 'RealPath', 'Step', 'Version']);
});

test('only the snapshot uses the directory that nobody else may write to', (t) => {
  const users = rustFiles.filter((name) => moduleOf(name) !== 'fs' && /\bPrivateDirectory\b/.test(rustCode(name)));
  t.deepEqual(users, ['src/cache/snapshot/file.rs', 'src/cache/snapshot/place.rs']);
});

test('no module of the core is reached by way of `super`, or by what lib.rs exports', (t) => {
  // `super` leads out of a module in its own file or mod.rs, `super::super` in the files below it.
  const leadsOut = (name) => (/^src\/\w+(?:\/mod)?\.rs$/.test(name) ? /\bsuper::/ : /\bsuper::super::/);
  const isReached = (name) =>
    leadsOut(name).test(rustCode(name)) || /\bcrate::(?:\{|[A-Z]|self|\*)/.test(rustCode(name));
  t.deepEqual(rustFiles.filter(isReached), []);
});

test('no file of the core uses itself in a roundabout way', (t) => {
  const imports = importsIn(new Map(rustFiles.map((name) => [path.posix.relative('src', name), rustCode(name)])));
  t.true(imports.get('cache/tree.rs').includes('cache/node.rs'));
  t.true(imports.get('cache/memory/accounts.rs').includes('cache/snapshot/recording.rs'));
  t.true(imports.get('cache/snapshot/reader.rs').includes('cache/tree.rs'));
  t.true(imports.get('resolver/remembering.rs').includes('cache/memory/mod.rs'));
  t.true(imports.get('process/spawn/linux.rs').includes('process/spawn/clone.rs'));
  t.is(cycleIn(imports), undefined);
});

test('a roundabout way between files of Rust is found', (t) => {
  const imports = importsIn(
    new Map([
      ['a/mod.rs', 'mod b;\nmod c;\npub use b::{B, Other};\npub(super) use c::C;\npub struct A;'],
      ['a/b.rs', 'use super::{A, c::{C, D as E}};\nfn f() { crate::d::f() }'],
      ['a/c.rs', 'use super::B;'],
      ['d.rs', 'use crate::a::C;\nuse std::fs;'],
    ]),
  );
  t.deepEqual(Object.fromEntries(imports), {
    'a/mod.rs': [],
    'a/b.rs': ['a/c.rs', 'a/mod.rs', 'd.rs'],
    'a/c.rs': ['a/b.rs'],
    'd.rs': ['a/c.rs'],
  });
  t.deepEqual(cycleIn(imports), ['a/b.rs', 'a/c.rs', 'a/b.rs']);
  t.deepEqual(pathsIn('use crate::a::{b, c::{d, e}, f as g};'), [
    ['crate', 'a', 'b'],
    ['crate', 'a', 'c', 'd'],
    ['crate', 'a', 'c', 'e'],
    ['crate', 'a', 'f'],
  ]);
});

for (const [what, pattern, homes] of [
  ['Node-API', /\bnapi(?:_derive)?(?:::|\b\s*;)|#\[napi\b/, ['binding']],
  [
    'the disk',
    /\bstd::fs\b|\brustix::fs\b/,
    [
      'fs',
      'process/exec',
      'process/group',
      'process/spawn/posix',
      'process/shared_memory',
      'process/shared_memory/linux',
    ],
  ],
  [
    'system calls',
    /\brustix::|\blibc::/,
    ['fs', 'process', 'binding/first', 'binding/process/seam', 'binding/process/external_text'],
  ],
]) {
  test(`only ${homes.map((home) => `src/${home}`).join(' and ')} may name ${what}`, (t) => {
    const users = rustFiles.filter((name) => pattern.test(rustCode(name)));
    t.true(users.length > 0);
    t.deepEqual(
      users.filter((name) => !homes.includes(moduleOf(name)) && !homes.includes(placeOf(name))),
      [],
    );
  });
}

const scriptFiles = [...filesBelow('lib', '.js'), 'index.js'];

const scriptCode = (name) =>
  read(name)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(?<=^|\s)\/\/.*$/gm, '');

/** The files of the package that a file requires, at once or later. */
const requiredBy = (name) =>
  [...scriptCode(name).matchAll(/\brequire\('(\.[^']+)'\)/g)].map(([, request]) =>
    path.posix.join(path.posix.dirname(name), request),
  );

test('no file of lib/ requires itself in a roundabout way', (t) => {
  const graph = new Map(scriptFiles.map((name) => [name, requiredBy(name)]));
  t.true(graph.get('index.js').includes('dist/fast-resolve.js'));
  t.true(graph.get('lib/resolve/main.js').includes('lib/resolve/hook.js'));
  t.is(cycleIn(graph), undefined);
});

test('a roundabout way is found', (t) => {
  const graph = (edges) => new Map(Object.entries(edges));
  t.deepEqual(cycleIn(graph({ a: ['b'], b: ['c', 'd'], c: [], d: ['b'] })), ['b', 'd', 'b']);
  t.deepEqual(cycleIn(graph({ a: ['a'] })), ['a', 'a']);
  t.is(cycleIn(graph({ a: ['b', 'c'], b: ['c'], c: ['elsewhere'] })), undefined);
});

/** Where it may lie, the files of the hook that load it, and that of the children's half, which has it by itself. */
const LOADERS = ['resolve/addon_places', 'resolve/load_addon', 'resolve/open_first', 'spawn/taken'].map(
  (name) => `lib/${name}.js`,
);

test('only these files load the addon', (t) => {
  const loads = (name) => /apply\(dlopen|[^'`"]\.node['`"]|require\([^)]*binding/.test(scriptCode(name));
  t.deepEqual(scriptFiles.filter(loads), LOADERS);
  const asks = scriptFiles.filter((name) => requiredBy(name).includes('lib/resolve/load_addon.js'));
  t.deepEqual(
    asks.filter((name) => name !== 'lib/resolve/addon.js' && !ofPreloadsFile.has(name)),
    [],
  );
});

/** What the preload's file has as code, and what it has as texts: all that they reach by `require`. */
const ofBoot = reachedFrom('lib/resolve/boot.js');
const ofPreload = reachedFrom('lib/resolve/register.js');
const ofEarly = reachedFrom('lib/resolve/early_hook.js');
const ofCore = reachedFrom('lib/resolve/core.js');
const ofCoreAndBefore = [ofBoot, ofPreload, ofEarly, ofCore];
const withoutAddon = reachedFrom('lib/resolve/without_addon.js');
const ofPreloadsFile = new Set([...ofBoot, ...ofPreload, ...ofEarly, ...ofCore, ...withoutAddon]);

function reachedFrom(start) {
  const reached = new Set([start]);
  for (const name of reached) {
    for (const other of requiredBy(name)) reached.add(other);
  }
  return reached;
}

const named = (names) => names.map((name) => `lib/resolve/${name}.js`);

test('the preload is made of these files alone', (t) => {
  const without = (files, others) => [...files].filter((name) => !others.some((other) => other.has(name))).sort();
  t.deepEqual(
    without(ofBoot, []),
    named(['basics', 'boot', 'find_snapshot', 'load_code', 'open_first', 'origin', 'program']),
  );
  t.deepEqual(
    without(ofPreload, [ofBoot]),
    named([
      ...['addon_places', 'captured', 'first_import', 'listening', 'load_addon', 'open_addon', 'register'],
      ...['search_addon', 'texts'],
    ]),
  );
  t.deepEqual(
    without(ofEarly, [ofBoot, ofPreload]),
    named([
      ...['asking', 'describe_origin', 'early_hook', 'internals', 'keep_codes', 'keys', 'lookup_paths'],
      ...['search_options', 'snapshot_answers', 'tell_start', 'turn_of_loading'],
    ]),
  );
  t.deepEqual(
    without(ofCore, [ofBoot, ofPreload, ofEarly]),
    named([
      ...['addon_failures', 'answers', 'core', 'core_parts', 'hook', 'import_hook', 'imports', 'node_resolver'],
      ...['path_cache', 'runtime', 'territory', 'tracing', 'turn', 'unavailable'],
    ]),
  );
  // A file of its own.
  t.deepEqual(
    without(withoutAddon, ofCoreAndBefore),
    named([
      ...['disk_facts', 'kept_answers', 'node_tracing', 'plain_snapshot', 'proofs', 'questions', 'without_addon'],
      'write_answers',
    ]),
  );
});

// The bundle has the core in one scope (scripts/bundle.mjs), which it can do with files that are written for it only.
test('files of the core require each other at the top, and export names', (t) => {
  for (const name of ofPreloadsFile) {
    const code = scriptCode(name);
    const required = [...code.matchAll(/\brequire\('/g)].length;
    const atTheTop = [...code.matchAll(/^const (?:\{[^}]*\}|\w+) = require\('\.\/\w+\.js'\);$/gm)].length;
    t.is(required, atTheTop, name);
    // The entries say themselves what the bundle exports.
    if (!named(['boot']).includes(name)) t.regex(code, /^module\.exports = \{[^}]*\};$/m, name);
  }
});

test('nothing of lib/ uses an entry of the package', (t) => {
  for (const name of scriptFiles) {
    const required = requiredBy(name);
    if (name.startsWith('lib/'))
      t.deepEqual(
        required.filter((other) => !other.startsWith('lib/')),
        [],
        name,
      );
  }
});

test('index.js only requires and exports', (t) => {
  const code = scriptCode('index.js');
  t.is(code.match(/\bmodule\.exports\b/g).length, 1);
  t.notRegex(code, /\b(?:if|else|for|while|switch|try|throw|new|let|var|function|async|await)\b|=>|[?&|+*<>!]/);
});
