// The preload has Node answer the first requests before it loads the hook.

import path from 'node:path';

import test from 'ava';

import { copyPackage } from '../helpers/package-copy.mjs';
import { testLibraryPrograms } from '../helpers/run.mjs';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

const files = Object.fromEntries(names.map((name) => [`${name}.js`, `module.exports = '${name}';`]));

/** Helpers of the programs below. */
const tools = `
  const Module = require('module');
  const fs = require('fs');
  const isInPlace = (text) => Module._resolveFilename.toString().includes(text);
  const isNodes = () => isInPlace('normalizeRequirableId');
  // The stand-in of the preload is gone.
  const isLoaded = () => !isNodes() && !isInPlace('wait()');
  const laterTurn = () => new Promise((resolve) => setImmediate(resolve));
`;

const program = (title, source, rest) => ({
  title,
  nodeArguments: ['<hook>'],
  ...rest,
  files: { ...files, 'app.js': `${tools}${source}`, ...rest.files },
});

const waitingFor = (wait) => ({ env: { FAST_RESOLVE_WAIT: wait } });

// The program itself and the two core modules are the first three requests.
const loadAll = `for (const name of ${JSON.stringify(names)}) { require('./' + name); console.log(name, isLoaded(), isNodes()); }`;

const stateAfter = (count) => names.map((name, index) => `${name} ${index >= count} false`);

testLibraryPrograms(test, [
  program('a program that asks for little never loads the hook', loadAll, {
    env: { FAST_RESOLVE_WAIT: undefined },
    stdout: stateAfter(Infinity),
  }),
  program('the hook is loaded by the first request after those that Node answers', loadAll, {
    ...waitingFor('6'),
    stdout: stateAfter(3),
  }),
  program('with FAST_RESOLVE_WAIT=0 it is loaded at once', loadAll, { ...waitingFor('0'), stdout: stateAfter(0) }),
  ...['', '-1', '1.5', 'many', '1e3'].map((wait) =>
    program(`FAST_RESOLVE_WAIT=${wait} is as good as none`, loadAll, {
      ...waitingFor(wait),
      stdout: stateAfter(Infinity),
    }),
  ),
  // Two of those that the core answers are for the package itself.
  ...[5, 6, 7].map((wait) =>
    program(
      `after ${wait} requests, what comes is answered by the core, and nothing before`,
      `
        for (const name of ${JSON.stringify(names)}) require('./' + name);
        console.log(require(process.env.LIBRARY).stats().misses - 2);
      `,
      { ...waitingFor(String(wait)), stdout: [String(3 + names.length - wait)] },
    ),
  ),
  program(
    'whoever loads the package finds the hook in its place',
    `
      const fastResolve = require(process.env.LIBRARY);
      const before = fastResolve.stats().misses;
      require('./a');
      console.log(fastResolve.installed, fastResolve.stats().misses - before);
      fastResolve.uninstall();
      console.log(fastResolve.installed, isNodes());
    `,
    { ...waitingFor('100'), stdout: ['true 1', 'false true'] },
  ),
  program(
    'a patch that was put on top in the meantime goes on to be asked, and the core beneath it',
    `
      const below = Module._resolveFilename;
      const asked = [];
      Module._resolveFilename = function patched(request) {
        asked.push(request);
        return Reflect.apply(below, this, arguments);
      };
      for (const name of ${JSON.stringify(names)}) require('./' + name);
      const fastResolve = require(process.env.LIBRARY);
      console.log(asked.slice(0, 6).join(), fastResolve.stats().misses > 0, fastResolve.installed);
      fastResolve.uninstall();
      console.log(fastResolve.installed, require.resolve('./a') === __dirname + '/a.js');
    `,
    { ...waitingFor('5'), stdout: [`${names.map((name) => `./${name}`).join()} true true`, 'false true'] },
  ),
  program(
    'a program that keeps what was in place and puts it back later keeps the hook',
    `
      const saved = Module._resolveFilename;
      Module._resolveFilename = (...args) => saved(...args);
      for (const name of ${JSON.stringify(names)}) require('./' + name);
      Module._resolveFilename = saved;
      const fastResolve = require(process.env.LIBRARY);
      const before = fastResolve.stats().misses;
      require.resolve('./app');
      console.log(fastResolve.installed, fastResolve.stats().misses - before);
    `,
    { ...waitingFor('5'), stdout: ['true 1'] },
  ),
  program(
    'a request that fails while Node answers fails as it would without',
    `
      for (const name of ['./missing', './missing', './missing']) {
        try { require(name); } catch (error) { console.log(error.code, error.requireStack.length); }
      }
      console.log(isLoaded());
    `,
    { ...waitingFor('5'), stdout: [...Array(3).fill('MODULE_NOT_FOUND 1'), 'true'] },
  ),
  program(
    'a program that names itself while Node answers gets the hook all the same',
    `
      process.title = 'a name that is longer than the command line was, and that hides all of its arguments';
      for (const name of ${JSON.stringify(names)}) require('./' + name);
      console.log(require(process.env.LIBRARY).installed);
    `,
    { ...waitingFor('5'), stdout: ['true'] },
  ),
  program(
    'each worker thread waits for itself',
    `
      const { Worker, isMainThread } = require('worker_threads');
      if (isMainThread) {
        for (const name of ${JSON.stringify(names)}) require('./' + name);
        console.log('main', isLoaded());
        new Worker(__filename);
      } else {
        require('./a');
        console.log('worker', isLoaded());
      }
    `,
    { ...waitingFor('8'), stdout: ['main true', 'worker false'] },
  ),
]);

const withoutAddon = (title, wait, stdout) => ({
  title,
  files: {
    ...files,
    'app.js': `
      ${tools}
      const warnings = [];
      process.on('warning', (warning) => warnings.push(warning.code));
      process.on('exit', () => console.log(warnings.join(), isNodes()));
      for (const name of ${JSON.stringify(names)}) require('./' + name);
    `,
  },
  prepare: (root) => copyPackage(path.join(root, 'fast-resolve'), 'missing'),
  nodeArguments: ['--no-warnings', '-r', './fast-resolve/dist/register.js'],
  env: { FAST_RESOLVE_WAIT: wait },
  stdout,
});

testLibraryPrograms(test, [
  withoutAddon('without the addon, the preload says so when it is wanted, and notes what is asked', '5', [
    'FAST_RESOLVE_ADDON_UNAVAILABLE false',
  ]),
  withoutAddon('without the addon, a program that asks for little hears nothing of it', '50', [' false']),
]);

// What Node remembers of the time before may be told again; so may what there is now. What there was in between may not.

const changing = (title, first, change, tree, stdout) =>
  program(
    title,
    `
      const sub = Module.createRequire(__dirname + '/sub/any.js');
      const look = (requireOfSub, request) => requireOfSub.resolve(request).replace(__dirname, '');
      console.log(look(require, ${JSON.stringify(first)}));
      const change = ${change};
      change('second');
      require(process.env.LIBRARY);
      console.log(look(sub, 'package'));
      change('third');
      laterTurn().then(() => console.log(look(sub, 'package')));
    `,
    { ...waitingFor('100'), files: tree, stdout },
  );

const packageFiles = Object.fromEntries(
  ['first', 'second', 'third', 'index'].map((name) => [`node_modules/package/${name}.js`, '']),
);

testLibraryPrograms(test, [
  changing(
    'a package.json that changed while Node answered is not believed later',
    'package',
    `(name) => fs.writeFileSync(__dirname + '/node_modules/package/package.json', JSON.stringify({ main: name }))`,
    { ...packageFiles, 'node_modules/package/package.json': '{ "main": "first" }' },
    ['first', 'second', 'third'].map((name) => `/node_modules/package/${name}.js`),
  ),
  changing(
    'a package.json that went while Node answered is not believed to have always been absent',
    'package',
    `(name) => {
      const file = __dirname + '/node_modules/package/package.json';
      if (name === 'second') fs.unlinkSync(file);
      else fs.writeFileSync(file, JSON.stringify({ main: name }));
    }`,
    { ...packageFiles, 'node_modules/package/package.json': '{ "main": "first" }' },
    ['first', 'index', 'third'].map((name) => `/node_modules/package/${name}.js`),
  ),
  changing(
    'a link that changed while Node answered is not believed later',
    'package',
    `(name) => {
      fs.unlinkSync(__dirname + '/node_modules/package');
      fs.symlinkSync('../' + name, __dirname + '/node_modules/package');
    }`,
    {
      'node_modules/package': { link: '../first' },
      ...Object.fromEntries(['first', 'second', 'third'].map((name) => [`${name}/index.js`, ''])),
    },
    ['first', 'second', 'third'].map((name) => `/${name}/index.js`),
  ),
]);
