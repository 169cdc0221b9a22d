// `fast-resolve doctor`, on small programs whose trouble is known.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import test from 'ava';
import { checkInterrupted, run, workIn } from './command.mjs';

const probe = path.resolve(import.meta.dirname, '../../dist/probe.js');

const PHASES = ['resolving', 'reading', 'compiling', 'running'];

const examine = async (directory, args, env = {}) => {
  const { stdout, code, stderr } = await run(directory, ['doctor', '--json', '--no-savings', ...args], { env });
  return code === 0 ? JSON.parse(stdout) : { code, stdout, stderr };
};

/** A tree of files in a directory for the command. */
function treeIn(t, files) {
  const directory = workIn(t, {});
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(`${directory}/${name}`), { recursive: true });
    fs.writeFileSync(`${directory}/${name}`, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}

const installed = (where, name, version, code = '') => ({
  [`${where}node_modules/${name}/package.json`]: { name, version },
  [`${where}node_modules/${name}/index.js`]: code,
});

const sum = (list) => list.reduce((total, each) => total + each, 0);

test('where the time goes adds up', async (t) => {
  const directory = treeIn(t, {
    ...installed('', 'a', '1.0.0', `require('./data.json'); require('b');`),
    'node_modules/a/data.json': '{}',
    ...installed('', 'b', '2.0.0'),
    'app/package.json': { name: 'app', version: '3.0.0' },
    'app/main.js': `require('a'); setImmediate(() => require('./late'));`,
    'app/late.js': '',
  });
  const result = await examine(directory, ['app/main.js']);
  const { phases, packages, modules, milliseconds } = result;
  t.like(result, {
    program: `${directory}/app/main.js`,
    node: process.version,
    until: 'exit',
    requests: 5,
    kinds: null,
  });
  t.true(Math.abs(sum(Object.values(phases)) - milliseconds) < 0.01);
  for (const phase of PHASES) {
    t.true(phases[phase] > 0, phase);
    // The request for the program itself belongs to no module.
    const ofPackages = sum(packages.map((each) => each[phase]));
    t.true(phase === 'resolving' ? ofPackages < phases[phase] : Math.abs(ofPackages - phases[phase]) < 0.01, phase);
  }
  for (const each of packages) t.true(Math.abs(sum(PHASES.map((phase) => each[phase])) - each.milliseconds) < 0.01);
  t.deepEqual(
    packages.map(({ name, version, directory: place, modules: count }) => [name, version, place, count]).sort(),
    [
      ['a', '1.0.0', `${directory}/node_modules/a`, 2],
      ['app', '3.0.0', `${directory}/app`, 2],
      ['b', '2.0.0', `${directory}/node_modules/b`, 1],
    ],
  );
  t.deepEqual(
    packages.map((each) => each.milliseconds),
    packages.map((each) => each.milliseconds).toSorted((left, right) => right - left),
  );
  const names = modules.map(({ file }) => path.relative(directory, file));
  t.deepEqual(names, [
    'app/main.js',
    'node_modules/a/index.js',
    'node_modules/a/data.json',
    'node_modules/b/index.js',
    'app/late.js',
  ]);
  t.deepEqual(
    modules.map(({ parent }) => parent),
    [-1, 0, 1, 1, -1],
  );
  t.deepEqual(
    modules.map(({ by }) => by && path.relative(directory, by)),
    [null, 'app/main.js', 'node_modules/a/index.js', 'node_modules/a/index.js', 'app/main.js'],
  );
  for (const { start, end, parent } of modules) {
    t.true(start <= end && end <= milliseconds);
    if (parent !== -1) t.true(modules[parent].start <= start && end <= modules[parent].end);
  }
});

test('requests that were swallowed', async (t) => {
  const directory = treeIn(t, {
    'main.js': `
      for (const name of ['./no', './no', 'nowhere', '#no']) try { require(name); } catch {}
      try { require.resolve('./other'); } catch {}`,
  });
  const { failures } = await examine(directory, ['main.js']);
  const from = `${directory}/main.js`;
  const missing = { from, code: 'MODULE_NOT_FOUND' };
  t.deepEqual(failures, [
    { request: './no', ...missing, count: 2 },
    { request: 'nowhere', ...missing, count: 1 },
    { request: '#no', ...missing, count: 1 },
    { request: './other', ...missing, count: 1 },
  ]);
});

test('a package in two versions, and one in two places', async (t) => {
  const directory = treeIn(t, {
    'main.js': `require('react'); require('a'); require('b'); require('c');`,
    ...installed('', 'react', '18.0.0'),
    ...installed('', 'a', '1.0.0', `require('react'); require('c');`),
    ...installed('node_modules/a/', 'react', '17.0.0'),
    ...installed('', 'b', '1.0.0', `require('c');`),
    ...installed('node_modules/b/', 'c', '1.0.0'),
    ...installed('', 'c', '1.0.0', `require('./more');`),
    'node_modules/c/more.js': '',
  });
  const place = (where, version, by, modules = 1) => ({
    directory: `${directory}/node_modules/${where}`,
    version,
    modules,
    askedForBy: `${directory}/${by}`,
  });
  const { duplicates } = await examine(directory, ['main.js']);
  t.deepEqual(duplicates, [
    {
      name: 'react',
      places: [place('react', '18.0.0', 'main.js'), place('a/node_modules/react', '17.0.0', 'node_modules/a/index.js')],
    },
    {
      name: 'c',
      places: [
        place('c', '1.0.0', 'node_modules/a/index.js', 2),
        place('b/node_modules/c', '1.0.0', 'node_modules/b/index.js'),
      ],
    },
  ]);
});

test('a package.json within a package is none of its own', async (t) => {
  const directory = treeIn(t, {
    'main.js': `require('a'); require('@scope/b');`,
    'node_modules/a/package.json': { name: 'a', main: 'dist/index.js' },
    'node_modules/a/dist/package.json': { type: 'commonjs', name: 'dist' },
    'node_modules/a/dist/index.js': '',
    ...installed('', '@scope/b', '1.0.0'),
  });
  const { packages } = await examine(directory, ['main.js']);
  t.deepEqual(packages.map(({ name, version }) => `${name} ${version}`).sort(), [
    '@scope/b 1.0.0',
    'a null',
    'null null',
  ]);
});

test('one file under several names', async (t) => {
  const directory = treeIn(t, {
    'main.js': `require('./link'); require('./real'); require('./other'); require('./Case'); require('./case');`,
    'real.js': '',
    'case.js': '',
  });
  fs.symlinkSync('real.js', `${directory}/link.js`);
  fs.linkSync(`${directory}/real.js`, `${directory}/other.js`);
  // As a file system shows them that does not tell letters apart.
  fs.linkSync(`${directory}/case.js`, `${directory}/Case.js`);
  const places = (...names) => names.map((name) => `${directory}/${name}`);
  const { aliases } = await examine(directory, ['main.js']);
  t.deepEqual(aliases, [places('real.js', 'other.js'), places('Case.js', 'case.js')]);
  const kept = await examine(directory, ['--preserve-symlinks', 'main.js']);
  t.deepEqual(kept.aliases, [places('link.js', 'real.js', 'other.js'), places('Case.js', 'case.js')]);
});

test('what was looked for in vain', async (t) => {
  const directory = treeIn(t, {
    'a/b/main.js': `require('x'); require('y'); require('./z');`,
    'a/b/z.json': '{}',
    ...installed('', 'x', '1.0.0', `require('y');`),
    ...installed('', 'y', '1.0.0'),
  });
  const { lookedInVain } = await examine(directory, ['a/b/main.js']);
  t.deepEqual(lookedInVain, {
    // Those, ./z and ./z.js, and three times a file beside a package: x.js, x.json, x.node.
    all: 5 + 2 + 3 * 3,
    nodeModules: 5,
    directories: [
      { directory: `${directory}/a/b/node_modules`, count: 2 },
      { directory: `${directory}/a/node_modules`, count: 2 },
      { directory: `${directory}/node_modules/x/node_modules`, count: 1 },
    ],
  });
});

test('whatever a program does to what it finds', async (t) => {
  const directory = treeIn(t, {
    'main.js': `
      const fs = require('node:fs');
      process.removeAllListeners('exit');
      performance.now = Date.now = () => 0;
      fs.writeFileSync = fs.readFileSync = () => { throw new Error('mocked'); };
      JSON.stringify = () => 'nothing';
      process.on('exit', () => process.exit(0));
      process.exit(0);`,
  });
  const { modules, code, stderr } = await examine(directory, ['main.js']);
  t.is(code, undefined, stderr);
  t.is(modules.length, 1);
  const later = treeIn(t, { 'main.js': `process.on('exit', () => require('./last'));`, 'last.js': '' });
  t.is((await examine(later, ['main.js'])).modules.length, 1);
});

test('modules that throw, and a program that is compiled by another', async (t) => {
  const directory = treeIn(t, {
    'main.js': `
      try { require('./throws'); } catch {}
      const { _extensions } = module.constructor;
      const own = _extensions['.js'];
      _extensions['.js'] = function (module, file) {
        const { _compile } = module;
        module._compile = function (code, ...rest) {
          return _compile.call(this, code.replace('LANGUAGE', 'module.exports ='), ...rest);
        };
        own(module, file);
      };
      if (require('./language') !== 7) throw new Error();
      const made = new module.constructor('made');
      made._compile('module.exports = 3', __dirname + '/made.js');`,
    'throws.js': `require('./syntax');`,
    'syntax.js': '}',
    'language.js': 'LANGUAGE 7',
  });
  const { modules, code, stderr } = await examine(directory, ['main.js']);
  t.is(code, undefined, stderr);
  t.deepEqual(
    modules.map(({ file, failed = false }) => [path.basename(file), failed]),
    [
      ['main.js', false],
      ['throws.js', true],
      ['syntax.js', true],
      ['language.js', false],
    ],
  );
});

test('children and threads are not the program', async (t) => {
  const directory = treeIn(t, {
    'main.js': `
      const { execFileSync } = require('node:child_process');
      const { Worker } = require('node:worker_threads');
      execFileSync(process.execPath, [__dirname + '/other.js']);
      new Worker(__dirname + '/other.js');`,
    'other.js': `require('./more');`,
    'more.js': '',
  });
  const { modules } = await examine(directory, ['main.js']);
  t.deepEqual(
    modules.map(({ file }) => file),
    [`${directory}/main.js`],
  );
});

const testOfImports = module.registerHooks === undefined ? test.skip : test;

testOfImports('what is imported, where there is module.registerHooks', async (t) => {
  const directory = treeIn(t, {
    'main.mjs': `
      import './a.mjs';
      import './common.cjs';
      import data from './data.json' with { type: 'json' };
      await import('nowhere').catch(() => {});`,
    'a.mjs': `import 'node:fs';`,
    'common.cjs': `require('./inner.cjs');`,
    'inner.cjs': '',
    'data.json': '{}',
    'main.cjs': `require('./inner.cjs'); import('./a.mjs');`,
    'requires.cjs': `require('./outer.mjs');`,
    'outer.mjs': `import './a.mjs';`,
  });
  const seen = ({ modules }) => modules.map(({ file, isImported }) => [path.basename(file), isImported]).sort();
  const ofModule = await examine(directory, ['main.mjs']);
  t.deepEqual(seen(ofModule), [
    ['a.mjs', true],
    ['common.cjs', true],
    ['data.json', true],
    ['inner.cjs', false],
    ['main.mjs', true],
  ]);
  t.like(ofModule.failures, [{ request: 'nowhere', from: `${directory}/main.mjs`, code: 'ERR_MODULE_NOT_FOUND' }]);
  t.deepEqual(seen(await examine(directory, ['main.cjs'])), [
    ['a.mjs', true],
    ['inner.cjs', false],
    ['main.cjs', false],
  ]);
  if (!process.features.require_module) return;
  t.deepEqual(seen(await examine(directory, ['requires.cjs'])), [
    ['a.mjs', true],
    ['outer.mjs', false],
    ['requires.cjs', false],
  ]);
});

testOfImports('how long ES modules run, whatever they look like, where there is module.registerHooks', async (t) => {
  const busy = 'const end = performance.now() + 30; while (performance.now() < end);';
  const directory = treeIn(t, {
    'main.mjs': `#!/usr/bin/env node
      import './plain.mjs'; import './waits.mjs'; import Symbol from './named.mjs';
      await import('./throws.mjs').catch(() => {});
      console.log(new Error().stack.split('\\n')[1], Symbol); // no line behind it`,
    'plain.mjs': `import './required.cjs';\n${busy}\n//# sourceMappingURL=plain.mjs.map`,
    'required.cjs': busy,
    'waits.mjs': 'await new Promise((resolve) => setTimeout(resolve, 300))',
    'named.mjs': `export default function Symbol() {}\nexport { globalThis }; const globalThis = 1`,
    'throws.mjs': `import { createRequire } from 'node:module'; createRequire(import.meta.url)('./inner.cjs'); throw new Error();`,
    'inner.cjs': busy,
    'empty.mjs': '',
  });
  const { modules, phases, milliseconds } = await examine(directory, ['main.mjs']);
  const of = (name) => modules.find(({ file }) => path.basename(file) === name);
  for (const name of ['plain.mjs', 'required.cjs', 'inner.cjs']) t.true(of(name).running >= 30, name);
  const { start, end, running } = of('waits.mjs');
  t.true(end - start - running >= 290, 'to wait is not to run');
  t.is(modules[of('inner.cjs').parent], of('throws.mjs'));
  t.is(of('required.cjs').parent, -1);
  t.true(Math.abs(sum(Object.values(phases)) - milliseconds) < 0.01);
  t.true(phases.rest >= 290);
});

testOfImports('required CommonJS is not loaded by an import, where there is module.registerHooks', async (t) => {
  const directory = treeIn(t, {
    'main.mjs': `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      for (const name of ['./a.cjs', './b.js']) {
        require(name);
        await import(name);
        await import(name + '?again');
      }
      await new Promise((resolve) => setImmediate(resolve));
      require('./last.cjs');`,
    'a.cjs': '',
    'b.js': 'module.exports = 1;',
    'last.cjs': '',
  });
  const { modules } = await examine(directory, ['main.mjs']);
  t.deepEqual(
    modules.map(({ file, isImported }) => [path.basename(file), isImported]),
    [
      ['main.mjs', true],
      ['a.cjs', false],
      ['b.js', false],
      ['last.cjs', false],
    ],
  );
  const [, a, b, last] = modules;
  t.true(a.end <= b.start && b.end <= last.start);
});

testOfImports('an ES module begins with a mark of its encoding, where there is module.registerHooks', async (t) => {
  const directory = treeIn(t, {
    'main.mjs': `\uFEFF#!/usr/bin/env node\nimport './plain.mjs';`,
    'plain.mjs': '\uFEFFexport const line = 1;',
  });
  const { modules, code, stderr } = await examine(directory, ['main.mjs']);
  t.is(code, undefined, stderr);
  t.deepEqual(modules.map(({ file }) => path.basename(file)).sort(), ['main.mjs', 'plain.mjs']);
  for (const { file, running } of modules) t.true(running > 0, file);
});

test('what is built into JavaScript is frozen', async (t) => {
  const directory = treeIn(t, {
    'main.cjs': `
      require('./other.cjs');
      import('./module.mjs').then(() => {
        try { JSON.stringify = () => ''; } catch {}
        if (JSON.stringify(1) !== '1') throw new Error('it is not frozen');
      });`,
    'other.cjs': '',
    'module.mjs': '',
  });
  const { modules, code, stderr } = await examine(directory, ['--frozen-intrinsics', 'main.cjs']);
  t.is(code, undefined, stderr);
  const imported = module.registerHooks === undefined ? [] : ['module.mjs'];
  t.deepEqual(
    modules.map(({ file }) => path.basename(file)),
    ['main.cjs', 'other.cjs', ...imported],
  );
});

test('the documentation names whatever doctor replaces', (t) => {
  const directory = treeIn(t, {
    'before.cjs': `
      const Module = require('node:module');
      const fs = require('node:fs');
      const path = require('node:path');
      const places = { Module, 'Module.prototype': Module.prototype, fs, path, process };
      const functions = () => Object.entries(places).flatMap(([name, place]) =>
        Object.getOwnPropertyNames(place).map((key) => [name + '.' + key, place[key]])
          .filter(([, value]) => typeof value === 'function'));
      const globals = () => Object.getOwnPropertyNames(globalThis).map((key) => ['globalThis.' + key]);
      const before = new Map([...functions(), ...globals()]);
      const listeners = process.listenerCount('exit');
      module.exports = () => ({
        changed: [...functions(), ...globals()].filter(([name, value]) => !before.has(name) || before.get(name) !== value),
        listeners: process.listenerCount('exit') - listeners,
      });`,
    'after.cjs': `
      const { changed, listeners } = require('./before.cjs')();
      console.log(JSON.stringify({ changed: changed.map(([name]) => name).sort(), listeners }));`,
    'main.cjs': '',
  });
  const preloads = [`${directory}/before.cjs`, probe, `${directory}/after.cjs`].flatMap((file) => ['-r', file]);
  const env = { ...process.env, NODE_OPTIONS: '', FAST_RESOLVE_PROBE: `${directory}/record` };
  const stdout = execFileSync(process.execPath, ['--no-deprecation', ...preloads, `${directory}/main.cjs`], {
    env,
    encoding: 'utf8',
  });
  const { changed, listeners } = JSON.parse(stdout);
  const text = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8');
  const [paragraph] = /^How it is measured: the program is started once more.*?\n\n/ms.exec(text);
  const named = [...paragraph.matchAll(/`([\w.]+\.\w+)`/g)].map(([, name]) => name);
  t.deepEqual(changed, named.filter((name) => name !== 'require.cache').sort());
  t.is(listeners, 1);
  t.regex(paragraph, /one more listener\s+of\s+`process` for `exit`/);
});

testOfImports('several ES modules that wait at once do not run, where there is module.registerHooks', (t) => {
  // By a clock that the modules set: each runs for 1 ms, and 400 ms go by while they wait.
  const waits = `pass(1); await new Promise((resolve) => setImmediate(resolve)); pass(400);`;
  const directory = treeIn(t, {
    'clock.cjs':
      'let time = 0; performance.now = () => time; globalThis.pass = (milliseconds) => { time += milliseconds; };',
    'main.mjs': `import './a.mjs'; import './b.mjs'; import './c.mjs'; pass(1);`,
    'a.mjs': waits,
    'b.mjs': waits,
    'c.mjs': waits,
  });
  const preloads = [`${directory}/clock.cjs`, probe].flatMap((file) => ['-r', file]);
  const env = { ...process.env, NODE_OPTIONS: '', FAST_RESOLVE_PROBE: `${directory}/record` };
  execFileSync(process.execPath, [...preloads, `${directory}/main.mjs`], { env });
  const { modules, outside } = JSON.parse(fs.readFileSync(`${directory}/record`, 'utf8'));
  t.deepEqual(modules.map(({ file, own }) => [path.basename(file), own.running]).sort(), [
    ['a.mjs', 1],
    ['b.mjs', 1],
    ['c.mjs', 1],
    ['main.mjs', 1],
  ]);
  t.is(outside.rest, 1200);
});

test('in words', async (t) => {
  const directory = treeIn(t, {
    'main.js': `require('a'); require('b'); require('./copy'); try { require('bufferutil'); } catch {}`,
    'copy.js': '',
    ...installed('', 'a', '1.0.0', `require('b');`),
    ...installed('node_modules/a/', 'b', '1.0.0'),
    ...installed('', 'b', '2.0.0'),
  });
  fs.linkSync(`${directory}/copy.js`, `${directory}/copied.js`);
  fs.appendFileSync(`${directory}/main.js`, `require('./copied');`);
  const { stdout, code, stderr } = await run(directory, ['doctor', '--runs', '1', 'main.js']);
  t.is(code, 0, stderr);
  const time = String.raw`[\d.]+ ms`;
  for (const line of [
    `^main\\.js with Node [\\d.]+: ${time} until it exited; 6 modules of 4 packages, 7 requests$`,
    `^  resolving +${time} +\\d+ %  [ █▏▎▍▌▋▊▉]+  finding the files that modules ask for$`,
    `^  b 2\\.0\\.0 +1( +${time}){5}$`,
    `^  1×  "bufferutil"  MODULE_NOT_FOUND  main\\.js$`,
    `^  b  1\\.0\\.0  node_modules/a/node_modules/b  for node_modules/a/index\\.js$`,
    `^     2\\.0\\.0  node_modules/b +for main\\.js$`,
    `^  copy\\.js = copied\\.js$`,
    `^Looked for in vain: \\d+ times, \\d+ of them a node_modules that is not there$`,
    `^stock +${time} `,
  ]) {
    t.regex(stdout, new RegExp(line, 'm'));
  }
  t.deepEqual([fs.readdirSync(`${directory}/cache`), fs.readdirSync(`${directory}/tmp`)], [[], []]);
});

test('a start of so many milliseconds, and a program that becomes another one', async (t) => {
  const directory = treeIn(t, {
    'waits.js': 'setInterval(() => {}, 1e6);',
    'becomes.js': `process.execve(process.execPath, ['node', '-e', '0']);`,
  });
  const { milliseconds } = await examine(directory, ['--until', '50', 'waits.js']);
  t.true(milliseconds >= 50);
  if (process.execve === undefined) return;
  const { code, stderr } = await examine(directory, ['becomes.js']);
  t.is(code, 1);
  t.regex(stderr, /becomes\.js ended without a word: another program may have taken its place/);
});

test('interrupted, it leaves nothing behind', (t) => checkInterrupted(t, 'doctor', 'SIGINT'));
