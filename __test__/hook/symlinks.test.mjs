// --preserve-symlinks in all its forms, against the usual real paths.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const files = {
  'real/index.js': 'exports.filename = __filename; exports.peer = () => require.resolve("peer");',
  'real/file.js': '',
  'node_modules/linked': { link: '../real' },
  'node_modules/peer/index.js': '',
  'real/node_modules/peer/index.js': '',
  'file-link.js': { link: 'real/file.js' },
  'lib-link': { link: 'real' },
  'package.json': { json: { imports: { '#linked': './lib-link/index.js' } } },
  'app.js': `
    const linked = require('linked');
    const others = ['linked/file', './file-link', '#linked'].map((request) => require.resolve(request));
    const names = [linked.filename, linked.peer(), ...others];
    console.log(names.map((name) => name.slice(__dirname.length)).join());
  `,
};

const real = ['/real/index.js,/real/node_modules/peer/index.js,/real/file.js,/real/file.js,/real/index.js'];
const preserved = [
  [
    '/node_modules/linked/index.js',
    '/node_modules/linked/node_modules/peer/index.js',
    '/node_modules/linked/file.js',
    '/file-link.js',
    '/lib-link/index.js',
  ].join(),
];

const run = (title, stdout, ...nodeArguments) => ({
  title,
  files,
  nodeArguments: [...nodeArguments, '<witness>', '<hook>'],
  stdout,
});

testPrograms(test, [
  run('links are followed', real),
  run('--preserve-symlinks', preserved, '--preserve-symlinks'),
  run('--preserve_symlinks, as Node takes underscores for dashes', preserved, '--preserve_symlinks'),
  run('--preserve-symlinks and then --no-preserve-symlinks', real, '--preserve-symlinks', '--no-preserve-symlinks'),
  run('--preserve-symlinks-main is another matter', real, '--preserve-symlinks-main'),
  { title: 'NODE_PRESERVE_SYMLINKS=1', files, env: { NODE_PRESERVE_SYMLINKS: '1' }, stdout: preserved },
  { title: 'NODE_PRESERVE_SYMLINKS=0', files, env: { NODE_PRESERVE_SYMLINKS: '0' }, stdout: real },
  { title: 'NODE_PRESERVE_SYMLINKS=true', files, env: { NODE_PRESERVE_SYMLINKS: 'true' }, stdout: real },
  { title: 'NODE_OPTIONS=--preserve-symlinks', files, env: { NODE_OPTIONS: '--preserve-symlinks' }, stdout: preserved },
  {
    ...run('--no-preserve-symlinks overrules NODE_PRESERVE_SYMLINKS=1', real, '--no-preserve-symlinks'),
    env: { NODE_PRESERVE_SYMLINKS: '1' },
  },
  {
    title: 'NODE_PRESERVE_SYMLINKS set by the program comes too late',
    files: { ...files, 'app.js': `process.env.NODE_PRESERVE_SYMLINKS = '1'; ${files['app.js']}` },
    stdout: real,
  },
  {
    ...run('NODE_PRESERVE_SYMLINKS set by an earlier preload comes too late', real),
    files: { ...files, 'set.js': `process.env.NODE_PRESERVE_SYMLINKS = '1';` },
    nodeArguments: ['<witness>', '-r', './set.js', '<hook>'],
  },
  {
    title: 'NODE_PRESERVE_SYMLINKS deleted by an earlier preload is still in force',
    files: { ...files, 'delete.js': `delete process.env.NODE_PRESERVE_SYMLINKS;` },
    nodeArguments: ['<witness>', '-r', './delete.js', '<hook>'],
    env: { NODE_PRESERVE_SYMLINKS: '1' },
    stdout: preserved,
  },
]);
