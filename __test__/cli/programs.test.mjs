// The commands on real programs, CommonJS and ES modules, their figures held against what others count.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { ensureCorpus, ensureEsmCorpus } from '../../bench/corpus/install.mjs';
import { programs } from '../../bench/corpus/programs.mjs';
import { esmPrograms } from '../../bench/esm/programs.mjs';
import { reasonNotToCount } from '../../bench/lib/count-system-calls.mjs';
import { environment, run, workIn } from './command.mjs';

const preload = path.resolve(import.meta.dirname, 'fixtures/notes_start.cjs');
const library = path.resolve(import.meta.dirname, '../../index.js');

const named = (list, names) => names.map((name) => list.find((program) => program.name === name).entry);
const COMMONJS = named(programs, ['express', 'fastify', 'graphql', 'knex', 'rollup', 'babel']);
const ES_MODULES = named(esmPrograms, ['hono', 'remark', 'openai', 'ink', 'vite', 'lodash-es']);

/** What Node 20 imports, nobody sees. */
const areImportsSeen = module.registerHooks !== undefined;
const unless = areImportsSeen ? '' : ' (this Node has no module.registerHooks, which sees imports)';

test.before('the programs are installed', (t) => {
  t.timeout(600_000);
  ensureCorpus();
  ensureEsmCorpus();
});

/** A directory for caches, and the environment with which a start of a program is noted in it. */
function noting(t, program, more) {
  const directory = workIn(t, {});
  const notes = path.join(directory, 'notes');
  const env = { NODE_OPTIONS: `-r ${JSON.stringify(preload)}`, NOTES: notes, PROGRAM: program, ...more };
  const readNotes = () => {
    const lines = fs.readFileSync(notes, 'utf8').trim().split('\n').map(JSON.parse);
    fs.rmSync(notes);
    return lines;
  };
  return { directory, env, readNotes };
}

const json = async (t, directory, args, options) => {
  const { stdout, stderr, code } = await run(directory, [...args, '--json'], options);
  t.is(code, 0, stderr);
  return JSON.parse(stdout);
};

const nameOf = (program) => path.basename(path.dirname(path.dirname(program))) + '/' + path.basename(program);

/** The scripts that V8 has run. */
function coveredBy(program, directory) {
  const NODE_V8_COVERAGE = path.join(directory, 'coverage');
  execFileSync(process.execPath, [program], { env: environment(directory, { NODE_V8_COVERAGE }) });
  const scripts = fs
    .readdirSync(NODE_V8_COVERAGE)
    .flatMap((file) => JSON.parse(fs.readFileSync(path.join(NODE_V8_COVERAGE, file), 'utf8')).result);
  const files = scripts.filter(({ url }) => url.startsWith('file:')).map(({ url }) => fileURLToPath(url));
  return [...new Set(files)].sort();
}

const isScript = (file) => !/\.(?:json|node|wasm)$/.test(file);

for (const program of [...COMMONJS, ...ES_MODULES]) {
  const isCommonJs = COMMONJS.includes(program);
  const testModules = isCommonJs || areImportsSeen ? test.serial : test.serial.skip;

  testModules(
    `doctor counts the modules of ${nameOf(program)} that V8 runs, and that are in require.cache${isCommonJs ? '' : unless}`,
    async (t) => {
      const { directory, env, readNotes } = noting(t, program);
      const { modules } = await json(t, directory, ['doctor', '--no-savings', program]);
      const files = modules.map(({ file }) => file);
      t.deepEqual(files.filter(isScript).sort(), coveredBy(program, directory));
      execFileSync(process.execPath, [program], { env: environment(directory, env) });
      const [noted] = readNotes();
      const required = modules.filter(({ isImported }) => !isImported).map(({ file }) => file);
      const lacking = (some, all) => some.filter((file) => !all.includes(file));
      t.deepEqual(lacking(noted.modules, files), []);
      // Of ES modules, require.cache has those that are required.
      if (isCommonJs) t.deepEqual(lacking(required, noted.modules), []);
    },
  );
}

/** The other commands have tests of their own: they take longer. */
for (const program of [...COMMONJS.slice(0, 3), ...ES_MODULES.slice(0, 3)]) {
  test.serial(`run is for ${nameOf(program)} what node is`, async (t) => {
    const { directory, env, readNotes } = noting(t, program);
    const stock = execFileSync(process.execPath, [program], { env: environment(directory, env), encoding: 'utf8' });
    const [noted] = readNotes();
    t.like(await run(directory, ['run', program], { env }), { code: 0, stdout: stock, stderr: '' });
    const [hooked] = readNotes();
    t.deepEqual(
      hooked.modules.filter((file) => !file.endsWith('/register.js')),
      noted.modules,
    );
  });

  test.serial(`bench starts ${nameOf(program)} as often as it says`, async (t) => {
    const { directory, env, readNotes } = noting(t, program);
    const { kinds, runs } = await json(t, directory, ['bench', '--runs', '1', program], { env });
    const isHooked = ({ execArgv }) => execArgv.includes('-r');
    const starts = readNotes();
    t.is(starts.length, kinds.length * (runs + 2));
    t.is(starts.filter(isHooked).length, starts.length / 2);
  });

  test.serial(`explain finds what ${nameOf(program)} asks for`, async (t) => {
    const source = fs.readFileSync(program, 'utf8');
    const [, request] = /(?:require\(|from )'((?!node:)[@a-z][\w@/-]+)'/.exec(
      source.replaceAll(new RegExp(`'(?:${module.builtinModules.join('|')})'`, 'g'), ''),
    );
    const directory = workIn(t, {});
    const { answer } = await json(t, directory, ['explain', request, '--from', program]);
    t.is(answer, createRequire(program).resolve(request));
  });

  test.serial(`precompile, stats and clear tell the same of ${nameOf(program)}`, async (t) => {
    const { directory, env, readNotes } = noting(t, program, { LIBRARY: library });
    env.FAST_RESOLVE_CACHE = path.join(directory, 'snapshots');
    const { snapshots } = await json(t, directory, ['precompile', program], { env });
    const onDisk = fs.existsSync(env.FAST_RESOLVE_CACHE)
      ? fs.readdirSync(env.FAST_RESOLVE_CACHE).map((name) => path.join(env.FAST_RESOLVE_CACHE, name))
      : [];
    t.deepEqual(
      snapshots.map(({ file, bytes }) => [file, bytes]),
      onDisk.map((file) => [file, fs.statSync(file).size]),
    );
    readNotes();
    await run(directory, ['run', program], { env });
    t.is(readNotes()[0].snapshot === 'used', snapshots.length > 0);
    const stats = await json(t, directory, ['stats', path.dirname(program)], { env });
    const kept = stats.snapshots.flatMap((place) => place.snapshots);
    t.deepEqual(
      kept.map(({ file, program: of, unused }) => [file, of, unused]),
      onDisk.map((file) => [file, program, null]),
    );
    t.deepEqual((await json(t, directory, ['clear', path.dirname(program)], { env })).snapshots, onDisk);
  });
}

const reason = reasonNotToCount();
const testCounts = reason === undefined ? test.serial : test.serial.skip;

for (const program of COMMONJS) {
  testCounts(
    `doctor counts what ${nameOf(program)} looks for in vain as strace does${reason === undefined ? '' : ` (${reason})`}`,
    async (t) => {
      const directory = workIn(t, {});
      const { lookedInVain } = await json(t, directory, ['doctor', '--no-savings', program]);
      // A file for each thread, so that no line is interrupted.
      fs.mkdirSync(path.join(directory, 'traces'));
      const output = path.join(directory, 'traces/trace');
      const { status } = spawnSync('strace', ['-ff', '-e', 'trace=%file', '-o', output, process.execPath, program]);
      t.is(status, 0);
      const traces = fs.readdirSync(path.join(directory, 'traces')).map((name) => path.join(directory, 'traces', name));
      const text = traces.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
      const failed = [...text.matchAll(/stat\w*\([^"\n]*"([^"]*)".* = -1 (?:ENOENT|ENOTDIR)/g)];
      // Node 22 finds out by the same call whether there is a package.json, which is no module.
      const places = failed.map(([, place]) => place).filter((place) => !place.endsWith('/package.json'));
      t.is(lookedInVain.all, places.length);
      t.is(lookedInVain.nodeModules, places.filter((place) => place.endsWith('/node_modules')).length);
      for (const { directory: place, count } of lookedInVain.directories) {
        t.is(count, places.filter((other) => other === place).length, place);
      }
    },
  );
}

test('doctor and --cpu-prof see the same package run longest', async (t) => {
  const busy = (milliseconds) => `
    module.exports = function work() { const end = performance.now() + ${milliseconds}; while (performance.now() < end); };
    module.exports();`;
  const directory = workIn(t, { 'main.js': `require('./short'); require('./long'); require('./middle');` });
  for (const [name, milliseconds] of Object.entries({ short: 20, long: 400, middle: 120 })) {
    fs.writeFileSync(path.join(directory, `${name}.js`), busy(milliseconds));
  }
  const { modules } = await json(t, directory, ['doctor', '--no-savings', 'main.js']);
  const longest = modules.toSorted((left, right) => right.running - left.running).slice(0, 3);
  t.true(longest[0].running >= 400);
  execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-dir', 'profile', 'main.js'], { cwd: directory });
  const [file] = fs.readdirSync(path.join(directory, 'profile'));
  const { nodes, samples, timeDeltas } = JSON.parse(fs.readFileSync(path.join(directory, 'profile', file), 'utf8'));
  const urls = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.url]));
  const times = {};
  for (const [at, id] of samples.entries()) times[urls.get(id)] = (times[urls.get(id)] ?? 0) + timeDeltas[at];
  const ordered = Object.keys(times)
    .filter((url) => url.startsWith('file:'))
    .sort((left, right) => times[right] - times[left]);
  t.deepEqual(
    longest.slice(0, 2).map((each) => each.file),
    ordered.slice(0, 2).map((url) => fileURLToPath(url)),
  );
});
