// Programs in places that are odd, or with little to live on.

import test from 'ava';

import { program } from './changing.mjs';
import { LIBRARY_REPORT, REPORT, testBoot } from './programs.mjs';

testBoot(test, [
  // Where the program stands.
  program(
    'the working directory is gone',
    `
    const fs = require('fs');
    fs.mkdirSync(__dirname + '/gone');
    process.chdir(__dirname + '/gone');
    fs.rmdirSync(__dirname + '/gone');
    ask(400);
    report();
    reportLibrary();
  `,
  ),
  {
    ...program('the working directory is gone before Node starts', 'ask(400); report(); reportLibrary();', {
      execPath: '/bin/sh',
      nodeArguments: ['-c', 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"', process.execPath, '<hook>'],
      args: ['<root>/app.js'],
    }),
  },
  ...[
    ['is nowhere', '/proc/nowhere'],
    ['is a file', '/etc/passwd'],
    ['is relative', 'relative'],
    ['is empty', ''],
    ['is not set', undefined],
  ].map(([what, home]) =>
    program(`HOME ${what}`, 'ask(400); report(); reportLibrary();', { env: { HOME: home, XDG_CACHE_HOME: home } }),
  ),
  program('no file may be written', 'ask(400); report(); reportLibrary();', {
    execPath: '/bin/sh',
    nodeArguments: ['-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath, '<hook>'],
  }),
  program('a stack of 1 MiB', 'ask(400); report();', {
    isRunAgain: true,
    execPath: '/bin/sh',
    nodeArguments: ['-c', 'ulimit -s 1024; exec "$0" "$@"', process.execPath, '<hook>'],
    stdout: REPORT,
  }),
  program(
    'standard input, output and errors are closed',
    `
    const fs = require('fs');
    ask(400);
    fs.writeFileSync(__dirname + '/written', require('./dep'));
    const { spawnSync } = require('child_process');
    process.exitCode = spawnSync('true').status === 0 ? 3 : 4;
  `,
    {
      execPath: '/bin/sh',
      nodeArguments: ['-c', 'exec "$0" "$@" 0<&- 1>&- 2>&-', process.execPath, '<hook>'],
      stdout: [],
      exitCode: 3,
    },
  ),

  // Other realms and other ways in.
  program(
    'another context that requires',
    `
    const vm = require('vm');
    const context = vm.createContext({ require, console });
    vm.runInContext("for (let i = 0; i < 400; i++) require('path'); console.log(require('./dep'));", context);
    report();
    reportLibrary();
  `,
    { isRunAgain: true, stdout: ['dep', ...REPORT, ...LIBRARY_REPORT] },
  ),
  program(
    'a context whose intrinsics are broken and that requires',
    `
    const vm = require('vm');
    const context = vm.createContext({ require, console });
    vm.runInContext("Array.prototype.map = Map = Reflect.apply = undefined; for (let i = 0; i < 400; i++) require('path');", context);
    report();
  `,
    { stdout: REPORT },
  ),
  program(
    'a require behind a proxy',
    `
    const proxied = new Proxy(require, { apply: (target, self, values) => Reflect.apply(target, undefined, values) });
    for (let i = 0; i < 400; i++) proxied('path');
    report();
  `,
    { stdout: REPORT },
  ),
  program(
    'odd requests',
    `
    const seen = [];
    const odd = ['', ' ', '.', '..', '/', './', '\\0', 'a\\0b', '\\ud800', 'x'.repeat(100000), '#', '#a', 'node:', 'node:nothing', '__proto__', 'constructor'];
    const bad = [undefined, null, 1, {}, [], Symbol('s'), () => {}];
    for (let round = 0; round < 4; round++) {
      for (const request of [...odd, ...bad]) {
        try {
          seen.push(typeof require.resolve(request));
        } catch (error) {
          seen.push(error.code);
        }
      }
    }
    console.log(seen.length, seen.slice(0, 23).join() === seen.slice(-23).join());
    report();
  `,
    { isRunAgain: true, stdout: ['92 true', ...REPORT] },
  ),
]);
