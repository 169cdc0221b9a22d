// `tsconfig`: where paths, baseUrl and rootDirs lead, compared with the real TypeScript; and which config counts for a file.

import fs from 'node:fs';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import ts from 'typescript';
import { createResolver, invalidate } from '../../index.js';
import { treeFor } from '../helpers/tree.mjs';

const json = (value) => ({ json: value });
const extensions = ['.ts', '.tsx', '.d.ts', '.js', '.json'];

/** What TypeScript resolves a request of a file to, with the options of a config. */
function answerOfTypeScript(configFile, file, request) {
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, configFile.replace(/\/[^/]+$/, ''), {}, configFile);
  const settings = {
    ...options,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    allowJs: true,
  };
  return ts.resolveModuleName(request, file, settings, ts.sys).resolvedModule?.resolvedFileName;
}

const FILES = {
  'src/a.ts': '',
  'src/lib/index.ts': '',
  'src/lib/deep/b.tsx': '',
  'src/lib.ts': '',
  'generated/c.ts': '',
  'generated/lib/d.ts': '',
  'src/theme.json': '',
  'node_modules/p/index.d.ts': '',
  'node_modules/p/package.json': json({ types: './index.d.ts' }),
  'node_modules/@base/config/tsconfig.json': json({ compilerOptions: { paths: { '@base/*': ['./lib/*'] } } }),
  'node_modules/@base/config/package.json': json({ name: '@base/config' }),
  'node_modules/@base/config/lib/e.ts': '',
  'shared/tsconfig.base.json': json({ compilerOptions: { baseUrl: '../src', paths: { 'base/*': ['lib/*'] } } }),
};

const REQUESTS = [
  '@/a',
  '@/lib',
  '@/lib/deep/b',
  '@',
  'exact',
  'exact/x',
  'lib/deep/b',
  'a',
  'base/deep/b',
  '@base/e',
  'p',
  './a',
  './c',
  './lib',
  './lib/d',
  'long/one/a',
  'x.lib.y',
  '#a',
  'missing',
];

const CONFIGS = {
  'paths without baseUrl': { compilerOptions: { paths: { '@/*': ['./src/*'], exact: ['./src/a.ts'] } } },
  'paths with baseUrl': { compilerOptions: { baseUrl: './src', paths: { '@/*': ['*'], '#a': ['a'] } } },
  'baseUrl alone': { compilerOptions: { baseUrl: './src' } },
  'several targets': { compilerOptions: { paths: { '@/*': ['./missing/*', './generated/*', './src/*'] } } },
  'the longest prefix': {
    compilerOptions: { paths: { '*': ['./generated/*'], 'long/*': ['./missing/*'], 'long/one/*': ['./src/*'] } },
  },
  'a pattern with a suffix': { compilerOptions: { paths: { 'x.*.y': ['./src/*'] } } },
  'paths that lead nowhere leave packages': { compilerOptions: { paths: { '*': ['./missing/*'] } } },
  'extends a file': { extends: './shared/tsconfig.base.json' },
  'extends a file without .json': { extends: './shared/tsconfig.base' },
  'extends a package': { extends: '@base/config' },
  'extends a file of a package': { extends: '@base/config/tsconfig.json' },
  'extends several': { extends: ['@base/config', './shared/tsconfig.base.json'] },
  'overrides what it extends': {
    extends: './shared/tsconfig.base.json',
    compilerOptions: { paths: { '@/*': ['lib/*'] } },
  },
  configDir: { compilerOptions: { paths: { '@/*': [`\${configDir}/src/*`] } } },
  rootDirs: { compilerOptions: { rootDirs: ['./src', './generated'] } },
  nothing: {},
};

for (const [title, config] of Object.entries(CONFIGS)) {
  test(`as TypeScript: ${title}`, (t) => {
    const root = treeFor(t, { ...FILES, 'tsconfig.json': json(config), 'package.json': '{}' });
    const configFile = `${root}/tsconfig.json`;
    const given = createResolver({ extensions, mainFields: ['types', 'main'], tsconfig: { configFile } });
    const auto = createResolver({ extensions, mainFields: ['types', 'main'], tsconfig: 'auto' });
    let found = 0;
    for (const file of [`${root}/src/main.ts`, `${root}/src/lib/main.ts`]) {
      for (const request of REQUESTS) {
        const expected = answerOfTypeScript(configFile, file, request);
        if (expected !== undefined) found++;
        t.is(given.resolveFile(file, request).path, expected, `${request} from ${file}`);
        t.is(given.sync(file.replace(/\/[^/]+$/, ''), request).path, expected, `sync ${request} from ${file}`);
        t.is(auto.resolveFile(file, request).path, expected, `auto: ${request} from ${file}`);
        t.is(auto.resolveDts(file, request).path, expected, `declarations: ${request} from ${file}`);
      }
    }
    t.true(found > 3);
  });
}

test('comments and trailing commas are none of the config', (t) => {
  const text = '\u{feff}{\n// one\n"compilerOptions": { /* two */ "paths": { "@/*": ["./src/*",], }, },\n}';
  const root = treeFor(t, { ...FILES, 'tsconfig.json': text });
  t.is(
    createResolver({ extensions, tsconfig: 'auto' }).resolveFile(`${root}/src/a.ts`, '@/lib/deep/b').path,
    `${root}/src/lib/deep/b.tsx`,
  );
});

const SOLUTION = {
  'tsconfig.json': json({ files: [], references: [{ path: './tsconfig.app.json' }, { path: './tools' }] }),
  'tsconfig.app.json': json({ include: ['src'], compilerOptions: { paths: { x: ['./src/x.ts'] } } }),
  'tools/tsconfig.json': json({ include: ['**/*.ts'], compilerOptions: { paths: { x: ['./x.ts'] } } }),
  'src/x.ts': '',
  'src/a.ts': '',
  'src/deep/tsconfig.json': json({ include: ['only'], compilerOptions: { paths: { x: ['./x.ts'] } } }),
  'src/deep/x.ts': '',
  'tools/x.ts': '',
  'node_modules/p/index.ts': '',
};

test('the config that covers the file counts, a reference among them', (t) => {
  const root = treeFor(t, SOLUTION);
  const auto = createResolver({ extensions, tsconfig: 'auto' });
  const references = createResolver({ extensions, tsconfig: { configFile: root, references: 'auto' } });
  const alone = createResolver({ extensions, tsconfig: { configFile: `${root}/tsconfig.json` } });
  for (const [file, expected, byReferences] of [
    ['src/a.ts', 'src/x.ts', 'src/x.ts'],
    ['src/b.vue', 'src/x.ts', 'src/x.ts'],
    ['tools/a.ts', 'tools/x.ts', 'tools/x.ts'],
    ['src/deep/only/a.ts', 'src/deep/x.ts', 'src/x.ts'],
    ['src/deep/a.ts', 'src/x.ts', 'src/x.ts'],
    ['other/a.ts', undefined, undefined],
    ['node_modules/p/index.ts', undefined, undefined],
  ]) {
    const pathOf = (resolver) => resolver.resolveFile(`${root}/${file}`, 'x').path?.slice(root.length + 1);
    t.is(pathOf(auto), expected, file);
    t.is(pathOf(references), byReferences, file);
    t.is(pathOf(alone), undefined, file);
  }
  t.is(auto.sync(`${root}/tools`, 'x').path, `${root}/tools/x.ts`);
});

test('a config that is changed counts in the next turn, and what it extends', async (t) => {
  const root = treeFor(t, {
    'tsconfig.json': json({ extends: './base.json' }),
    'base.json': json({ compilerOptions: { paths: { x: ['./a.ts'] } } }),
    'a.ts': '',
    'b.ts': '',
  });
  const resolver = createResolver({ extensions, tsconfig: { configFile: root } });
  const watcher = createResolver({ extensions, tsconfig: { configFile: root }, believe: 'until-invalidated' });
  const both = () => [resolver, watcher].map(({ sync }) => sync(root, 'x').path?.slice(root.length + 1));
  t.deepEqual(both(), ['a.ts', 'a.ts']);
  for (const [name, text, expected] of [
    ['base.json', '{"compilerOptions":{"paths":{"x":["./b.ts"]}}}', 'b.ts'],
    ['tsconfig.json', '{"compilerOptions":{"paths":{"x":["./a.ts"]}}}', 'a.ts'],
    ['tsconfig.json', '{}', undefined],
    ['tsconfig.json', '{"extends":"./base.json"}', 'b.ts'],
  ]) {
    fs.writeFileSync(`${root}/${name}`, text);
    const before = watcher.sync(root, 'x').path;
    await nextTurn();
    t.is(watcher.sync(root, 'x').path, before);
    invalidate(`${root}/${name}`);
    t.deepEqual(both(), [expected, expected], text);
  }
});

test('a nearer tsconfig.json that is written later counts', async (t) => {
  const root = treeFor(t, { ...FILES, 'tsconfig.json': json({ compilerOptions: { paths: { x: ['./src/a.ts'] } } }) });
  const { resolveFile } = createResolver({ extensions, tsconfig: 'auto' });
  t.is(resolveFile(`${root}/src/lib/index.ts`, 'x').path, `${root}/src/a.ts`);
  fs.writeFileSync(`${root}/src/tsconfig.json`, '{"compilerOptions":{"paths":{"x":["./lib.ts"]}}}');
  await nextTurn();
  t.is(resolveFile(`${root}/src/lib/index.ts`, 'x').path, `${root}/src/lib.ts`);
});

test('what a watcher has to watch includes the configs', (t) => {
  const root = treeFor(t, { ...FILES, 'tsconfig.json': json({ extends: './shared/tsconfig.base' }) });
  const context = { fileDependencies: new Set(), missingDependencies: new Set() };
  createResolver({ extensions, tsconfig: 'auto' }).resolveFile(`${root}/src/a.ts`, 'base/deep/b', context);
  t.true(context.fileDependencies.has(`${root}/tsconfig.json`));
  t.true(context.fileDependencies.has(`${root}/shared/tsconfig.base.json`));
  t.true(context.missingDependencies.has(`${root}/src/tsconfig.json`));
});

test('a config that can’t be loaded is told', (t) => {
  const root = treeFor(t, {
    'missing/a.ts': '',
    'malformed/tsconfig.json': '{\n  "a": ]',
    'circle/tsconfig.json': json({ extends: './tsconfig.json' }),
    'extends/tsconfig.json': json({ extends: './nope' }),
  });
  const errorOf = (name) => {
    const { error, code } = createResolver({ tsconfig: { configFile: `${root}/${name}` } }).sync(root, './a');
    t.is(code, 'FAST_RESOLVE_TSCONFIG', name);
    return error;
  };
  t.regex(errorOf('missing'), /missing/);
  t.regex(errorOf('malformed'), /malformed\/tsconfig\.json:2:8/);
  t.regex(errorOf('circle'), /extend each other/);
  t.regex(errorOf('extends'), /'\.\/nope'/);
});

test('the option is checked', (t) => {
  for (const [tsconfig, code] of [
    [1, 'ERR_INVALID_ARG_TYPE'],
    ['other', 'ERR_INVALID_ARG_TYPE'],
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [{ configFile: '' }, 'ERR_INVALID_ARG_VALUE'],
    [{ configFile: 'a', references: [] }, 'ERR_INVALID_ARG_VALUE'],
    [{ configFile: 'a', other: 1 }, 'ERR_INVALID_ARG_VALUE'],
  ]) {
    t.throws(() => createResolver({ tsconfig }), { instanceOf: TypeError, code });
  }
});

test('what a package in extends leads to is looked for again, also where the config itself has been as it is for long', async (t) => {
  const root = treeFor(t, {
    'tsconfig.json': json({ extends: 'pkg' }),
    'src/x.ts': '',
    'src/y.ts': '',
    'node_modules/other.txt': '',
    'store/1/tsconfig.json': json({ compilerOptions: { paths: { x: ['../../src/x.ts'] } } }),
    'store/2/tsconfig.json': json({ compilerOptions: { paths: { x: ['../../src/y.ts'] } } }),
  });
  await wait(2100);
  const resolvers = ['turn', 'nothing', 'until-invalidated'].map((believe) =>
    createResolver({ extensions, tsconfig: 'auto', believe }),
  );
  const check = (expected) => {
    for (const { sync } of resolvers) t.is(sync(`${root}/src`, 'x').path?.slice(root.length + 1), expected);
  };
  check(undefined);
  for (const [store, expected] of [
    ['1', 'src/x.ts'],
    ['2', 'src/y.ts'],
  ]) {
    fs.rmSync(`${root}/node_modules/pkg`, { force: true });
    fs.symlinkSync(`../store/${store}`, `${root}/node_modules/pkg`);
    await nextTurn();
    invalidate(`${root}/node_modules/pkg`);
    check(expected);
  }
});
