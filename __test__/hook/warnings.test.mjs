// Warnings that Node gives while it resolves or loads must still be given, once, and in Node's words.

import test from 'ava';

import { nodeMajor, testPrograms } from '../helpers/run.mjs';

const mapped = (name, exports) => ({
  [`node_modules/${name}/package.json`]: { json: { name, exports } },
  [`node_modules/${name}/lib/file.js`]: '',
  [`node_modules/${name}/lib/index.js`]: '',
});

const attempt = `
  const attempt = (request) => {
    try {
      return require.resolve(request).slice(__dirname.length);
    } catch (error) {
      return error.code;
    }
  };
  const codes = [];
  process.on('warning', (warning) => codes.push(warning.code));
  process.on('exit', () => console.log('warnings: ' + codes.join()));
`;

testPrograms(test, [
  {
    title: 'DEP0128: a main that is missing where there is an index.js, once for each request',
    files: {
      'node_modules/invalid-main/package.json': { json: { main: 'missing.js' } },
      'node_modules/invalid-main/index.js': '',
      'app.js': `${attempt}
        console.log(attempt('invalid-main'), attempt('./node_modules/invalid-main'), attempt('invalid-main'));
      `,
    },
    stdout: [`${'/node_modules/invalid-main/index.js '.repeat(3).trim()}`, 'warnings: DEP0128,DEP0128'],
    stderr: [
      /\[DEP0128\] DeprecationWarning: Invalid 'main' field in '<root>\/node_modules\/invalid-main\/package\.json' of/,
    ],
  },
  {
    title: 'DEP0128 is not given with --no-deprecation, and is an error with --throw-deprecation',
    files: {
      'node_modules/invalid-main/package.json': { json: { main: 'missing.js' } },
      'node_modules/invalid-main/index.js': '',
      'app.js': `${attempt} console.log(attempt('invalid-main'));`,
    },
    nodeArguments: ['--no-deprecation', '<witness>', '<hook>'],
    stdout: ['/node_modules/invalid-main/index.js', 'warnings: '],
  },
  {
    title: 'DEP0155: a pattern matched by a request that ends in a slash',
    files: {
      ...mapped('trailing', { './*': './lib/*' }),
      'app.js': `${attempt} console.log(attempt('trailing/file.js'), attempt('trailing/file.js/'));`,
    },
    nodeArguments: ['--pending-deprecation', '<witness>', '<hook>'],
    stdout: ['/node_modules/trailing/lib/file.js MODULE_NOT_FOUND', 'warnings: DEP0155'],
    stderr: [/DEP0155/],
  },
  {
    title: 'DEP0166: a target with a double slash',
    files: {
      ...mapped('double', { './*': './lib//*', './fixed': './lib//file.js' }),
      'app.js': `${attempt} console.log(attempt('double/file.js'), attempt('double/fixed'));`,
    },
    nodeArguments: ['--pending-deprecation', '<witness>', '<hook>'],
    stdout: ['/node_modules/double/lib/file.js /node_modules/double/lib/file.js', 'warnings: DEP0166,DEP0166'],
    stderr: [/DEP0166/],
  },
  {
    title: 'DEP0166: a request that makes a double slash of a target',
    files: {
      ...mapped('double', { './*': './lib/*' }),
      'app.js': `${attempt} console.log(attempt('double//file.js'), attempt('double/./file.js'));`,
    },
    nodeArguments: ['--pending-deprecation', '<witness>', '<hook>'],
    stdout: ['/node_modules/double/lib/file.js ERR_INVALID_MODULE_SPECIFIER', 'warnings: DEP0166'],
    stderr: [/DEP0166/],
  },
  {
    title: 'circular requires see what is there so far, and are warned about what is not',
    files: {
      'a.js': `
        exports.early = 'a, early';
        const b = require('./b');
        exports.late = 'a, late, with ' + b.seen;
      `,
      'b.js': `
        const a = require('./a');
        exports.seen = [a.early, a.late].join('+');
      `,
      'app.js': `
        const a = require('./a');
        console.log(a.late);
        console.log(Object.getPrototypeOf(a) === Object.prototype);
      `,
    },
    stdout: ['a, late, with a, early+', 'true'],
    stderr: [/Warning: Accessing non-existent property 'late' of module exports inside circular dependency/],
  },
  {
    title: 'a module that requires itself, and a circle through packages',
    files: {
      'self.js': `exports.same = require('./self') === exports;`,
      'node_modules/one/index.js': `exports.name = 'one'; exports.two = require('two').name;`,
      'node_modules/two/index.js': `exports.name = 'two sees ' + require('one').name;`,
      'app.js': `console.log(require('./self').same, require('one').two);`,
    },
    stdout: ['true two sees one'],
  },
  {
    title: 'a deprecated builtin warns as without the hook',
    files: { 'app.js': `require('punycode'); require('sys'); console.log('done');` },
    stdout: ['done'],
    stderr: nodeMajor === 20 ? [/DEP0025/] : [/DEP0040/, /DEP0025/],
  },
]);
