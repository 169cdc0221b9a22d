// A small project with jest tests in it, as data for tree.mjs: what jest resolves in real projects, each kind once.

const module = (value) => `module.exports = ${JSON.stringify(value)};\n`;

const PACKAGES = {
  'node_modules/plain/package.json': { json: { name: 'plain', version: '1.0.0', main: './lib/main' } },
  'node_modules/plain/lib/main.js': "module.exports = { name: 'plain', helper: require('./helper') };\n",
  'node_modules/plain/lib/helper.json': { json: { from: 'json' } },
  'node_modules/plain/node_modules/nested/index.js': module('nested, but only for plain'),
  'node_modules/conditional/package.json': {
    json: {
      name: 'conditional',
      exports: {
        '.': { special: './special.js', import: './import.mjs', require: './require.js' },
        './feature/*': './features/*.js',
        './internal/*': null,
      },
    },
  },
  'node_modules/conditional/special.js': module('special'),
  'node_modules/conditional/require.js': module('require'),
  'node_modules/conditional/import.mjs': "export default 'import';\n",
  'node_modules/conditional/features/a.js': module('feature a'),
  'node_modules/conditional/internal/secret.js': module('secret'),
  'node_modules/mocked/package.json': { json: { name: 'mocked', main: 'index.js' } },
  'node_modules/mocked/index.js': module('not mocked'),
  'node_modules/@app/shared': { link: '../../packages/shared' },
  'packages/shared/package.json': { json: { name: '@app/shared', main: 'src' } },
  'packages/shared/src/index.js': 'exports.count = 0;\nexports.increment = () => { exports.count += 1; };\n',
};

const SOURCES = {
  'package.json': { json: { name: 'project', private: true } },
  'src/sum.js': 'module.exports = (left, right) => left + right;\n',
  'src/dir/index.js': "module.exports = ['dir', require('../data'), typeof require('..').sum];\n",
  'src/index.js': "exports.sum = require('./sum.js');\n",
  'src/data.json': { json: { answer: 42 } },
  'src/__mocks__/sum.js': "module.exports = () => 'manual mock';\n",
  'src/style.css': 'body {}',
  'style-stub.js': module({ className: 'stub' }),
  '__mocks__/mocked.js': module('mocked by __mocks__'),
};

const TESTS = {
  '__tests__/resolve.test.js': `
const path = require('node:path');

test('relative, directory, JSON', () => {
  expect(require('../src/sum')(1, 2)).toBe(3);
  expect(require('../src/dir')).toEqual(['dir', { answer: 42 }, 'function']);
});
test('packages', () => {
  expect(require('plain')).toMatchSnapshot();
  expect(require('plain/lib/helper')).toEqual({ from: 'json' });
  expect(require('conditional/feature/a')).toBe('feature a');
  expect(() => require('nested')).toThrowErrorMatchingSnapshot();
  expect(() => require('conditional/internal/secret')).toThrow();
});
test('conditions', () => {
  expect(require('conditional')).toBe(globalThis.EXPECTED_CONDITION);
});
test('what is not there', () => {
  expect(() => require('missing')).toThrowErrorMatchingSnapshot();
  expect(() => require('./missing')).toThrowErrorMatchingSnapshot();
});
test('builtins', () => {
  expect(path.basename(require('path').join('a', 'b'))).toBe('b');
});
test('moduleNameMapper', () => {
  expect(require('@/data')).toEqual({ answer: 42 });
  expect(require('../src/style.css')).toEqual({ className: 'stub' });
});
test('a linked workspace package is one module', () => {
  require('@app/shared').increment();
  expect(require('../packages/shared/src').count).toBe(1);
  expect(require.resolve('@app/shared')).toBe(path.resolve(__dirname, '../packages/shared/src/index.js'));
});
`,
  '__tests__/mock.test.js': `
jest.mock('../src/sum');
jest.mock('plain', () => 'factory');
jest.mock('imaginary', () => 'virtual', { virtual: true });

test('mocks take the place of what they mock', () => {
  expect(require('../src/sum')()).toBe('manual mock');
  expect(require('../src').sum()).toBe('manual mock');
  expect(jest.requireActual('../src/sum')(1, 2)).toBe(3);
  expect(require('plain')).toBe('factory');
  expect(require('imaginary')).toBe('virtual');
  expect(require('mocked')).toBe('mocked by __mocks__');
});
`,
  '__tests__/import.test.mjs': `
import conditional from 'conditional';
import feature from 'conditional/feature/a';
import { readFileSync } from 'node:fs';

test('import', () => {
  expect([conditional, feature, typeof readFileSync]).toEqual(['import', 'feature a', 'function']);
});
`,
};

export const projectTree = { ...PACKAGES, ...SOURCES, ...TESTS };
