// Random trees, options and requests for resolvers of tools.

/** A number of small factors, so that `pick` is fair. */
export const STEPS = 2 ** 4 * 3 ** 2 * 5 * 7 * 11 * 13;

const PACKAGES = ['p', 'q', '@s/r', 'r-s', 'app'];
const NAMES = ['a', 'b', 'index', 'main', 'lib', 'x'];
const ENDINGS = ['', '.js', '.ts', '.json', '.mjs', '.node', '.css', '.d.ts'];
const TARGETS = ['./a.js', './lib/a.js', './a', './lib', './index.js', './missing.js', './b.ts', './main.js'];

/** Chooses by a stream of whole numbers below STEPS. */
export function createChoices(stream) {
  const next = () => stream.next().value;
  const pick = (choices) => choices[next() % choices.length];
  return {
    pick,
    chance: (share) => next() < share * STEPS,
    some: (choices, count) => Array.from({ length: count }, () => pick(choices)),
  };
}

const fromPairs = (keys, createValue) => Object.fromEntries(keys.map((key) => [key, createValue(key)]));

function createConditions({ pick, chance, some }, depth = 0) {
  if (depth > 2 || chance(0.5)) return pick(TARGETS);
  if (chance(0.2)) return null;
  if (chance(0.25)) return some(TARGETS, 2);
  const conditions = some(['require', 'import', 'browser', 'node', 'default', 'types'], 2);
  return fromPairs(conditions, () => createConditions({ pick, chance, some }, depth + 1));
}

function createPackageJson(choices, name) {
  const { pick, chance, some } = choices;
  const json = {};
  if (chance(0.8)) json.name = name;
  if (chance(0.5)) json.main = pick(['./a.js', 'a', 'lib', 'main', './missing', 'index.js', '.', '']);
  if (chance(0.3)) json.module = pick(['./b.mjs', 'lib/a.mjs', 'a.ts', './missing.mjs']);
  if (chance(0.3)) {
    const keys = ['./a.js', './lib/a.js', 'p', 'q', './a', './index.js', '@s/r', './main.js'];
    const values = [false, './b.js', './lib/a.js', 'q', './a.js', 'p', './missing.js'];
    json.browser = chance(0.4) ? pick(['./a.js', 'lib']) : fromPairs(some(keys, 2), () => pick(values));
  }
  if (chance(0.35)) {
    const keys = ['.', './a', './a.js', './lib/*', './*', './lib/*.js', './x.js'];
    const patterns = ['./lib/*', './*.js', './lib/*.ts', './*', null];
    const targetOf = (key) => (key.includes('*') ? pick(patterns) : createConditions(choices));
    json.exports = chance(0.4) ? createConditions(choices) : fromPairs(some(keys, 3), targetOf);
  }
  if (chance(0.3)) {
    const values = ['./a.js', 'p', './lib/a.js', { browser: './b.js', default: './a.js' }, './missing.js', null];
    const targetOf = (key) => (key.includes('*') ? pick(['./lib/*', './lib/*.js', 'q/*']) : pick(values));
    json.imports = fromPairs(some(['#a', '#lib/*', '#p', '#x.js'], 2), targetOf);
  }
  if (chance(0.3)) json.type = pick(['module', 'commonjs']);
  return { json };
}

function fill(choices, tree, directory) {
  const { chance } = choices;
  for (const below of ['', 'lib/']) {
    for (const name of NAMES) {
      for (const ending of ENDINGS) {
        // A file that is called `index` is no index to Node.
        if (chance(0.16) && name + ending !== 'index') tree[`${directory}${below}${name}${ending}`] = '';
      }
    }
  }
  tree[`${directory}lib/other.txt`] = '';
  if (chance(0.15)) tree[`${directory}lib/package.json`] = createPackageJson(choices, 'lib');
}

export function createTree(choices) {
  const { chance } = choices;
  const tree = {};
  fill(choices, tree, 'app/');
  fill(choices, tree, 'app/src/');
  if (chance(0.8)) tree['app/package.json'] = createPackageJson(choices, 'app');
  if (chance(0.2)) tree['app/src/package.json'] = createPackageJson(choices, 'src');
  for (const base of ['app/node_modules/', 'node_modules/', 'app/src/node_modules/', 'app/web_modules/']) {
    for (const name of PACKAGES) {
      if (!chance(base === 'app/node_modules/' ? 0.7 : 0.2)) continue;
      fill(choices, tree, `${base}${name}/`);
      if (chance(0.85)) tree[`${base}${name}/package.json`] = createPackageJson(choices, name);
    }
  }
  if (chance(0.2)) tree['app/node_modules/single.js'] = '';
  if (chance(0.5)) tree['app/linked'] = { link: 'lib' };
  for (const directory of ['app/src/', 'app/web_modules/', 'app/node_modules/p/', 'lib/'])
    tree[`${directory}other.txt`] = '';
  // Of one without, others ask the package above `node_modules`, which Node does not.
  tree['app/node_modules/p/package.json'] ??= createPackageJson(choices, 'p');
  // A name can't be that of a file and of a directory.
  const names = Object.keys(tree);
  for (const name of names) if (names.some((other) => other.startsWith(`${name}/`))) delete tree[name];
  return tree;
}

export function createOptions({ pick, chance, some }, root) {
  const [app, lib, src] = ['app', 'app/lib', 'app/src'].map((name) => `${root}/${name}`);
  const requests = [lib, './src', 'q', 'p/lib', `${app}/a.js`, src, './missing', '@s/r'];
  const aliases = (names) =>
    fromPairs(some(names, 2), () => (chance(0.15) ? [false] : some(requests, chance(0.7) ? 1 : 2)));
  const choices = {
    extensions: [0.6, () => pick([['.js'], ['.ts', '.js'], ['.js', '.json'], ['.mjs', '.js', '.ts'], ['', '.js'], []])],
    conditionNames: [0.5, () => pick([['require', 'node'], ['import'], ['browser', 'import'], ['types']])],
    mainFields: [0.3, () => pick([['module', 'main'], ['browser', 'module', 'main'], [], ['missing', 'main']])],
    mainFiles: [0.2, () => pick([['index'], ['main', 'index'], []])],
    aliasFields: [0.3, () => ['browser']],
    alias: [0.3, () => aliases(['p', 'q$', 'lib', '@s', '@', './a', '#a', '~'])],
    fallback: [0.2, () => aliases(['p', 'missing', 'q', 'nope'])],
    extensionAlias: [0.2, () => pick([{ '.js': ['.ts', '.js'] }, { '.js': ['.ts'] }, { '.mjs': ['.mts', '.mjs'] }])],
    fullySpecified: [0.15, () => true],
    preferRelative: [0.1, () => true],
    preferAbsolute: [0.1, () => true],
    roots: [0.15, () => [app, src]],
    modules: [
      0.15,
      () =>
        pick([
          ['node_modules', 'web_modules'],
          ['web_modules', `${root}/node_modules`],
          [src, 'node_modules'],
        ]),
    ],
    symlinks: [0.15, () => false],
    enforceExtension: [0.1, () => true],
    resolveToContext: [0.07, () => true],
  };
  // More at a time make answers on which nobody else has an opinion.
  const chosen = Object.entries(choices)
    .filter(([, [share]]) => chance(share))
    .slice(-3);
  if (chance(0.05)) return { restrictions: [pick([app, lib, `${app}/node_modules`])] };
  return Object.fromEntries(chosen.map(([name, [, create]]) => [name, create()]));
}

const BELOW_PACKAGES = ['a', 'a.js', 'lib', 'lib/a', 'x.js', 'b', 'lib/a.js', 'package.json', 'missing'];
const RELATIVE = [
  ...['a', 'a.js', 'lib', 'lib/', 'lib/a', 'index', 'x.js', 'b.ts', 'main', 'missing', 'linked/a', 'lib/index'],
  ...['a?q', 'a.js?q=1#f', 'a#b', './a', '../app/a'],
];

export function createRequest({ pick }, root) {
  const kinds = [
    () => pick([...PACKAGES, 'single', 'missing', 'nope', 'lib', '~', '@']),
    () => `${pick([...PACKAGES, 'missing', '~', '@'])}/${pick(BELOW_PACKAGES)}`,
    () => `./${pick(RELATIVE)}`,
    () => pick(['.', '..', './', '../', './.', '../src', '../a.js', '../a']),
    () => pick(['#a', '#lib/a', '#p', '#lib/a.js', '#x.js', '#missing']),
    () =>
      pick(['/a', '/lib', '/a.js', '/lib/a', '/missing', ...['a', 'lib', 'a.js'].map((name) => `${root}/app/${name}`)]),
  ];
  return pick(kinds)();
}
