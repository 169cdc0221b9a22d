// `require.resolve` with options, `Module._resolveFilename` called directly, and `createRequire`.

import test from 'ava';

import { nodeMajor, testPrograms } from '../helpers/run.mjs';

const tools = `
  const Module = require('module');
  const root = process.cwd();
  const attempt = (action) => {
    try {
      const answer = action();
      return typeof answer === 'string' ? answer.replace(root, '') : JSON.stringify(answer);
    } catch (error) {
      return error.code ?? error.name;
    }
  };
  const print = (...values) => console.log(values.join(' '));
`;

const files = {
  'node_modules/dep/index.js': '',
  'other/node_modules/dep/index.js': '',
  'other/node_modules/only-other/index.js': '',
  'other/local.js': '',
  'other/deep/nothing.txt': '',
  'local.js': '',
};

testPrograms(test, [
  {
    title: 'require.resolve(x, { paths }) for bare, relative and absolute requests',
    files: {
      ...files,
      'app.js': `${tools}
        const from = (request, ...paths) => attempt(() => require.resolve(request, { paths }));
        print(from('dep', __dirname + '/other'), from('dep', __dirname), from('dep', __dirname + '/other/deep'));
        print(from('only-other', __dirname), from('only-other', __dirname, __dirname + '/other'), from('dep'));
        print(from('./local', __dirname + '/other'), from('./local'));
        print(from('./local', 'other', '.'), from('../local', 'other'));
        print(from(__dirname + '/local', '/nowhere'), from('fs', '/nowhere'), from('./fs', '/nowhere'));
        print(from('dep', 'other'), from('dep', 'other/'));
        print(from('dep', './other/../other'), from('dep', ''));
      `,
    },
    stdout: [
      '/other/node_modules/dep/index.js /node_modules/dep/index.js /other/node_modules/dep/index.js',
      'MODULE_NOT_FOUND /other/node_modules/only-other/index.js MODULE_NOT_FOUND',
      '/other/local.js MODULE_NOT_FOUND',
      '/other/local.js /local.js',
      '/local.js fs MODULE_NOT_FOUND',
      '/other/node_modules/dep/index.js /other/node_modules/dep/index.js',
      '/other/node_modules/dep/index.js /node_modules/dep/index.js',
    ],
  },
  {
    title: 'require.resolve with options that say nothing about paths',
    files: {
      ...files,
      'app.js': `${tools}
        for (const options of [undefined, null, {}, { paths: undefined }, 'text', 1, true, [], () => {}]) {
          print(attempt(() => require.resolve('dep', options)), attempt(() => require.resolve('./local', options)));
        }
      `,
    },
    stdout: Array(9).fill('/node_modules/dep/index.js /local.js'),
  },
  {
    title: 'require.resolve with paths that are no list of strings',
    files: {
      ...files,
      'app.js': `${tools}
        for (const paths of [null, 'text', {}, 0, false, [null], [1], [{}], new Set(['other'])]) {
          print(attempt(() => require.resolve('dep', { paths })), attempt(() => require.resolve('./local', { paths })));
        }
      `,
    },
    stdout: [
      ...Array(5).fill('ERR_INVALID_ARG_VALUE ERR_INVALID_ARG_VALUE'),
      ...Array(3).fill('ERR_INVALID_ARG_TYPE ERR_INVALID_ARG_TYPE'),
      'ERR_INVALID_ARG_VALUE ERR_INVALID_ARG_VALUE',
    ],
  },
  {
    title: 'require.resolve.paths',
    files: {
      ...files,
      'other/app.js': `${tools}
        print(JSON.stringify(require.resolve.paths('dep').slice(0, 2)), attempt(() => require.resolve.paths('fs')));
        print(attempt(() => require.resolve.paths('./local')), attempt(() => require.resolve.paths(1)));
        module.paths = ['/made/up'];
        print(require.resolve.paths('dep')[0]);
      `,
    },
    args: ['other/app.js'],
    stdout: [
      '["<root>/other/node_modules","<root>/node_modules"] null',
      '["<root>/other"] ERR_INVALID_ARG_TYPE',
      '/made/up',
    ],
  },
  {
    title: 'require.resolve with conditions, which Node has passed on since version 22',
    files: {
      'node_modules/mapped/package.json': { json: { exports: { custom: './custom.js', default: './default.js' } } },
      'node_modules/mapped/custom.js': '',
      'node_modules/mapped/default.js': '',
      'app.js': `${tools}
        const resolve = (conditions) => attempt(() => require.resolve('mapped', { conditions }));
        print(resolve(new Set(['custom'])), resolve(new Set()));
        print(resolve(undefined), resolve(new Set(['custom', 'node'])));
      `,
    },
    stdout:
      nodeMajor === 20
        ? Array(2).fill('/node_modules/mapped/default.js /node_modules/mapped/default.js')
        : [
            '/node_modules/mapped/custom.js /node_modules/mapped/default.js',
            '/node_modules/mapped/default.js /node_modules/mapped/custom.js',
          ],
  },
  {
    title: 'Module._resolveFilename called with every kind of parent',
    files: {
      ...files,
      'app.js': `${tools}
        const resolve = (request, parent, ...rest) => attempt(() => Module._resolveFilename(request, parent, ...rest));
        const filename = __dirname + '/other/made-up.js';
        const paths = Module._nodeModulePaths(__dirname + '/other');
        const parents = {
          none: undefined,
          null: null,
          empty: {},
          plain: { id: filename, filename, paths },
          'no id': { filename, paths },
          'no filename': { id: filename, paths },
          'no paths': { id: filename, filename },
          'relative filename': { id: 'other/made-up.js', filename: 'other/made-up.js', paths },
          'unnormalised filename': { id: filename, filename: __dirname + '/other/../other//made-up.js', paths },
          repl: { id: '<repl>', paths },
        };
        for (const [name, parent] of Object.entries(parents)) {
          print(name + ':', resolve('dep', parent), resolve('./local', parent), resolve('./local', parent, true));
        }
      `,
    },
    stdout: [
      'none: MODULE_NOT_FOUND /local.js /local.js',
      'null: MODULE_NOT_FOUND /local.js /local.js',
      'empty: MODULE_NOT_FOUND /local.js /local.js',
      'plain: /other/node_modules/dep/index.js /other/local.js /other/local.js',
      'no id: /other/node_modules/dep/index.js /local.js /local.js',
      'no filename: /other/node_modules/dep/index.js /local.js /local.js',
      'no paths: MODULE_NOT_FOUND /other/local.js /other/local.js',
      'relative filename: /other/node_modules/dep/index.js /other/local.js /other/local.js',
      'unnormalised filename: /other/node_modules/dep/index.js /other/local.js /other/local.js',
      'repl: /other/node_modules/dep/index.js /local.js /local.js',
    ],
  },
  {
    title: 'Module._resolveFilename called with what is not a string',
    files: {
      ...files,
      'app.js': `${tools}
        for (const request of [undefined, null, 1, true, {}, [], Symbol('text'), () => {}]) {
          try {
            print(Module._resolveFilename(request, module));
          } catch (error) {
            print(error.name, error.code);
          }
        }
      `,
    },
    stdout: [
      'TypeError ',
      'TypeError ',
      ...Array(4).fill('TypeError ERR_INVALID_ARG_TYPE'),
      'TypeError ',
      'TypeError ERR_INVALID_ARG_TYPE',
    ],
  },
  {
    title: 'createRequire with a file, a directory with a trailing slash, and a URL',
    files: {
      ...files,
      'app.js': `${tools}
        const { pathToFileURL } = require('url');
        const starts = [
          __dirname + '/other/any.js',
          __dirname + '/other/',
          __dirname + '/other',
          pathToFileURL(__dirname + '/other/'),
          String(pathToFileURL(__dirname + '/other/any.js')),
        ];
        for (const start of starts) {
          const from = Module.createRequire(start);
          print(attempt(() => from.resolve('dep')), attempt(() => from.resolve('./local')), typeof from('./local'));
        }
        print(attempt(() => Module.createRequire('./other')), attempt(() => Module.createRequire(1)));
      `,
    },
    stdout: [
      '/other/node_modules/dep/index.js /other/local.js object',
      '/other/node_modules/dep/index.js /other/local.js object',
      '/node_modules/dep/index.js /local.js object',
      '/other/node_modules/dep/index.js /other/local.js object',
      '/other/node_modules/dep/index.js /other/local.js object',
      'ERR_INVALID_ARG_VALUE ERR_INVALID_ARG_VALUE',
    ],
  },
  {
    title: 'a module compiled from text, with a file name that does not exist',
    files: {
      ...files,
      'app.js': `${tools}
        const filename = __dirname + '/other/generated/made-up.js';
        const made = new Module(filename, module);
        made.filename = filename;
        made.paths = Module._nodeModulePaths(__dirname + '/other/generated');
        made._compile('module.exports = [require.resolve("dep"), require.resolve("../local")]', filename);
        print(...made.exports.map((name) => name.replace(root, '')));
      `,
    },
    stdout: ['/other/node_modules/dep/index.js /other/local.js'],
  },
  {
    title: 'properties that a program has put on Object.prototype count where they count in Node',
    files: {
      ...files,
      'app.js': `${tools}
        Array.prototype.last = function () { return this[this.length - 1]; };
        Object.prototype.paths = ['/polluted'];
        Object.prototype.conditions = ['polluted'];
        Object.prototype.filename = '/polluted/file.js';
        const answers = [attempt(() => require.resolve('./local')), attempt(() => require.resolve('./other/local'))];
        delete Object.prototype.paths;
        delete Object.prototype.conditions;
        delete Object.prototype.filename;
        print(...answers);
      `,
    },
    // From version 24 on Node passes options of its own, and those have a prototype.
    stdout: [nodeMajor >= 24 ? 'MODULE_NOT_FOUND MODULE_NOT_FOUND' : '/local.js /other/local.js'],
  },
]);
