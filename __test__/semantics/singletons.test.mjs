// One file is one module, and what breaks that: another spelling of its name, another copy of it.

import { existsSync } from 'node:fs';

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const counter = `
  let value = 0;
  module.exports = {
    increment: () => value++,
    get: () => value,
  };
`;

const isCaseSensitive = !existsSync(import.meta.filename.toUpperCase());

testPrograms(test, [
  {
    title: 'calculator.js hands out what it put on module.exports',
    files: {
      'calculator.js': 'module.exports.add = (a, b) => a + b;',
      'app.js': `
        const calculator = require('./calculator.js');
        console.log(calculator.add(2, 2));
      `,
    },
    stdout: ['4'],
  },
  {
    title: 'the value of counter.js is private to it',
    files: {
      'counter.js': counter,
      'app.js': `
        const counter = require('./counter.js');
        counter.increment();
        counter.increment();
        console.log(counter.get());
        console.log(counter.value);
      `,
    },
    stdout: ['2', 'undefined'],
  },
  {
    title: 'counter.js required twice is one counter',
    files: {
      'counter.js': counter,
      'app.js': `
        const counter1 = require('./counter.js');
        const counter2 = require('./counter.js');
        counter1.increment();
        counter1.increment();
        counter2.increment();
        console.log(counter1.get());
        console.log(counter2.get());
        console.log(counter1 === counter2);
      `,
    },
    stdout: ['3', '3', 'true'],
  },
  {
    title: 'counter.js required from different directories, by every spelling of its path, is one counter',
    files: {
      'lib/counter.js': counter,
      'lib/deep/user.js': `module.exports = [require('../counter'), require('../../lib/counter.js')];`,
      'app.js': `
        const path = require('path');
        const counters = new Set([
          require('./lib/counter.js'),
          require('./lib/counter'),
          require('./lib/../lib/./counter'),
          require('.//lib//counter.js'),
          require(path.join(__dirname, 'lib', 'counter.js')),
          ...require('./lib/deep/user'),
        ]);
        console.log(counters.size);
      `,
    },
    stdout: ['1'],
  },
  {
    title: 'a module that prints runs once, and both names hold the same object',
    files: {
      'node_modules/sub.js': `console.log('foo');`,
      'main.js': `
        var a = require('sub');
        var b = require('sub');
        a.bar = 123;
        console.log(b.bar);
        console.log(a === b);
      `,
    },
    args: ['main.js'],
    stdout: ['foo', '123', 'true'],
  },
  {
    title: './COUNTER.js is not ./counter.js where case counts',
    needs: { met: isCaseSensitive, reason: 'a case-sensitive file system' },
    files: {
      'counter.js': counter,
      'app.js': `
        const counter1 = require('./counter.js');
        counter1.increment();
        console.log(counter1.get());
        try {
          require('./COUNTER.js');
        } catch (error) {
          console.log(error.code);
          console.log(error.message);
        }
      `,
    },
    stdout: ['1', 'MODULE_NOT_FOUND', `Cannot find module './COUNTER.js'`, 'Require stack:', '- <root>/app.js'],
  },
  {
    title: './COUNTER.js is a second counter where case does not count',
    needs: { met: !isCaseSensitive, reason: 'a file system that ignores case' },
    files: {
      'counter.js': counter,
      'app.js': `
        const counter1 = require('./counter.js');
        const counter2 = require('./COUNTER.js');
        counter1.increment();
        console.log(counter1.get());
        console.log(counter2.get());
      `,
    },
    stdout: ['1', '0'],
  },
  {
    title: 'two files whose names differ in case only are two counters',
    needs: { met: isCaseSensitive, reason: 'a case-sensitive file system' },
    files: {
      'counter.js': counter,
      'COUNTER.js': counter,
      'app.js': `
        const counter1 = require('./counter.js');
        const counter2 = require('./COUNTER.js');
        counter1.increment();
        console.log(counter1.get());
        console.log(counter2.get());
      `,
    },
    stdout: ['1', '0'],
  },
]);
