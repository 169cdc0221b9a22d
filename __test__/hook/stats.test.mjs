// stats().hook: whether requests reach the core, and if not, why.

import test from 'ava';

import { testLibraryPrograms } from '../helpers/run.mjs';

const tools = `
  const Module = require('module');
  const library = require(process.env.LIBRARY);
  const print = () => {
    const { state, reason } = library.stats().hook;
    console.log(state, reason);
  };
`;

const program = (title, source, stdout, rest = {}) => ({
  title,
  ...rest,
  files: { 'a.js': '', 'b.js': '', ...rest.files, 'app.js': `${tools}${source}` },
  stdout,
});

const FAILED = 'aside something went wrong; see the warning';

testLibraryPrograms(test, [
  program(
    'it is off before install() and after uninstall(), and answering in between',
    `
      print();
      library.install();
      print();
      library.uninstall();
      print();
    `,
    ['off null', 'answering null', 'off null'],
  ),
  program('with the preload, it is answering', 'print();', ['answering null'], { nodeArguments: ['<hook>'] }),
  program(
    'where Node tells what it resolves, it says why it is off',
    'console.log(library.install()); print();',
    ['false', 'off NODE_DEBUG tells what is resolved'],
    { env: { NODE_DEBUG: 'module' }, stderr: [/MODULE/] },
  ),
  program(
    'above another tool, it is aside',
    `
      const next = Module._resolveFilename;
      Module._resolveFilename = function (...args) { return Reflect.apply(next, this, args); };
      library.install();
      print();
    `,
    ['aside another tool had replaced Module._resolveFilename before'],
  ),
  program(
    'while a part of the loader is replaced, it is aside',
    `
      library.install();
      const { _findPath } = Module;
      Module._findPath = (...args) => _findPath(...args);
      print();
      Module._findPath = _findPath;
      print();
    `,
    ["aside a tool has replaced a part of Node's loader", 'answering null'],
  ),
  program(
    'with a relative NODE_PATH, it is aside',
    'library.install(); print();',
    ['aside NODE_PATH has a relative path, or an extension in Module._extensions is none'],
    { env: { NODE_PATH: 'relative' } },
  ),
]);

// Whatever goes wrong in there is no business of the program.

const breaking = `
  const core = require.cache[process.env.LIBRARY + '/dist/register.js']?.exports;
  const { native } = (core ?? require(process.env.LIBRARY + '/dist/core.js')).parts.addon;
  const warnings = [];
  process.on('warning', ({ name, code }) => warnings.push(name + ' ' + code));
  const work = native.resolve;
  native.resolve = () => { throw new Error('made for this test'); };
  const find = (request) => require.resolve(request).slice(__dirname.length);
`;

const broken = (title, rest, install) =>
  program(
    title,
    `
      ${breaking}
      ${install}
      console.log(find('./a'), find('./b'), find('./a'));
      try { find('./missing'); } catch ({ code }) { console.log(code); }
      print();
      setImmediate(() => {
        console.log(warnings.join());
        native.resolve = work;
        library.install();
        console.log(find('./b'));
        print();
      });
    `,
    [
      '/a.js /b.js /a.js',
      'MODULE_NOT_FOUND',
      FAILED,
      'FastResolveWarning FAST_RESOLVE_FAILED',
      '/b.js',
      'answering null',
    ],
    {
      ...rest,
      stderr: [
        /FastResolveWarning: Something went wrong in fast-resolve; Node resolves from now on\. Error: made for this test/,
      ],
    },
  );

testLibraryPrograms(test, [
  broken('where the core throws, Node resolves, and one warning says so', {}, 'library.install();'),
  broken('so it does with the preload', { nodeArguments: ['<hook>'] }, ''),
  program(
    'a program that recurses too deep gets its error, and the hook stays',
    `
      library.install();
      const recurse = () => { require.resolve('./a'); recurse(); };
      try { recurse(); } catch (error) { console.log(error instanceof RangeError); }
      print();
    `,
    ['true', 'answering null'],
  ),
]);
