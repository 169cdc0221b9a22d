// Errors are Node's own: class, code, message, require stack, and what an uncaught one prints.

import test from 'ava';

import { nodeMajor, testPrograms } from '../helpers/run.mjs';

const describe = `
  const describe = (action) => {
    try {
      console.log('no error', action());
    } catch (error) {
      const { name, code, path, requestPath, requireStack } = error;
      console.log(JSON.stringify({ name, code, path, requestPath, requireStack }));
    }
  };
`;

const described = (fields) => JSON.stringify(fields);

const notFound = described({ name: 'Error', code: 'MODULE_NOT_FOUND', requireStack: ['<root>/app.js'] });

const exportsPackage = (name, exports) => ({
  [`node_modules/${name}/package.json`]: { json: { name, exports } },
  [`node_modules/${name}/main.js`]: '',
  [`node_modules/${name}/hidden.js`]: '',
});

const uncaught = (title, request, files, stderr) => ({
  title: `uncaught: ${title}`,
  files: {
    ...files,
    'app.js': `require('./lib/middle');`,
    'lib/middle.js': `exports.x = require(${JSON.stringify(request)});`,
  },
  stdout: [],
  stderr,
  exitCode: 1,
});

testPrograms(test, [
  uncaught('a missing file, with a require stack of several levels', './missing', {}, [
    /Error: Cannot find module '\.\/missing'\nRequire stack:\n- <root>\/lib\/middle\.js\n- <root>\/app\.js\n/,
    /code: 'MODULE_NOT_FOUND',\n {2}requireStack: \[\s+'<root>\/lib\/middle\.js',\s+'<root>\/app\.js'\s+\]/,
  ]),
  uncaught('a missing package', '@scope/missing/file', {}, [
    /Error: Cannot find module '@scope\/missing\/file'\nRequire stack:/,
  ]),
  uncaught('a missing builtin', 'node:missing', {}, [
    /ERR_UNKNOWN_BUILTIN_MODULE/,
    /No such built-in module: node:missing/,
  ]),
  uncaught('a subpath that is not exported', 'closed/hidden.js', exportsPackage('closed', './main.js'), [
    /ERR_PACKAGE_PATH_NOT_EXPORTED/,
    /Package subpath '\.\/hidden\.js' is not defined by "exports" in <root>\/node_modules\/closed\/package\.json/,
  ]),
  uncaught('an invalid target', 'invalid', exportsPackage('invalid', '../outside.js'), [
    /ERR_INVALID_PACKAGE_TARGET/,
    /Invalid "exports" main target "\.\.\/outside\.js" defined in the package config <root>\/node_modules\/invalid/,
  ]),
  uncaught('a target that is missing', 'gone', exportsPackage('gone', './gone.js'), [
    /Error: Cannot find module '<root>\/node_modules\/gone\/gone\.js'/,
    /path: '<root>\/node_modules\/gone(\/package\.json)?'/,
  ]),
  uncaught('a malformed package.json', 'broken', { 'node_modules/broken/package.json': '{"main": ' }, [
    nodeMajor === 20 ? /Error parsing <root>\/node_modules\/broken\/package\.json/ : /ERR_INVALID_PACKAGE_CONFIG/,
    /<root>\/node_modules\/broken\/package\.json/,
  ]),
  uncaught(
    'a main that is missing',
    'no-main',
    { 'node_modules/no-main/package.json': { json: { main: './gone.js' } } },
    [
      /Cannot find module '<root>\/node_modules\/no-main\/gone\.js'\. Please verify that the package\.json has a valid/,
      /requestPath: 'no-main'/,
    ],
  ),
  uncaught(
    'a name of imports that is not defined',
    '#missing',
    { 'package.json': { json: { imports: { '#x': './x.js' } } } },
    [
      /ERR_PACKAGE_IMPORT_NOT_DEFINED/,
      /Package import specifier "#missing" is not defined in package <root>\/package\.json/,
    ],
  ),
  uncaught('a module that throws while it is loaded', './throws', { 'lib/throws.js': `throw new RangeError('own');` }, [
    /RangeError: own\n {4}at Object\.<anonymous> \(<root>\/lib\/throws\.js:1:7\)/,
  ]),
  uncaught('a module with a syntax error', './syntax', { 'lib/syntax.js': 'const const;' }, [
    /<root>\/lib\/syntax\.js:1\nconst const;/,
    /SyntaxError: Unexpected token 'const'/,
  ]),
  {
    title: 'the require stack follows the modules that ask, not those that were loaded first',
    files: {
      'a.js': `exports.load = (request) => require(request);`,
      'b.js': `exports.load = require('./a').load; exports.own = (request) => require(request);`,
      'app.js': `${describe}
        const b = require('./b');
        describe(() => b.load('missing'));
        describe(() => b.own('missing'));
        describe(() => require('missing'));
        describe(() => require.resolve('missing'));
        describe(() => module.require('missing'));
        describe(() => require('module').createRequire(__dirname + '/')('missing'));
      `,
    },
    stdout: [
      ['<root>/a.js', '<root>/b.js', '<root>/app.js'],
      ['<root>/b.js', '<root>/app.js'],
      ['<root>/app.js'],
      ['<root>/app.js'],
      ['<root>/app.js'],
      ['<root>/noop.js'],
    ].map((requireStack) => described({ name: 'Error', code: 'MODULE_NOT_FOUND', requireStack })),
  },
  {
    title: 'the same error again and again, and a success after it',
    files: {
      'app.js': `${describe}
        describe(() => require('./late'));
        describe(() => require('./late'));
        require('fs').writeFileSync(__dirname + '/late.js', 'module.exports = 1');
        console.log(require('./late'));
      `,
    },
    stdout: [notFound, notFound, '1'],
  },
  {
    title: 'what is no request at all: empty, not a string, with a NUL byte',
    files: {
      'file.js': '',
      'app.js': `${describe}
        for (const request of ['', undefined, null, 1, {}, [], ['./file'], new String('./file'), Symbol('text')]) {
          describe(() => require(request));
        }
        for (const request of ['', 1, null]) {
          describe(() => require.resolve(request));
        }
        for (const request of ['\\0', './file\\0', './file.js\\0.js', 'package\\0name', 'fs\\0', '/\\0']) {
          describe(() => require(request));
        }
        for (const request of [' ', './\\ud800', 'x'.repeat(100000)]) {
          describe(() => require(request));
        }
      `,
    },
    stdout: [
      described({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' }),
      ...Array(8).fill(described({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })),
      notFound,
      ...Array(2).fill(described({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })),
      ...Array(2).fill(notFound),
      // Up to the NUL byte this is the name of a file; what fails is asking for its real path.
      described({ name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' }),
      ...Array(6).fill(notFound),
    ],
  },
  {
    title: 'an error is an instance of Error of the running realm, with the properties that Node gives it',
    files: {
      'app.js': `
        try {
          require('missing');
        } catch (error) {
          console.log(error instanceof Error, Object.keys(error).join(), error.stack.split('\\n')[0]);
          console.log(Object.getOwnPropertyDescriptor(error, 'code').writable);
        }
      `,
    },
    stdout: [`true code,requireStack Error: Cannot find module 'missing'`, 'true'],
  },
  {
    title: 'a file in a directory that can not be searched',
    needs: { met: process.getuid?.() !== 0, reason: 'a user who is not allowed everything' },
    files: {
      'closed/file.js': '',
      'closed/': { mode: 0o000 },
      'app.js': `${describe} describe(() => require('./closed/file'));`,
    },
    stdout: [notFound],
  },
]);
