// Paths of Windows, which this can't be run on: what tells requests apart, finds the snapshot and follows paths, over `path.win32` and a disk
// that is an object.

import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';

const require = createRequire(import.meta.url);
const room = path.resolve(import.meta.dirname, '../../lib/resolve');
const { win32 } = path;

/** What is at a path: a text for a file, a list of names for a directory, `{ target }` for a link. */
const DISK = {
  'C:\\': ['app', 'store'],
  'C:\\app': ['package.json', 'main.js', 'node_modules'],
  'C:\\app\\package.json': '{}',
  'C:\\app\\main.js': '',
  'C:\\app\\node_modules': ['dep', 'linked'],
  'C:\\app\\node_modules\\dep': ['index.js'],
  'C:\\app\\node_modules\\dep\\index.js': '',
  'C:\\app\\node_modules\\linked': { target: 'C:\\store\\linked\\' },
  'C:\\store': ['linked'],
  'C:\\store\\linked': ['index.js', 'up'],
  'C:\\store\\linked\\index.js': '',
  'C:\\store\\linked\\up': { target: '..\\linked' },
};

const lstatSync = (file) => {
  const entry = DISK[file];
  if (entry === undefined) return undefined;
  return {
    isDirectory: () => Array.isArray(entry),
    isSymbolicLink: () => entry.target !== undefined,
    isFile: () => typeof entry === 'string',
  };
};

const { captured } = require(`${room}/captured.js`);
const { basics } = require(`${room}/basics.js`);
const env = { LOCALAPPDATA: 'C:\\data\\local' };
Object.assign(captured, {
  path: win32,
  platform: 'win32',
  env,
  disk: { ...captured.disk, lstatSync, readlinkSync: (file) => DISK[file].target },
  _nodeModulePaths: (directory) => {
    const paths = [];
    for (let above = directory; ; above = win32.dirname(above)) {
      if (win32.basename(above) !== 'node_modules') paths.push(win32.join(above, 'node_modules'));
      if (above === win32.dirname(above)) return paths;
    }
  },
});
Object.assign(basics, {
  path: win32,
  platform: 'win32',
  env,
  existsSync: (file) => DISK[win32.normalize(file)] !== undefined,
});

const { directoryOfParent, isOfFile } = require(`${room}/asking.js`);
const { DiskFacts } = require(`${room}/disk_facts.js`);
const { listPlaces } = require(`${room}/find_snapshot.js`);
const { hasNodesPaths, isBare } = require(`${room}/lookup_paths.js`);
const { started } = require(`${room}/program.js`);

test('a module on a drive asks; what lies on other machines or is a device is left to Node', (t) => {
  const isOfModule = (filename) => isOfFile('dep', { id: filename, filename }, false);
  t.true(isOfModule('C:\\app\\main.js'));
  t.true(isOfModule('d:\\main.js'));
  for (const other of ['\\\\server\\share\\main.js', '\\\\?\\C:\\app\\main.js', '\\main.js', '/main.js', 'C:main.js']) {
    t.false(isOfModule(other), other);
  }
  t.true(isOfFile('C:\\app\\main.js', null, false));
  t.false(isOfFile('/app/main.js', null, false));
});

test('the directory of a module is that of its path, whatever its case', (t) => {
  const directoryOf = (filename) => directoryOfParent({ filename, path: win32.dirname(filename) });
  t.is(directoryOf('C:\\app\\main.js'), 'C:\\app');
  t.is(directoryOf('c:\\App\\main.js'), 'c:\\App');
  t.is(directoryOf('C:\\main.js'), 'C:\\');
});

test('`module.paths` is compared with what Node makes of a directory', (t) => {
  const paths = ['C:\\app\\node_modules', 'C:\\node_modules'];
  t.true(hasNodesPaths({ paths }, 'C:\\app'));
  t.false(hasNodesPaths({ paths: paths.toReversed() }, 'C:\\app'));
  t.false(hasNodesPaths({ paths: paths.slice(1) }, 'C:\\app'));
});

test('`.\\a` and `C:\\a` are compared with it as well, as a bare name is', (t) => {
  for (const request of ['dep', '.\\a', '..\\a', 'C:\\app\\main.js'])
    t.is(isBare(request), request !== '..\\a', request);
  t.false(isBare('./a'));
});

test('paths are followed through drives, folders and junctions', (t) => {
  const facts = new DiskFacts();
  facts.begin();
  t.is(facts.realPathOf('C:\\app\\node_modules\\dep\\index.js'), 'C:\\app\\node_modules\\dep\\index.js');
  t.is(facts.realPathOf('C:\\app\\node_modules\\linked\\index.js'), 'C:\\store\\linked\\index.js');
  t.is(facts.realPathOf('C:\\app\\node_modules\\linked\\up\\index.js'), 'C:\\store\\linked\\index.js');
  t.is(facts.realPathOf('C:\\app\\main.js\\x'), undefined);
  t.is(facts.kindOf('C:\\app\\node_modules\\linked'), 1);
  t.is(facts.kindOf('C:\\app\\main.js'), 0);
  t.is(facts.kindOf('C:\\void\\at\\all'), -2);
  t.is(facts.kindOf('D:\\'), -2);
});

test('what an answer rests on are the names on its way, each once', (t) => {
  const facts = new DiskFacts();
  facts.begin();
  facts.kindOf('C:\\app\\node_modules\\linked\\index.js');
  facts.kindOf('C:\\app\\node_modules\\linked\\absent.js');
  const met = [];
  for (let each = facts.met; each !== undefined; each = each.before) met.push(each.name.path);
  t.deepEqual(met.toSorted(), [
    'C:\\',
    'C:\\app',
    'C:\\app\\node_modules',
    'C:\\app\\node_modules\\linked',
    'C:\\store',
    'C:\\store\\linked',
    'C:\\store\\linked\\absent.js',
    'C:\\store\\linked\\index.js',
  ]);
});

test.serial('the snapshot lies in the local data of the user, or where somebody says', (t) => {
  Object.assign(started, { program: 'C:\\app\\main.js', snapshotOf: ' C:\\app\\main.js v24.0.0' });
  const name = '%20C%3A%5Capp%5Cmain.js%20v24.0.0.fast-resolve.snapshot';
  t.deepEqual(listPlaces(), {
    name,
    first: 'C:\\app/node_modules/.cache/fast-resolve',
    second: `${env.LOCALAPPDATA}/fast-resolve`,
  });
  // Of a program that no package.json is above.
  started.program = 'D:\\void\\main.js';
  t.is(listPlaces().first, 'D:\\/node_modules/.cache/fast-resolve');
  env.FAST_RESOLVE_CACHE = 'C:\\cache\\';
  t.deepEqual(listPlaces(), { name, first: 'C:\\cache', second: undefined });
  env.FAST_RESOLVE_CACHE = 'cache';
  t.is(listPlaces(), undefined);
});
