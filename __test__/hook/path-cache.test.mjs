// What Node remembers within a process, and how programs take it away again.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const tools = `
  const fs = require('fs');
  const Module = require('module');
  const find = (request) => {
    try {
      return require.resolve(request).slice(__dirname.length);
    } catch (error) {
      return error.code;
    }
  };
  const laterTurn = () => new Promise((resolve) => setImmediate(resolve));
`;

testPrograms(test, [
  {
    title: 'an entry that a program put into Module._pathCache answers',
    files: {
      'node_modules/dep/index.js': '',
      'planted.js': '',
      'app.js': `${tools}
        const paths = require.resolve.paths('dep');
        Module._pathCache['dep\\0' + paths.join('\\0')] = __dirname + '/planted.js';
        console.log(find('dep'));
        Module._pathCache['./dep\\0' + __dirname] = __dirname + '/planted.js';
        console.log(find('./dep'));
      `,
    },
    stdout: ['/planted.js', '/planted.js'],
  },
  {
    title: 'of a file that is gone, what was loaded first is repeated',
    files: {
      'file.js': '',
      'app.js': `${tools}
        (async () => {
          require('./file');
          console.log(find('./file'));
          await laterTurn();
          fs.renameSync('file.js', 'file.json');
          find('./file');
          await laterTurn();
          fs.unlinkSync('file.json');
          console.log(find('./file'));
        })();
      `,
    },
    stdout: ['/file.js', '/file.js'],
  },
  {
    title: 'an entry deleted from Module._pathCache is looked for on the disk again',
    files: {
      'node_modules/dep/index.js': '',
      'node_modules/dep.js': '',
      'app.js': `${tools}
        (async () => {
          console.log(find('dep'));
          fs.rmSync('node_modules/dep.js');
          await laterTurn();
          for (const key of Object.keys(Module._pathCache)) {
            if (key.startsWith('dep\\0')) {
              delete Module._pathCache[key];
            }
          }
          console.log(find('dep'));
        })();
      `,
    },
    stdout: ['/node_modules/dep.js', '/node_modules/dep/index.js'],
  },
  {
    title: 'what was loaded once, with the file gone: Node repeats itself',
    files: {
      'node_modules/dep.js': '',
      'local.js': '',
      'app.js': `${tools}
        (async () => {
          console.log(find('dep'), find('./local'));
          require('dep');
          require('./local');
          fs.rmSync('node_modules/dep.js');
          fs.rmSync('local.js');
          await laterTurn();
          console.log(find('dep'), find('./local'));
        })();
      `,
    },
    stdout: ['/node_modules/dep.js /local.js', '/node_modules/dep.js /local.js'],
  },
  {
    title: 'a program that replaces Module._pathCache takes away what Node would repeat',
    files: {
      'node_modules/dep.js': '',
      'local.js': '',
      'app.js': `${tools}
        (async () => {
          console.log(find('dep'), find('./local'));
          fs.rmSync('node_modules/dep.js');
          fs.rmSync('local.js');
          await laterTurn();
          Module._pathCache = {};
          console.log(find('dep'), find('./local'));
        })();
      `,
    },
    stdout: ['/node_modules/dep.js /local.js', 'MODULE_NOT_FOUND MODULE_NOT_FOUND'],
  },
  {
    title: 'what was found once, with something nearer since: Node repeats itself, the core looks again',
    files: {
      'node_modules/dep.js': '',
      'lib/app.js': `${tools}
        (async () => {
          console.log(require.resolve('dep').slice(process.cwd().length));
          fs.mkdirSync(__dirname + '/node_modules');
          fs.writeFileSync(__dirname + '/node_modules/dep.js', '');
          await laterTurn();
          console.log(require.resolve('dep').slice(process.cwd().length));
          Module._pathCache = {};
          console.log(require.resolve('dep').slice(process.cwd().length));
        })();
      `,
    },
    args: ['lib/app.js'],
    stdout: ['/node_modules/dep.js', '/node_modules/dep.js', '/lib/node_modules/dep.js'],
    hookedStdout: ['/node_modules/dep.js', '/lib/node_modules/dep.js', '/lib/node_modules/dep.js'],
  },
  {
    title: 'what exports, imports or the name of the own package led to is looked for anew each time',
    files: {
      'package.json': { json: { name: 'self', exports: './own.js', imports: { '#own': './own.js' } } },
      'own.js': '',
      'node_modules/mapped/package.json': { json: { exports: './main.js' } },
      'node_modules/mapped/main.js': '',
      'app.js': `${tools}
        (async () => {
          console.log(find('mapped'), find('self'), find('#own'));
          fs.rmSync('node_modules/mapped/main.js');
          fs.rmSync('own.js');
          await laterTurn();
          console.log(find('mapped'), find('self'), find('#own'));
        })();
      `,
    },
    stdout: ['/node_modules/mapped/main.js /own.js /own.js', 'MODULE_NOT_FOUND MODULE_NOT_FOUND MODULE_NOT_FOUND'],
  },
  {
    title: 'a package.json edited after it was read: Node does not read it again, the core does in a later turn',
    files: {
      'node_modules/dep/package.json': { json: { main: './one.js' } },
      'node_modules/dep/one.js': '',
      'node_modules/dep/two.js': '',
      'node_modules/mapped/package.json': { json: { exports: './one.js' } },
      'node_modules/mapped/one.js': '',
      'node_modules/mapped/two.js': '',
      'app.js': `${tools}
        (async () => {
          console.log(find('dep'), find('mapped'));
          fs.writeFileSync('node_modules/dep/package.json', '{"main":"./two.js"}');
          fs.writeFileSync('node_modules/mapped/package.json', '{"exports":"./two.js"}');
          await laterTurn();
          Module._pathCache = {};
          console.log(find('dep'), find('mapped'), find('dep/'), find('./node_modules/dep'));
        })();
      `,
    },
    stdout: [
      '/node_modules/dep/one.js /node_modules/mapped/one.js',
      '/node_modules/dep/one.js /node_modules/mapped/one.js /node_modules/dep/one.js /node_modules/dep/one.js',
    ],
    hookedStdout: [
      '/node_modules/dep/one.js /node_modules/mapped/one.js',
      '/node_modules/dep/two.js /node_modules/mapped/two.js /node_modules/dep/two.js /node_modules/dep/two.js',
    ],
  },
  {
    title: 'a link that points elsewhere since: Node keeps real paths, the core does not',
    files: {
      'one/file.js': '',
      'two/file.js': '',
      link: { link: 'one' },
      'app.js': `${tools}
        (async () => {
          console.log(find('./link/file'));
          fs.rmSync('link');
          fs.symlinkSync('two', 'link');
          await laterTurn();
          console.log(find('./link/file'));
          Module._pathCache = {};
          // Node keeps the real path of a file for good.
          console.log(find('./link/file'));
        })();
      `,
    },
    stdout: ['/one/file.js', '/one/file.js', '/one/file.js'],
    hookedStdout: ['/one/file.js', '/two/file.js', '/two/file.js'],
  },
  {
    title: 'within one turn, both find what was absent and appears',
    nodeArguments: ['<witness>', '-r', './clock.js', '<hook>'],
    files: {
      'clock.js': 'const { now } = Date; const start = now(); Date.now = () => start;',
      'node_modules/dep/package.json': { json: { exports: './late.js' } },
      'nested.js': `${tools}
        const requests = ['./file', './directory', 'dep', 'late'];
        console.log(requests.map(find).join());
        fs.mkdirSync('directory');
        for (const name of ['file', 'directory/index', 'node_modules/dep/late', 'node_modules/late']) {
          fs.writeFileSync(name + '.js', '');
        }
        console.log(requests.map(find).join());
      `,
      'app.js': "require('./nested');",
    },
    stdout: [
      Array(4).fill('MODULE_NOT_FOUND').join(),
      '/file.js,/directory/index.js,/node_modules/dep/late.js,/node_modules/late.js',
    ],
  },
  {
    title: 'within one turn, both take what was there at first to be there still',
    nodeArguments: ['<witness>', '-r', './clock.js', '<hook>'],
    files: {
      'file.js': '',
      // In the test, the turn does not become too old.
      'clock.js': 'const { now } = Date; const start = now(); Date.now = () => start;',
      'app.js': `${tools}
        console.log(find('./file'));
        fs.rmSync('file.js');
        console.log(find('./file.js'), find('./sub/../file'));
      `,
    },
    stdout: ['/file.js', '/file.js /file.js'],
  },
]);
