import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import test from 'ava';
import { nodeMajor } from '../helpers/cases.mjs';
import { fastResolve, nodeAnswer, ourAnswer } from '../helpers/oracle.mjs';
import { treeFor } from '../helpers/tree.mjs';

const { createResolver } = fastResolve;

const tree = {
  'a.js': '',
  'a.ts': '',
  'only.ts': '',
  'typed.d.ts': '',
  plain: '',
  'dir/index.js': '',
  'dir/index.ts': '',
  'link.js': { link: 'a.js' },
  'node_modules/fs/index.js': '',
  'node_modules/node:fs/index.js': '',
  'node_modules/mains/package.json': {
    json: { main: './main.js', module: './module.js', browser: { './main.js': './browser.js' }, empty: '', number: 1 },
  },
  'node_modules/mains/main.js': '',
  'node_modules/mains/module.js': '',
  'node_modules/mains/index.js': '',
  'node_modules/broken-main/package.json': { json: { main: './main.js', module: './missing.js' } },
  'node_modules/broken-main/main.js': '',
  'node_modules/broken-main/index.js': '',
  'node_modules/conditions/package.json': {
    json: {
      name: 'conditions',
      exports: {
        '.': { custom: './custom.js', import: './import.js', require: './require.js', default: './default.js' },
        './addons': { 'node-addons': './custom.js', default: './default.js' },
        './none': { nothing: './custom.js' },
        './null': null,
        './bad': '../x',
      },
      imports: { '#a': { custom: './custom.js', default: './default.js' }, '#fs': 'fs' },
    },
  },
  'node_modules/conditions/custom.js': '',
  'node_modules/conditions/import.js': '',
  'node_modules/conditions/require.js': '',
  'node_modules/conditions/default.js': '',
  'extra/global/index.js': '',
  'extra/mains/index.js': '',
  'second/global/index.js': '',
  'second/other/index.js': '',
};

/** [title, options, request, directory, answer: a name in the tree, or an error's code] */
const rows = [
  ['conditions: custom', { conditions: ['custom'] }, 'conditions', '', 'node_modules/conditions/custom.js'],
  ['conditions: import', { conditions: ['import', 'node'] }, 'conditions', '', 'node_modules/conditions/import.js'],
  [
    'conditions: the order does not matter',
    { conditions: ['require', 'custom'] },
    'conditions',
    '',
    'node_modules/conditions/custom.js',
  ],
  ['conditions: none but default', { conditions: [] }, 'conditions', '', 'node_modules/conditions/default.js'],
  [
    'conditions: none but default, no match',
    { conditions: [] },
    'conditions/none',
    '',
    'ERR_PACKAGE_PATH_NOT_EXPORTED',
  ],
  [
    'conditions: without node-addons',
    { conditions: ['node', 'require'] },
    'conditions/addons',
    '',
    'node_modules/conditions/default.js',
  ],
  [
    'conditions: in imports',
    { conditions: ['custom'] },
    '#a',
    'node_modules/conditions',
    'node_modules/conditions/custom.js',
  ],
  [
    'conditions: in a self reference',
    { conditions: ['custom'] },
    'conditions',
    'node_modules/conditions',
    'node_modules/conditions/custom.js',
  ],
  ['extensions: another one', { extensions: ['.ts'] }, './a', '', 'a.ts'],
  ['extensions: order', { extensions: ['.ts', '.js'] }, './a', '', 'a.ts'],
  ['extensions: the other order', { extensions: ['.js', '.ts'] }, './a', '', 'a.js'],
  ['extensions: the second one', { extensions: ['.js', '.ts'] }, './only', '', 'only.ts'],
  ['extensions: with two dots', { extensions: ['.d.ts'] }, './typed', '', 'typed.d.ts'],
  ['extensions: none', { extensions: [] }, './a', '', 'MODULE_NOT_FOUND'],
  ['extensions: none, by the full name', { extensions: [] }, './a.js', '', 'a.js'],
  ['extensions: none, and no index', { extensions: [] }, './dir', '', 'MODULE_NOT_FOUND'],
  ['extensions: of an index', { extensions: ['.ts', '.js'] }, './dir', '', 'dir/index.ts'],
  ['mainFields: another one', { mainFields: ['module'] }, 'mains', '', 'node_modules/mains/module.js'],
  ['mainFields: order', { mainFields: ['module', 'main'] }, 'mains', '', 'node_modules/mains/module.js'],
  ['mainFields: one that is absent', { mainFields: ['nope', 'main'] }, 'mains', '', 'node_modules/mains/main.js'],
  ['mainFields: one that is empty', { mainFields: ['empty', 'main'] }, 'mains', '', 'node_modules/mains/main.js'],
  ['mainFields: one that is a number', { mainFields: ['number', 'main'] }, 'mains', '', 'node_modules/mains/main.js'],
  ['mainFields: one that is an object', { mainFields: ['browser', 'main'] }, 'mains', '', 'node_modules/mains/main.js'],
  ['mainFields: none', { mainFields: [] }, 'mains', '', 'node_modules/mains/index.js'],
  [
    'mainFields: one that every object has',
    { mainFields: ['constructor', '__proto__'] },
    'mains',
    '',
    'node_modules/mains/index.js',
  ],
  [
    'mainFields: a missing file falls to the index',
    { mainFields: ['module', 'main'] },
    'broken-main',
    '',
    'node_modules/broken-main/index.js',
  ],
  ['preserveSymlinks', { preserveSymlinks: true }, './link', '', 'link.js'],
  ['not preserveSymlinks', { preserveSymlinks: false }, './link', '', 'a.js'],
  ['builtins', { builtins: true }, 'fs', '', { text: 'fs' }],
  ['builtins with the scheme', { builtins: true }, 'node:fs', '', { text: 'node:fs' }],
  ['no builtins', { builtins: false }, 'fs', '', 'node_modules/fs/index.js'],
  ['no builtins, with the scheme', { builtins: false }, 'node:fs', '', 'node_modules/node:fs/index.js'],
  ['no builtins, no package', { builtins: false }, 'path', '', 'MODULE_NOT_FOUND'],
  ['null target', { builtins: true }, 'conditions/null', '', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
  ['invalid target', { builtins: true }, 'conditions/bad', '', 'ERR_INVALID_PACKAGE_TARGET'],
];

for (const [title, options, request, directory, expected] of rows) {
  test(title, (t) => {
    const root = treeFor(t, tree);
    const answer = ourAnswer(request, `${root}/${directory}`, createResolver(options).resolve);
    t.is(answer.path ?? answer.error.code, textOf(root, expected));
  });
}

test('paths: in place of NODE_PATH and the global folders', (t) => {
  const root = treeFor(t, tree);
  const { resolve } = createResolver({ paths: [`${root}/extra`, `${root}/second`] });
  t.is(resolve('global', `${root}/dir`), `${root}/extra/global/index.js`);
  t.is(resolve('other', `${root}/dir`), `${root}/second/other/index.js`);
  t.is(resolve('mains', `${root}/dir`), `${root}/node_modules/mains/main.js`);
  t.throws(() => createResolver({ paths: [] }).resolve('global', root), { code: 'MODULE_NOT_FOUND' });
  t.throws(() => resolve('./global', root), { code: 'MODULE_NOT_FOUND' });
});

test('resolve.paths knows the options', (t) => {
  const { resolve } = createResolver({ paths: ['/extra', '/second'] });
  t.deepEqual(resolve.paths('a', '/x'), ['/x/node_modules', '/node_modules', '/extra', '/second']);
  t.deepEqual(resolve.paths('./a', '/x'), ['/x']);
  t.is(resolve.paths('fs', '/x'), null);
  t.deepEqual(createResolver({ paths: [] }).resolve.paths('a', '/'), ['/node_modules']);
  t.deepEqual(createResolver({ paths: [], builtins: false }).resolve.paths('fs', '/'), ['/node_modules']);
  t.deepEqual(createResolver().resolve.paths('a', '/x'), fastResolve.resolve.paths('a', '/x'));
});

test('a list that is changed afterwards does not change the resolver', (t) => {
  const root = treeFor(t, tree);
  const extensions = ['.js'];
  const { resolve } = createResolver({ extensions });
  extensions.unshift('.ts');
  t.is(resolve('./a', root), `${root}/a.js`);
});

const USUAL_CONDITIONS = ['node', 'require', 'node-addons', 'module-sync'];

/** Options that are equal to Node's own: the answers are Node's then. */
const DEFAULTS = [
  undefined,
  {},
  {
    conditions: undefined,
    extensions: undefined,
    mainFields: undefined,
    preserveSymlinks: undefined,
    paths: undefined,
    builtins: undefined,
  },
  { extensions: ['.js', '.json', '.node'] },
  { mainFields: ['main'] },
  { preserveSymlinks: false },
  { builtins: true },
  ...(nodeMajor >= 22 ? [{ conditions: USUAL_CONDITIONS }] : []),
];

const REQUESTS = [
  './a',
  './a.js',
  './nope',
  './dir',
  './dir/',
  './link',
  '.',
  '..',
  'fs',
  'node:fs',
  'fs/',
  'node:nope',
  'mains',
  'mains/nope',
  'broken-main',
  'conditions',
  'conditions/addons',
  'conditions/none',
  'conditions/null',
  'conditions/bad',
  'conditions/nope',
  '#a',
  '#fs',
  '#nope',
  '#',
  '',
  '@s',
  'nope',
  './a\0',
  '/',
];

for (const options of DEFAULTS) {
  test(`options that are Node's own: ${inspect(options)}`, (t) => {
    const root = treeFor(t, tree);
    const { resolve } = createResolver(options);
    for (const fromDir of [root, `${root}/node_modules/conditions`, `${root}/nope`]) {
      for (const request of REQUESTS) {
        t.deepEqual(ourAnswer(request, fromDir, resolve), nodeAnswer(request, fromDir), `${request} from ${fromDir}`);
      }
    }
  });
}

test('what is not given is as the running Node has it', async (t) => {
  const root = treeFor(t, tree);
  const script = `
    const { resolve } = require(process.argv[1]).createResolver({ mainFields: ['module'] });
    console.log(JSON.stringify([resolve('./link', process.argv[2]), resolve('conditions', process.argv[2]), resolve('global', process.argv[2])]));
  `;
  const library = fileURLToPath(new URL('../../index.js', import.meta.url));
  const execArgv = ['--preserve-symlinks', '-C', 'custom', '-e', script, library, root];
  const env = { ...process.env, NODE_PATH: `${root}/second` };
  const { stdout } = await promisify(execFile)(process.execPath, execArgv, { env });
  t.deepEqual(JSON.parse(stdout), [
    `${root}/link.js`,
    `${root}/node_modules/conditions/custom.js`,
    `${root}/second/global/index.js`,
  ]);
});

/** [title, options, code] */
const INVALID = [
  ['options is null', null, 'ERR_INVALID_ARG_TYPE'],
  ['options is a string', 'conditions', 'ERR_INVALID_ARG_TYPE'],
  ['options is an array', [], 'ERR_INVALID_ARG_TYPE'],
  ['an unknown option', { condition: [] }, 'ERR_INVALID_ARG_VALUE'],
  ['an unknown option that is undefined', { condition: undefined }, 'ERR_INVALID_ARG_VALUE'],
  ['conditions is a string', { conditions: 'custom' }, 'ERR_INVALID_ARG_TYPE'],
  ['conditions is null', { conditions: null }, 'ERR_INVALID_ARG_TYPE'],
  ['conditions is a Set', { conditions: new Set(['custom']) }, 'ERR_INVALID_ARG_TYPE'],
  ['conditions holds a number', { conditions: ['custom', 1] }, 'ERR_INVALID_ARG_TYPE'],
  ['conditions has a hole', { conditions: new Array(1) }, 'ERR_INVALID_ARG_TYPE'],
  ['extensions is a string', { extensions: '.js' }, 'ERR_INVALID_ARG_TYPE'],
  ['extensions holds undefined', { extensions: [undefined] }, 'ERR_INVALID_ARG_TYPE'],
  ['mainFields is an object', { mainFields: {} }, 'ERR_INVALID_ARG_TYPE'],
  ['mainFields holds a number', { mainFields: [1] }, 'ERR_INVALID_ARG_TYPE'],
  ['preserveSymlinks is a number', { preserveSymlinks: 1 }, 'ERR_INVALID_ARG_TYPE'],
  ['builtins is a list', { builtins: ['fs'] }, 'ERR_INVALID_ARG_TYPE'],
  ['paths is a string', { paths: '/a' }, 'ERR_INVALID_ARG_TYPE'],
  ['paths holds a relative path', { paths: ['a'] }, 'ERR_INVALID_ARG_VALUE'],
  ['paths holds a URL', { paths: [new URL('file:///a')] }, 'ERR_INVALID_ARG_TYPE'],
];

for (const [title, options, code] of INVALID) {
  test(`invalid: ${title}`, (t) => {
    const error = t.throws(() => createResolver(options), { instanceOf: TypeError, code });
    t.is(error.name, 'TypeError');
  });
}

function textOf(root, expected) {
  if (typeof expected === 'object') return expected.text;
  return /^[A-Z_]+$/.test(expected) ? expected : `${root}/${expected}`;
}

test('U+FFFD is a character like any other', (t) => {
  const root = treeFor(t, { 'a\ufffd.js': '', 'b\ufffd/c.js': '' });
  const { resolve } = createResolver({ mainFields: ['main'] });
  t.is(resolve('./a\ufffd', root), `${root}/a\ufffd.js`);
  t.is(resolve('./c', `${root}/b\ufffd`), `${root}/b\ufffd/c.js`);
  t.is(resolve(`${root}/a\ufffd.js`, `${root}/missing\ufffd`), `${root}/a\ufffd.js`);
});

test('NUL is in no name', (t) => {
  const { resolve } = createResolver({ mainFields: ['main'] });
  t.throws(() => resolve('./a\0', '/'), { code: 'MODULE_NOT_FOUND' });
});
