// `fast-resolve precompile`, `stats` and `clear`.

import fs from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import test from 'ava';
import { checkInterrupted, run, workIn } from './command.mjs';

const library = path.resolve(import.meta.dirname, '../../index.js');
const FILES = {
  // Fewer are not worth a snapshot.
  ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`dependency-${index}.js`, ''])),
  'server.js': `
    for (let index = 0; index < 40; index++) require('./dependency-' + index);
    const server = require('node:http').createServer().listen(0);
    if (process.argv[2] === 'show') {
      server.close();
      console.log(require(${JSON.stringify(library)}).stats().snapshot.state, process.env.NODE_OPTIONS, process.env.FAST_RESOLVE_UNTIL);
    }`,
};

const json = async (directory, args) => {
  const result = await run(directory, [...args, '--json']);
  return result.code === 0 ? JSON.parse(result.stdout) : result;
};

const filesBelow = (directory) =>
  fs.existsSync(directory)
    ? fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];

test('what precompile has written, run uses, stats tells of and clear takes away', async (t) => {
  const directory = workIn(t, FILES);
  const cache = `${directory}/cache/fast-resolve`;
  t.is((await run(directory, ['stats'])).stdout, 'Nothing is kept.\n');

  const written = await json(directory, ['precompile', '--until', 'listening', 'server.js', 'an argument']);
  t.is(written.snapshots.length, 1);
  t.true(written.snapshots[0].file.startsWith(`${cache}/`));
  t.is(fs.statSync(written.snapshots[0].file).size, written.snapshots[0].bytes);
  const compiled = filesBelow(`${cache}/compile-cache`);
  t.is(compiled.length > 0, module.enableCompileCache !== undefined);
  t.is(written.compileCache?.files ?? 0, compiled.length);
  t.is((await run(directory, ['run', 'server.js', 'show'])).stdout, 'used undefined undefined\n');

  const kept = await json(directory, ['stats']);
  const [snapshot] = kept.snapshots.flatMap(({ snapshots }) => snapshots);
  t.like(snapshot, { program: `${directory}/server.js`, version: process.version, unused: null });
  t.regex((await run(directory, ['stats'])).stdout, /server\.js +v[\d.]+ .* old\n/);
  const elsewhere = workIn(t, {});
  const env = { XDG_CACHE_HOME: `${directory}/cache` };
  t.notRegex((await run(elsewhere, ['stats'], { env })).stdout, /server\.js/);
  t.regex((await run(elsewhere, ['stats', '--all'], { env })).stdout, /server\.js/);

  fs.chmodSync(snapshot.file, 0o666);
  t.regex((await run(directory, ['stats'])).stdout, /not used: others may write it/);
  fs.chmodSync(snapshot.file, 0o600);
  fs.renameSync(`${directory}/server.js`, `${directory}/other.js`);
  t.regex((await run(directory, ['stats'])).stdout, /not used: the program is gone/);

  const taken = await json(directory, ['clear']);
  t.deepEqual(taken.snapshots, [snapshot.file]);
  t.deepEqual(filesBelow(cache), []);
  t.regex((await run(directory, ['clear'])).stdout, /^Took away 0 snapshots: 0 B\.\n$/);
});

test('snapshots of programs elsewhere stay, also those whose names were cut, and those that a file here was preloaded for', async (t) => {
  const directory = workIn(t, {});
  const cache = `${directory}/cache/fast-resolve`;
  fs.mkdirSync(cache, { recursive: true });
  const cut = encodeURIComponent(`/${'long/'.repeat(60)}app.js ${process.version}`);
  const names = ['F', '2F', '%2F'].map((begin) => begin + cut.slice(cut.indexOf('long')).slice(-150 + begin.length));
  names.push(encodeURIComponent(`-r ${directory}/preload.js /elsewhere/app.js ${process.version}`));
  const own = encodeURIComponent(`-r /elsewhere/preload.js ${directory}/app.js ${process.version}`).slice(-150);
  for (const name of [...names, own]) fs.writeFileSync(`${cache}/${name}.fast-resolve.snapshot`, '');
  t.is(names[0].length, 150);
  const all = (await json(directory, ['stats', '--all'])).snapshots.flatMap(({ snapshots }) => snapshots);
  t.is(all.length, names.length + 1);
  t.true(all.some(({ program }) => /^…(?:\/long)+\/app\.js$/.test(program)));
  const { snapshots } = await json(directory, ['clear']);
  t.deepEqual(snapshots, [`${cache}/${own}.fast-resolve.snapshot`]);
  t.is(filesBelow(cache).length, names.length);
});

test('in an image: what was made while it was built is believed where it is unpacked', async (t) => {
  const directory = workIn(t, {
    ...FILES,
    'server.js': `${FILES['server.js']}
      if (process.argv[2] === 'show') console.log(JSON.stringify(require(${JSON.stringify(library)}).stats().hits));`,
  });
  const env = { FAST_RESOLVE_CACHE: `${directory}/.cache`, NODE_COMPILE_CACHE: `${directory}/.cache/compile` };
  t.is((await run(directory, ['precompile', '--until', 'listening', 'server.js'], { env })).code, 0);
  const compiled = filesBelow(env.NODE_COMPILE_CACHE).length;

  // Unpacked, everything is where it was, and another file to the file system.
  fs.renameSync(directory, `${directory}.built`);
  t.teardown(() => fs.rmSync(`${directory}.built`, { recursive: true, force: true }));
  fs.cpSync(`${directory}.built`, directory, { recursive: true, preserveTimestamps: true });

  const show = async (more) => {
    const { stdout } = await run(directory, ['run', 'server.js', 'show'], { env: { ...env, ...more } });
    const [first, hits] = stdout.trim().split('\n');
    return { state: first.split(' ')[0], hits: JSON.parse(hits) };
  };
  const trusted = await show({ FAST_RESOLVE_TRUST: '1' });
  t.is(trusted.state, 'used');
  t.true(trusted.hits.thread >= 40);
  t.is(trusted.hits.process, 0);
  // What asks for stats(), the first starts have not loaded.
  t.true(filesBelow(env.NODE_COMPILE_CACHE).length - compiled <= 2, 'nothing else was compiled anew');
  // Without trust, each directory has another inode, so that Node's algorithm is followed.
  t.true((await show({})).hits.thread < 40);
});

test('by whatever path, and beside whatever else', async (t) => {
  const outer = workIn(t, { ...FILES });
  for (const name of ['my app', 'x'.repeat(200), 'other']) {
    const directory = `${outer}/${name}`;
    fs.mkdirSync(directory);
    for (const [file, content] of Object.entries(FILES)) fs.writeFileSync(`${directory}/${file}`, content);
  }
  const cache = `${outer}/cache/fast-resolve`;
  const listed = async (directory) =>
    (await json(outer, ['stats', directory])).snapshots.flatMap(({ snapshots }) => snapshots).length;
  for (const name of ['my app', 'x'.repeat(200)]) {
    const { snapshots } = await json(outer, ['precompile', '--until', 'listening', `${name}/server.js`]);
    t.is(snapshots.length, 1, name);
    t.is(await listed(name), 1, name);
  }
  t.is(await listed('other'), 0);
  // Of a long path, only the end is known: where that lies is not.
  t.is(await listed('.'), 1);

  // What is no snapshot is left alone, and nothing ends by it.
  fs.symlinkSync('/nowhere', `${cache}/link.fast-resolve.snapshot`);
  fs.mkdirSync(`${cache}/directory.fast-resolve.snapshot`);
  t.is((await json(outer, ['clear', 'other'])).snapshots.length, 0);
  t.is((await json(outer, ['clear'])).snapshots.length, 1);
  t.is((await json(outer, ['clear', '--all'])).snapshots.length, 1);
  fs.writeFileSync(`${outer}/file`, '');
  const env = { FAST_RESOLVE_CACHE: `${outer}/file`, NODE_COMPILE_CACHE: `${outer}/file` };
  t.is((await run(outer, ['stats'], { env })).code, 0);
});

test('interrupted, precompile leaves nothing behind', (t) => checkInterrupted(t, 'precompile', 'SIGTERM'));
