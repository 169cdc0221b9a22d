// Programs that know nothing of this package: each is run plain, and then with each preload and with both. What stock Node does is
// what is expected of all of them.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { runAs, runIn } from '../helpers/run.mjs';
import { removeTree, writeTree } from '../helpers/tree.mjs';

const repository = path.resolve(import.meta.dirname, '../..');

const preload = (name, files, wait) => ({ name, preloaded: files, wait });

const REGISTER = path.join(repository, 'dist/register.js');
const SPAWN_REGISTER = path.join(repository, 'dist/spawn-register.js');

const PLAIN = preload('nothing', []);

/** Each way to preload: with the usual number of requests that Node answers first, with none, and with some, whatever is usual. */
const PRELOADS = [
  preload('register', [REGISTER]),
  preload('register at once', [REGISTER], '0'),
  preload('register after 32 requests', [REGISTER], '32'),
  preload('spawn/register', [SPAWN_REGISTER]),
  preload('both', [REGISTER, SPAWN_REGISTER]),
];

/** The same for a copy of the package, which {@link copyPackage} has put into the program's own tree. */
export const PRELOADS_OF_COPY = PRELOADS.map(({ name, preloaded, wait }) =>
  preload(
    name,
    preloaded.map((file) => `<root>/fast-resolve/dist/${path.basename(file)}`),
    wait,
  ),
);

/** What the programs below find beside them. */
export const FILES = {
  'dep.js': 'module.exports = "dep";',
  'node_modules/package/package.json': { json: { name: 'package', main: './lib/main' } },
  'node_modules/package/lib/main.js': 'module.exports = "package";',
};

/**
 * For a program: `ask(n)` makes so many rounds of requests of all kinds, none of which has a file of the program read by `fs`;
 * `askAgain(n)` asks for the same each time; `report()` prints what the program finds at its end. They use nothing that a program
 * could have patched in between.
 */
export const TOOLS = `
  'use strict';
  const Module = require('module');
  const { LIBRARY } = process.env;
  const askAgain = (rounds) => {
    for (let round = 0; round < rounds; round++) {
      require('path');
      require.resolve('./dep');
      require.resolve('package');
    }
  };
  let anew = './dep';
  let ask = (rounds) => {
    for (let round = 0; round < rounds; round++) {
      askAgain(1);
      // Nobody has been asked for that.
      anew = './' + anew;
      require.resolve(anew);
    }
  };
  /** Puts something in place of an object's functions; what it returns puts them back. */
  const replace = (object, make, names = Reflect.ownKeys(object)) => {
    const all = names.map((name) => [name, Reflect.getOwnPropertyDescriptor(object, name)]);
    const found = all.filter(([, descriptor]) => typeof descriptor?.value === 'function' && descriptor.configurable);
    const { defineProperty } = Reflect;
    for (const [name, descriptor] of found) {
      defineProperty(object, name, { ...descriptor, value: make(descriptor.value, name) });
    }
    return () => {
      for (let index = 0; index < found.length; index++) defineProperty(object, found[index][0], found[index][1]);
    };
  };
  const throwing = (real, name) =>
    function () {
      throw new Error('Not to be called: ' + String(name));
    };
  const report = () => {
    console.log(require('./dep'), require('package'));
    try {
      require('./missing');
    } catch (error) {
      console.log(error.code, error.requireStack.length);
    }
  };
  /** Whoever asks for the library itself gets it, whatever was before. */
  const reportLibrary = () => {
    console.log(require(LIBRARY).resolve('./dep', __dirname) === require.resolve('./dep'));
  };
`;

/** What `report()` and `reportLibrary()` print. */
export const REPORT = ['dep package', 'MODULE_NOT_FOUND 1'];
export const LIBRARY_REPORT = ['true'];

/**
 * FAST_RESOLVE_TEST=third runs a third of the programs, and another third with the next Node: three Nodes run all of them. Of one or two,
 * each Node runs all.
 */
const isThird = process.env.FAST_RESOLVE_TEST === 'third';
const third = (Number.parseInt(process.versions.node, 10) / 2) % 3;

/**
 * Registers a test of the plain run and one of each preload, for each program. A program is what it is for `testPrograms`, with
 * these besides:
 * - `stdout`: undefined where Nodes differ;
 * - `preloads`: those to run it with, if not all;
 * - `mayWarn`: how often we may say, by a FastResolveWarning, that something of ours could not be had: once in each thread;
 * - `isRunAgain`: whether it is run with its snapshot, too, which proves that the hook was in place.
 */
export const testBoot = (test, all) => {
  const programs = isThird && all.length >= 3 ? all.filter((_, index) => index % 3 === third) : all;
  testWithSnapshots(
    test,
    programs.filter(({ isRunAgain, needs }) => isRunAgain && needs?.met !== false),
  );
  for (const program of programs) {
    if (program.needs && !program.needs.met) {
      test.skip(`${program.title} (needs ${program.needs.reason})`, () => {});
      continue;
    }
    const runPlain = once(() => runAs(PLAIN, asGiven(program)));
    test.serial(`${program.title}, stock`, async (t) => {
      const { stdout, stderr = [], exitCode = 0 } = program;
      const plain = await runPlain();
      const told = `standard error: ${plain.stderr}`;
      if (stdout !== undefined) t.deepEqual(plain.stdout.split('\n').slice(0, -1), stdout, told);
      t.is(plain.exitCode, exitCode, told);
      for (const expected of stderr) t.regex(plain.stderr, expected);
    });
    for (const kind of program.preloads ?? PRELOADS) {
      test.serial(`${program.title}, with ${kind.name}`, async (t) => {
        const plain = await runPlain();
        const preloaded = await runAs(kind, asGiven(program));
        t.deepEqual(factsOf(preloaded, program), factsOf(plain, program));
      });
    }
  }
};

/** A stamp proves nothing before it is this old. */
const SETTLED_AFTER = 2100;
const RECORDING = preload('register', [REGISTER], '0');
const REPEATING = preload('register', [REGISTER]);

/**
 * A test for each program that is run twice in a tree that is old enough: the first run leaves a snapshot, and the second one, which
 * uses it, does what stock Node does. All trees are written at once, and waited for once.
 */
const testWithSnapshots = (test, programs) => {
  if (programs.length === 0) return;
  const settled = programs.map(asGiven).map((program) => ({ ...program, files: { ...SETTLED, ...program.files } }));
  const roots = new Map();
  test.before('trees get old', async () => {
    for (const program of settled) roots.set(program, writeTree(program.files));
    await sleep(SETTLED_AFTER);
  });
  test.after.always('trees are removed', () => {
    for (const root of roots.values()) removeTree(root);
  });
  for (const program of settled) {
    test.serial(`${program.title}, with the snapshot of an earlier run`, async (t) => {
      const plain = await runAs(PLAIN, program);
      const root = roots.get(program);
      await runIn(root, RECORDING, { ...program, env: { ...program.env, LIBRARY: '<root>/library.js' } });
      t.is((await readdir(path.join(root, SNAPSHOTS)).catch(() => [])).length, 1, 'snapshots that were written');
      t.deepEqual(factsOf(await runIn(root, REPEATING, program), program), factsOf(plain, program));
    });
  }
};

/** Nothing that is looked up has to do with what lies above the tree, and others may change. */
const SETTLED = {
  'package.json': '{}',
  'home/': null,
  // Whoever asks the library itself leaves a snapshot without the hook.
  'library.js': `exports.resolve = (request, directory) => require('module').createRequire(directory + '/x').resolve(request);`,
};
/** Where they are kept. */
const SNAPSHOTS = 'home/.cache/fast-resolve';

/** The preloads by their names. */
export const only = (...names) => PRELOADS.filter(({ name }) => names.includes(name));

const once = (action) => {
  let result;
  return () => {
    result ??= action();
    return result;
  };
};

/** The tests' own environment is none of the program's, except where it says so. */
const asGiven = (program) => ({ nodeArguments: ['<hook>'], ...program, files: { ...FILES, ...program.files } });

const factsOf = ({ exitCode, stdout, stderr }, { mayWarn = 0 }) => ({
  exitCode,
  stdout: stdout.split('\n'),
  stderr: withoutWarnings(stderr, mayWarn).split('\n'),
});

/** One warning of ours, of any number of lines, and the hint that Node prints after the first warning of a process. */
const OUR_WARNING =
  /^\(node:<pid>\) (?:\[\w+\] )?FastResolveWarning: .*\n(?:(?!\(node:|\(Use `).+\n)*(?:\(Use `.*\n)?/m;

const withoutWarnings = (stderr, count) =>
  count === 0 ? stderr : withoutWarnings(stderr.replace(OUR_WARNING, ''), count - 1);
