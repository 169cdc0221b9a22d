// What a program has put in the place of a part of Node neither compiles nor runs what a preload loads in the middle of the program's
// life, hears nothing of it, and gives it nothing to run.

import test from 'ava';

import { REPORT, TOOLS, testBoot } from './programs.mjs';

const program = (title, source, stdout, rest) => ({ title, stdout, files: { 'app.js': TOOLS + source }, ...rest });

const MANY_REQUESTS = `for (let i = 0; i < 40; i++) require('path');`;
const EVIL_HOOK = `({ parts: { hook: { takeOver: () => () => '/evil.js' } } })`;

testBoot(test, [
  program(
    'a stub of vm.Script that gives a hook',
    `
      const vm = require('vm');
      const real = vm.Script;
      vm.Script = class { runInThisContext() { return () => ${EVIL_HOOK}; } };
      ${MANY_REQUESTS}
      vm.Script = real;
      report();
    `,
    REPORT,
  ),
  program(
    'a stub of runInThisContext that gives a hook',
    `
      const { prototype } = require('vm').Script;
      const real = prototype.runInThisContext;
      prototype.runInThisContext = () => () => ${EVIL_HOOK};
      ${MANY_REQUESTS}
      prototype.runInThisContext = real;
      report();
    `,
    REPORT,
  ),
  program(
    'a stub of runInContext, where runInThisContext looks for it, that gives a hook',
    `
      const prototype = Object.getPrototypeOf(require('vm').Script.prototype);
      const real = prototype.runInContext;
      prototype.runInContext = () => () => ${EVIL_HOOK};
      ${MANY_REQUESTS}
      prototype.runInContext = real;
      report();
    `,
    REPORT,
    { mayWarn: 1 },
  ),
  program(
    'a spy on vm.Script counts what the program compiles',
    `
      const vm = require('vm');
      let count = 0;
      vm.Script = new Proxy(vm.Script, { construct(...args) { count++; return Reflect.construct(...args); } });
      ${MANY_REQUESTS}
      new vm.Script('1');
      console.log(count);
    `,
    ['1'],
  ),
  ...['undefined', '[]', '[1, {}]', `new Proxy([], { get() { throw new Error('argv'); } })`].map((argv) =>
    program(
      `process.argv = ${argv}`,
      `const real = process.argv; process.argv = ${argv}; ${MANY_REQUESTS} report(); process.argv = real;`,
      REPORT,
    ),
  ),
  {
    title: 'a patch of _resolveFilename hears what the program asks for alone',
    files: {
      'package.json': JSON.stringify({ imports: { '#imp': './dep.js' } }),
      'app.js': `
        const Module = require('module');
        ${MANY_REQUESTS}
        const previous = Module._resolveFilename;
        const heard = [];
        Module._resolveFilename = function (request, ...rest) {
          heard.push(request);
          return previous.call(this, request, ...rest);
        };
        require('#imp');
        require('./dep');
        console.log(heard.join());
      `,
    },
    stdout: ['#imp,./dep'],
  },
]);
