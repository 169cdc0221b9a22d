// Each module has a scope of its own; a global variable is seen by all.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

testPrograms(test, [
  {
    title: 'main.js sees the exports and the globals of sub.js, not its variables',
    files: {
      'node_modules/sub.js': `
        module.exports = 999;
        foo = 123;
        var bar = 456;
      `,
      'main.js': `
        var sub = require('sub');
        console.log(sub);
        console.log(foo);
        console.log(global.foo);
        console.log(typeof bar);
      `,
    },
    args: ['main'],
    stdout: ['999', '123', '123', 'undefined'],
  },
  {
    title: 'process is one global object in every module',
    files: {
      'child.js': 'exports.process = process; process.fromChild = process.argv[2];',
      'app.js': `
        const child = require('./child');
        console.log(child.process === process, process === require('process'), process.fromChild);
        process.exit(process.argv.length);
      `,
    },
    args: ['app.js', 'argument'],
    stdout: ['true true argument'],
    exitCode: 3,
  },
]);
