// Conditions of `exports` and `imports`: the ones that Node sets, and the user's, in every spelling of the option.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const exportsOf = (...conditions) => ({
  json: { exports: Object.fromEntries(conditions.map((condition) => [condition, `./${condition}.js`])) },
});

const packages = {
  'node_modules/custom/package.json': exportsOf('second', 'first', 'a b', 'default'),
  'node_modules/addons/package.json': exportsOf('node-addons', 'default'),
  'node_modules/sync/package.json': exportsOf('module-sync', 'default'),
  'node_modules/order/package.json': exportsOf('import', 'browser', 'development', 'require', 'node', 'default'),
  'package.json': { json: { imports: { '#custom': { first: './first.js', default: './default.js' } } } },
};

const app = `
  const path = require('path');
  const names = ['custom', 'addons', 'sync', 'order', '#custom'];
  console.log(names.map((name) => path.basename(require.resolve(name), '.js')).join());
`;

// The targets are empty files; a package needs all of its own.
const targets = Object.fromEntries(
  ['custom', 'addons', 'sync', 'order'].flatMap((name) =>
    [
      'second',
      'first',
      'a b',
      'default',
      'node-addons',
      'module-sync',
      'import',
      'browser',
      'development',
      'require',
      'node',
    ].map((condition) => [`node_modules/${name}/${condition}.js`, '']),
  ),
);

const files = { ...packages, ...targets, 'first.js': '', 'default.js': '', 'app.js': app };

const sync = process.features.require_module ? 'module-sync' : 'default';
const answers = ({ custom = 'default', addons = 'node-addons', moduleSync = sync, imports = 'default' } = {}) => [
  [custom, addons, moduleSync, 'require', imports].join(),
];

const first = answers({ custom: 'first', imports: 'first' });
const both = answers({ custom: 'second', imports: 'first' });

const run = (title, stdout, ...nodeArguments) => ({
  title,
  files,
  nodeArguments: [...nodeArguments, '<witness>', '<hook>'],
  stdout,
});

const runWithEnvironment = (title, stdout, env) => ({ title, files, env, stdout });

// Where addons are forbidden the hook can't be had, and says so.
const addonsForbidden = { witnesses: { stock: ['original'], hooked: ['original'] } };

testPrograms(test, [
  run('no condition', answers()),
  run('-C first', first, '-C', 'first'),
  run('--conditions first', first, '--conditions', 'first'),
  run('--conditions=first', first, '--conditions=first'),
  {
    ...run('-C=first is no option of Node', [], '-C=first'),
    stderr: [/bad option: -C=first/],
    exitCode: 9,
    witnesses: { stock: [], hooked: [] },
  },
  run('-C given twice', both, '-C', 'first', '-C', 'second'),
  run('both spellings, in the other order: the order of the keys decides', both, '--conditions=second', '-C', 'first'),
  run('a condition with a space', answers({ custom: 'a b' }), '--conditions=a b'),
  run('a condition that no package has', answers(), '-C', 'unheard-of'),
  run('a list with commas is one condition', answers(), '--conditions=first,second'),
  { ...run('conditions after the hook', first), nodeArguments: ['<witness>', '<hook>', '-C', 'first'] },
  run('a condition that looks like an option', answers(), '-C', '\\--no-addons'),
  { ...run('--no-addons', answers({ addons: 'default' }), '--no-addons'), ...addonsForbidden },
  run('--no-addons and then --addons', answers(), '--no-addons', '--addons'),
  {
    ...run('--no_addons, as Node takes underscores for dashes', answers({ addons: 'default' }), '--no_addons'),
    ...addonsForbidden,
  },
  run('--no-experimental-require-module', answers({ moduleSync: 'default' }), '--no-experimental-require-module'),
  runWithEnvironment('NODE_OPTIONS=-C first', first, { NODE_OPTIONS: '-C first' }),
  runWithEnvironment('NODE_OPTIONS=--conditions=first', first, { NODE_OPTIONS: '--conditions=first' }),
  runWithEnvironment('NODE_OPTIONS with quotes', first, { NODE_OPTIONS: '"--conditions=first"' }),
  runWithEnvironment('NODE_OPTIONS with a quoted value', first, { NODE_OPTIONS: '--conditions "first"' }),
  runWithEnvironment('NODE_OPTIONS with a space in the value', answers({ custom: 'a b' }), {
    NODE_OPTIONS: '--conditions="a b"',
  }),
  runWithEnvironment('NODE_OPTIONS with a backslash in quotes', first, { NODE_OPTIONS: '"--conditions=fi\\rst"' }),
  {
    ...runWithEnvironment('NODE_OPTIONS with --no-addons', answers({ addons: 'default' }), {
      NODE_OPTIONS: '--no-addons',
    }),
    ...addonsForbidden,
  },
  {
    ...run('conditions in NODE_OPTIONS and on the command line', both, '-C', 'second'),
    env: { NODE_OPTIONS: '-C first' },
  },
  {
    ...run('NODE_OPTIONS in a file of --env-file', first, '--env-file=<root>/options.env'),
    files: { ...files, 'options.env': 'NODE_OPTIONS="--conditions=first"' },
    // The hook can't tell this from what an earlier preload changed, and steps aside.
    witnesses: { hooked: ['original'] },
  },
  {
    title: 'NODE_OPTIONS that an earlier preload changed, with a file of --env-file',
    files: { ...files, 'options.env': 'OTHER=1', 'change.js': "process.env.NODE_OPTIONS = '-C first';" },
    nodeArguments: ['--env-file=<root>/options.env', '<witness>', '-r', '<root>/change.js', '<hook>'],
    stdout: answers(),
    witnesses: { hooked: ['original'] },
  },
  {
    title: 'conditions that a program adds to its own NODE_OPTIONS and arguments are for its children',
    files: {
      ...files,
      'app.js': `process.env.NODE_OPTIONS = '-C first'; process.execArgv.push('-C', 'first'); ${app}`,
    },
    stdout: answers(),
  },
  {
    title: 'conditions that a program takes away from its own NODE_OPTIONS and arguments are still its own',
    files: { ...files, 'app.js': `delete process.env.NODE_OPTIONS; process.execArgv.length = 0; ${app}` },
    nodeArguments: ['-C', 'first', '<witness>', '<hook>'],
    env: { NODE_OPTIONS: '-C second' },
    stdout: both,
  },
  {
    title: 'conditions that an earlier preload takes away are still there',
    files: { ...files, 'clear.js': `delete process.env.NODE_OPTIONS; process.execArgv = [];` },
    nodeArguments: ['-C', 'first', '<witness>', '-r', './clear.js', '<hook>'],
    env: { NODE_OPTIONS: '-C second' },
    stdout: both,
    // Whether the hook is in place where it can't know the options is its own affair.
    witnesses: null,
  },
]);
