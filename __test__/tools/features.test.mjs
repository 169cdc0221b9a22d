// Each option of resolution for tools, as the field's documents describe it: trees, options and requests as data. What oxc-resolver and
// enhanced-resolve answer is compared in generated.test.mjs.

import test from 'ava';
import { createResolver } from '../../index.js';
import { treeFor } from '../helpers/tree.mjs';
import { outcomeOf } from './peers.mjs';

const json = (value) => ({ json: value });

/** Requests come from ROOT/app/src, unless they are a pair with a directory; ROOT stands for the tree. */
const FEATURES = {
  'alias replaces a request and what begins with it': {
    tree: { 'app/lib/a.js': '', 'app/lib/index.js': '' },
    options: { alias: { '@': 'ROOT/app/lib' } },
    requests: { '@': 'app/lib/index.js', '@/a': 'app/lib/a.js', '@a': undefined },
  },
  'an alias that ends in $ stands for the whole request alone': {
    tree: { 'app/node_modules/a/index.js': '', 'app/node_modules/a/b.js': '', 'app/c.js': '' },
    options: { alias: { a$: 'ROOT/app/c.js' } },
    requests: { a: 'app/c.js', 'a/b': 'app/node_modules/a/b.js' },
  },
  'a * in an alias stands for any text': {
    tree: { 'app/lib/a.js': '' },
    options: { alias: { '@lib/*': 'ROOT/app/lib/*.js' } },
    requests: { '@lib/a': 'app/lib/a.js', '@lib/b': undefined },
  },
  'several values of an alias are tried in order': {
    tree: { 'app/two/a.js': '' },
    options: { alias: { '@': ['ROOT/app/one', 'ROOT/app/two'] } },
    requests: { '@/a': 'app/two/a.js' },
  },
  'false is an empty module': {
    tree: { 'app/node_modules/a/index.js': '' },
    options: { alias: { a: false } },
    requests: { a: 'ignored', 'a/b': 'ignored' },
  },
  'an alias that leads nowhere ends the search': {
    tree: { 'app/node_modules/a/index.js': '' },
    options: { alias: { a: 'ROOT/missing' } },
    requests: { a: undefined },
  },
  'an alias may be the path of a file': {
    tree: { 'app/src/a.js': '', 'app/b.js': '' },
    options: { alias: { 'ROOT/app/src/a.js': 'ROOT/app/b.js' } },
    requests: { './a': 'app/b.js', './a.js': 'app/b.js' },
  },
  'fallback counts for what is not found': {
    tree: { 'app/node_modules/a/index.js': '', 'app/b.js': '' },
    options: { fallback: { a: 'ROOT/app/b.js', c: 'ROOT/app/b.js' } },
    requests: { a: 'app/node_modules/a/index.js', c: 'app/b.js' },
  },
  'aliasFields replace files and packages': {
    tree: {
      'app/node_modules/a/package.json': json({
        main: './node.js',
        browser: { './node.js': './browser.js', fs: false, b: './own-b.js', './c': 'b' },
      }),
      'app/node_modules/a/node.js': '',
      'app/node_modules/a/browser.js': '',
      'app/node_modules/a/own-b.js': '',
    },
    options: { aliasFields: ['browser'] },
    requests: { a: 'app/node_modules/a/browser.js', 'a/node.js': 'app/node_modules/a/browser.js' },
    pairs: [
      ['app/node_modules/a', 'fs', 'ignored'],
      ['app/node_modules/a', 'b', 'app/node_modules/a/own-b.js'],
      ['app/node_modules/a', './c', 'app/node_modules/a/own-b.js'],
    ],
  },
  'conditionNames choose among exports': {
    tree: {
      'app/node_modules/a/package.json': json({ exports: { browser: './b.js', import: './i.js', default: './d.js' } }),
      ...Object.fromEntries(['b', 'i', 'd'].map((name) => [`app/node_modules/a/${name}.js`, ''])),
    },
    options: { conditionNames: ['import'] },
    requests: { a: 'app/node_modules/a/i.js' },
  },
  'extensions are tried in order': {
    tree: { 'app/src/a.ts': '', 'app/src/a.js': '', 'app/src/b.js': '' },
    options: { extensions: ['.ts', '.js'] },
    requests: { './a': 'app/src/a.ts', './b': 'app/src/b.js' },
  },
  'extensionAlias replaces the extension of a request': {
    tree: { 'app/src/a.ts': '', 'app/src/b.js': '', 'app/src/c.ts': '', 'app/src/c.js': '' },
    options: { extensionAlias: { '.js': ['.ts', '.js'] } },
    requests: { './a.js': 'app/src/a.ts', './b.js': 'app/src/b.js', './c.js': 'app/src/c.ts' },
  },
  'a package may be named like a file with an extension that is replaced': {
    tree: { 'app/node_modules/ipaddr.js/index.js': '' },
    options: { extensionAlias: { '.js': ['.ts', '.js'] } },
    requests: { 'ipaddr.js': 'app/node_modules/ipaddr.js/index.js' },
  },
  'enforceExtension finds files by an extension that is added': {
    tree: { 'app/src/a.js': '' },
    options: { enforceExtension: true },
    requests: { './a': 'app/src/a.js', './a.js': undefined },
  },
  'fullySpecified finds files as they are named, and packages': {
    tree: { 'app/src/a.js': '', 'app/src/b/index.js': '', 'app/node_modules/c/index.js': '' },
    options: { fullySpecified: true },
    requests: { './a': undefined, './a.js': 'app/src/a.js', './b': undefined, c: 'app/node_modules/c/index.js' },
  },
  'mainFields are tried in order, and the next where one leads nowhere': {
    tree: {
      'app/node_modules/a/package.json': json({ module: './missing.mjs', main: './main.js' }),
      'app/node_modules/a/main.js': '',
      'app/node_modules/b/package.json': json({ module: './m.mjs', main: './main.js' }),
      'app/node_modules/b/m.mjs': '',
    },
    options: { mainFields: ['module', 'main'] },
    requests: { a: 'app/node_modules/a/main.js', b: 'app/node_modules/b/m.mjs' },
  },
  'a field may lie in an object': {
    tree: {
      'app/node_modules/a/package.json': json({ tools: { entry: './e.js', exported: { './x': './e.js' } } }),
      'app/node_modules/a/e.js': '',
    },
    options: { mainFields: [['tools', 'entry']] },
    requests: { a: 'app/node_modules/a/e.js' },
  },
  'mainFiles stand for their directory': {
    tree: { 'app/src/a/start.js': '', 'app/src/b/start.vue': '' },
    options: { mainFiles: ['start', 'start.vue'] },
    requests: { './a': 'app/src/a/start.js', './b': 'app/src/b/start.vue' },
  },
  'exportsFields and importsFields are read in place of exports and imports': {
    tree: {
      'app/package.json': json({ ownImports: { '#a': './a.js' }, imports: { '#a': './b.js' } }),
      'app/a.js': '',
      'app/node_modules/p/package.json': json({ publishConfig: { exports: './own.js' }, exports: './other.js' }),
      'app/node_modules/p/own.js': '',
    },
    options: { exportsFields: [['publishConfig', 'exports']], importsFields: ['ownImports'] },
    requests: { p: 'app/node_modules/p/own.js', '#a': 'app/a.js' },
  },
  'modules are looked for by name and by path': {
    tree: { 'app/web_modules/a/index.js': '', 'shared/b/index.js': '', 'app/node_modules/a/index.js': '' },
    options: { modules: ['web_modules', 'node_modules', 'ROOT/shared'] },
    requests: { a: 'app/web_modules/a/index.js', b: 'shared/b/index.js' },
  },
  'roots are where requests with a slash are looked for first': {
    tree: { 'app/a.js': '' },
    options: { roots: ['ROOT/app'] },
    requests: { '/a': 'app/a.js', 'ROOT/app/a.js': 'app/a.js' },
  },
  'restrictions leave out what lies elsewhere': {
    tree: { 'app/src/a.js': '', 'app/b.js': '' },
    options: { restrictions: ['ROOT/app/src'] },
    requests: { './a': 'app/src/a.js', '../b': undefined },
  },
  'restrictions by an expression leave an alternative': {
    tree: {
      'app/node_modules/a/package.json': json({ main: './index.js', style: './index.css' }),
      'app/node_modules/a/index.js': '',
      'app/node_modules/a/index.css': '',
    },
    options: { restrictions: [/\.css$/], mainFields: ['main', 'style'] },
    requests: { a: 'app/node_modules/a/index.css' },
  },
  'resolveToContext finds directories': {
    tree: { 'app/src/a/b.js': '', 'app/node_modules/p/index.js': '' },
    options: { resolveToContext: true },
    requests: { './a': 'app/src/a', './a/b.js': undefined, p: 'app/node_modules/p' },
  },
  'preferRelative looks beside the module first': {
    tree: { 'app/src/a.js': '', 'app/node_modules/a/index.js': '', 'app/node_modules/b/index.js': '' },
    options: { preferRelative: true },
    requests: { a: 'app/src/a.js', b: 'app/node_modules/b/index.js' },
  },
  'preferAbsolute asks roots last': {
    tree: { 'app/ROOT/app/a.js': '', 'app/a.js': '', 'app/b.js': '' },
    options: { preferAbsolute: true, roots: ['ROOT/app'] },
    requests: { 'ROOT/app/a.js': 'app/a.js', '/b': 'app/b.js' },
  },
  'links are followed': {
    tree: { 'packages/a/index.js': '', 'app/node_modules/a': { link: '../../packages/a' } },
    options: {},
    requests: { a: 'packages/a/index.js' },
  },
  'symlinks: false leaves links as they are': {
    tree: { 'packages/a/index.js': '', 'app/node_modules/a': { link: '../../packages/a' } },
    options: { symlinks: false },
    requests: { a: 'app/node_modules/a/index.js' },
  },
  'a query and a fragment are kept': {
    tree: { 'app/src/a.js': '', 'app/src/b#c.js': '', 'app/node_modules/p/index.js': '' },
    options: {},
    requests: {
      './a?b': 'app/src/a.js?b',
      './a?b#c': 'app/src/a.js?b#c',
      './a#b': 'app/src/a.js#b',
      './b#c': 'app/src/b#c.js',
      './b\0#c': 'app/src/b#c.js',
      'p?x': 'app/node_modules/p/index.js?x',
    },
  },
  'a name in imports may be one of a package': {
    tree: { 'app/package.json': json({ imports: { '#p': 'p/lib/a.js' } }), 'app/node_modules/p/lib/a.js': '' },
    options: {},
    requests: { '#p': 'app/node_modules/p/lib/a.js' },
  },
  'a package may ask for itself': {
    tree: { 'app/package.json': json({ name: 'app', exports: { './a': './a.js' } }), 'app/a.js': '' },
    options: {},
    requests: { 'app/a': 'app/a.js', 'app/b': undefined },
  },
  'allowPackageExportsInDirectoryResolve has exports count for a path': {
    tree: { 'app/p/package.json': json({ exports: './lib/e.js' }), 'app/p/lib/e.js': '' },
    options: { allowPackageExportsInDirectoryResolve: true },
    requests: { '../p': 'app/p/lib/e.js' },
  },
  'an alias in vain leaves nothing behind': {
    tree: { 'app/src/there.js': '' },
    options: { alias: { x: ['./missing?foo#bar', './there'] }, fallback: { z: './there' } },
    requests: { 'x?own': 'app/src/there.js?own', x: 'app/src/there.js', z: 'app/src/there.js' },
  },
  'an alias ends where a name ends': {
    tree: { 'app/srcx.js': '', 'app/src/x.js': '' },
    options: { alias: { '@/': 'ROOT/app/src' } },
    requests: { '@/x': undefined },
  },
  'preferRelative ends where a file is to be left out': {
    tree: {
      'app/package.json': json({ browser: { './src/x.js': false } }),
      'app/src/x.js': '',
      'app/node_modules/x/index.js': '',
    },
    options: { preferRelative: true, aliasFields: ['browser'] },
    requests: { x: 'ignored' },
  },
  'a package.json above the package may be broken': {
    tree: { 'package.json': '{ bad', 'app/package.json': json({ name: 'app' }), 'app/src/a.js': '' },
    options: {},
    requests: { './a': 'app/src/a.js' },
  },
  'the scope of a package ends at node_modules': {
    tree: {
      'app/package.json': json({ name: 'app', imports: { '#a': './a.js' }, exports: { './a': './a.js' } }),
      'app/a.js': '',
      'app/node_modules/x/index.js': '',
    },
    options: {},
    requests: { '#a': 'app/a.js', 'app/a': 'app/a.js' },
    pairs: [
      ['app/node_modules/x', '#a', undefined],
      ['app/node_modules/x', 'app/a', undefined],
    ],
  },
  'a URL of a file is its path': {
    tree: { 'app/src/a b.js': '' },
    options: {},
    requests: { 'file://ROOT/app/src/a%20b.js': 'app/src/a b.js' },
  },
};

for (const [title, { tree, options, requests, pairs = [] }] of Object.entries(FEATURES)) {
  test(title, async (t) => {
    const root = treeFor(t, { 'app/src/other.txt': '', ...tree });
    const place = (value) => {
      if (typeof value === 'string') return value.replaceAll('ROOT', root);
      if (Array.isArray(value)) return value.map(place);
      if (value === null || typeof value !== 'object' || value instanceof RegExp) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [place(key), place(item)]));
    };
    const resolver = createResolver(place(options));
    const expectations = [...Object.entries(requests).map(([request, file]) => ['app/src', request, file]), ...pairs];
    for (const [directory, request, expected] of expectations) {
      const wanted = expected === undefined || expected === 'ignored' ? expected : `${root}/${expected}`;
      const question = [`${root}/${directory}`, place(request)];
      t.is(outcomeOf(resolver.sync(...question)), wanted, `sync ${request}`);
      t.is(outcomeOf(resolver.sync(...question)), wanted, `again ${request}`);
      t.is(outcomeOf(await resolver.async(...question)), wanted, `async ${request}`);
      const [many] = createResolver(place(options)).resolveMany([question.toReversed()]);
      t.is(outcomeOf(many), wanted, `resolveMany ${request}`);
    }
  });
}

test('core modules are answered as such where that is wanted', (t) => {
  const root = treeFor(t, { 'node_modules/fs/index.js': '' });
  const { sync } = createResolver({ builtinModules: true });
  t.deepEqual(sync(root, 'fs').builtin, { resolved: 'node:fs', isRuntimeModule: false });
  t.deepEqual(sync(root, 'node:fs').builtin, { resolved: 'node:fs', isRuntimeModule: true });
  t.is(sync(root, 'fs').code, 'FAST_RESOLVE_BUILTIN');
  t.is(createResolver({}).sync(root, 'fs').path, `${root}/node_modules/fs/index.js`);
});

test('a result tells the package and the type of the module', (t) => {
  const root = treeFor(t, {
    'package.json': json({ type: 'module' }),
    'a.js': '',
    'a.cjs': '',
    'a.json': '',
    'node_modules/p/package.json': json({ name: 'p' }),
    'node_modules/p/lib/package.json': json({ type: 'commonjs' }),
    'node_modules/p/lib/index.js': '',
    'node_modules/é/package.json': json({}),
    'node_modules/é/index.js': '',
  });
  const { sync } = createResolver({ moduleType: true });
  const told = (request) => {
    const { packageJsonPath, moduleType } = sync(root, request);
    return [packageJsonPath, moduleType];
  };
  t.deepEqual(told('./a.js'), [`${root}/package.json`, 'module']);
  t.deepEqual(told('./a.cjs'), [`${root}/package.json`, 'commonjs']);
  t.deepEqual(told('./a.json'), [`${root}/package.json`, 'json']);
  t.deepEqual(told('p/lib'), [`${root}/node_modules/p/package.json`, 'commonjs']);
  t.deepEqual(told('é'), [`${root}/node_modules/é/package.json`, undefined]);
  t.is(createResolver({ extensions: ['.js'] }).sync(root, './a.js').moduleType, undefined);
});

test('failures tell why, with the codes of Node', (t) => {
  const root = treeFor(t, {
    'package.json': json({ imports: { '#a': './missing.js' } }),
    'node_modules/p/package.json': json({ exports: { './a': './a.js' } }),
    'node_modules/q/package.json': '{',
    'node_modules/q/index.js': '',
    'a.js': '',
  });
  const codeOf = (request, options = {}) => createResolver(options).sync(root, request).code;
  t.is(codeOf('./missing'), 'MODULE_NOT_FOUND');
  t.is(codeOf('missing'), 'MODULE_NOT_FOUND');
  t.is(codeOf(''), 'MODULE_NOT_FOUND');
  t.is(codeOf('p'), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  t.is(codeOf('p/a'), 'MODULE_NOT_FOUND');
  t.is(codeOf('#b'), 'ERR_PACKAGE_IMPORT_NOT_DEFINED');
  t.is(codeOf('q'), 'ERR_INVALID_PACKAGE_CONFIG');
  t.is(codeOf('a', { alias: { a: 'b', b: 'c', c: 'a' } }), 'FAST_RESOLVE_RECURSION');
  t.is(codeOf('./a.js', { extensionAlias: { '.js': ['.ts'] } }), 'MODULE_NOT_FOUND');
  t.regex(createResolver().sync(root, './missing').error, /Cannot find module '\.\/missing' from /);
});

test('a module in node_modules without a package.json belongs to no package', (t) => {
  const root = treeFor(t, { 'package.json': json({ type: 'module' }), 'node_modules/x/index.js': '' });
  const found = createResolver({ moduleType: true }).sync(root, 'x');
  t.deepEqual([found.packageJsonPath, found.moduleType], [undefined, undefined]);
});

test('aliases that lead to more and more requests end', (t) => {
  const pairs = Array.from({ length: 40 }, (_, index) => [`k${index}`, [`k${index + 1}`, `k${index + 1}`]]);
  t.is(createResolver({ alias: Object.fromEntries(pairs) }).sync('/', 'k0').code, 'FAST_RESOLVE_RECURSION');
});
