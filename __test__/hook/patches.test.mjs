// The hook among other tools that replace `Module._resolveFilename` or `Module._load`, in any order.

import test from 'ava';

import { testLibraryPrograms, testPrograms } from '../helpers/run.mjs';

// What module-alias and its like do: rewrite some requests, and let Node resolve the result.
const alias = `
  const Module = require('module');
  const next = Module._resolveFilename;
  const seen = [];
  global.seenByAlias = seen;
  Module._resolveFilename = function (request, ...rest) {
    if (/^(alias|dep|\\.\\/dep)/.test(request)) {
      seen.push(request);
    }
    return Reflect.apply(next, this, [request === 'alias' ? 'dep' : request, ...rest]);
  };
`;

const files = {
  'alias.js': alias,
  'dep.js': 'module.exports = "./dep";',
  'node_modules/dep/index.js': 'module.exports = "dep";',
  'lib/dep.js': 'module.exports = "./lib/dep";',
};

const useAlias = `
  console.log(require('alias'), require('dep'), require('./dep'), require('alias'));
  console.log(require.resolve('alias').slice(__dirname.length));
  console.log(seenByAlias.join());
  try {
    require('alias/missing');
  } catch (error) {
    console.log(error.code, error.message.split('\\n')[0]);
  }
`;

const aliasOutput = [
  'dep dep ./dep dep',
  '/node_modules/dep/index.js',
  'alias,dep,./dep,alias',
  "MODULE_NOT_FOUND Cannot find module 'alias/missing'",
];

const replacedInBoth = { stock: ['replaced'], hooked: ['replaced'] };

testPrograms(test, [
  {
    title: 'a patch of _resolveFilename that was there before the hook sees every request',
    files: { ...files, 'app.js': useAlias },
    nodeArguments: ['<witness>', '-r', '<root>/alias.js', '<hook>'],
    stdout: aliasOutput,
    witnesses: replacedInBoth,
  },
  {
    title: 'a patch of _resolveFilename that comes after the hook sees every request',
    files: { ...files, 'app.js': useAlias },
    nodeArguments: ['<witness>', '<hook>', '-r', '<root>/alias.js'],
    stdout: aliasOutput,
    witnesses: replacedInBoth,
  },
  {
    title: 'a patch of _resolveFilename by the program itself sees every request',
    files: { ...files, 'app.js': `require('./alias.js'); ${useAlias}` },
    stdout: aliasOutput,
    witnesses: replacedInBoth,
  },
  {
    title: 'a patch that is put on and taken off again leaves the hook as it was',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const before = Module._resolveFilename;
        Module._resolveFilename = (request) => '/virtual/' + request;
        console.log(require.resolve('dep'));
        Module._resolveFilename = before;
        console.log(require('dep'), require('./dep'));
      `,
    },
    stdout: ['/virtual/dep', 'dep ./dep'],
  },
  {
    title: 'a patch gets the arguments that Node passes, and this',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const next = Module._resolveFilename;
        Module._resolveFilename = function (...args) {
          const [request, parent, isMain, options] = args;
          console.log(this === Module, request, parent === module, isMain, JSON.stringify(options?.paths));
          return Reflect.apply(next, this, args);
        };
        require('dep');
        require.resolve('./dep', { paths: [__dirname + '/lib'] });
        module.require('./lib/dep');
      `,
    },
    stdout: [
      'true dep true false undefined',
      'true ./dep true false ["<root>/lib"]',
      'true ./lib/dep true false undefined',
    ],
    witnesses: replacedInBoth,
  },
  {
    title: 'the answer of a patch is used as it stands, even where there is no file',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const next = Module._resolveFilename;
        Module._resolveFilename = function (request, ...rest) {
          return request === 'virtual' ? '/virtual/file.js' : Reflect.apply(next, this, [request, ...rest]);
        };
        require.cache['/virtual/file.js'] = { id: '/virtual/file.js', loaded: true, exports: 'made up', children: [] };
        console.log(require('virtual'));
      `,
    },
    stdout: ['made up'],
    witnesses: replacedInBoth,
  },
  {
    title: 'a patched Module._load answers first, and passes on what it does not know',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const load = Module._load;
        const requests = [];
        Module._load = function (request, ...rest) {
          requests.push(request);
          return request === 'mocked' ? 'mock' : Reflect.apply(load, this, [request, ...rest]);
        };
        console.log(require('mocked'), require('dep'), require('./dep'), require('./dep'));
        console.log(typeof require('fs').statSync);
        console.log(requests.join());
      `,
    },
    stdout: ['mock dep ./dep ./dep', 'function', 'mocked,dep,./dep,./dep,fs'],
  },
  {
    title: 'a patched Module.prototype.require sees what modules require',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const original = Module.prototype.require;
        const requests = [];
        Module.prototype.require = function (request) {
          requests.push(request);
          return Reflect.apply(original, this, [request]);
        };
        console.log(require('dep'), require('./lib/dep'));
        console.log(requests.join());
      `,
    },
    stdout: ['dep ./lib/dep', 'dep,./lib/dep'],
  },
]);

const wrap = `
  const Module = require('module');
  const original = Module._resolveFilename;
  const fastResolve = require(process.env.LIBRARY);
  // The first use loads the rest of the library; that is not to be counted.
  fastResolve.resolve('fs', __dirname);
  let calls = 0;
  const wrapOnTop = () => {
    const next = Module._resolveFilename;
    const wrapper = function (...args) {
      calls++;
      return Reflect.apply(next, this, args);
    };
    Module._resolveFilename = wrapper;
    return wrapper;
  };
`;

testLibraryPrograms(test, [
  {
    title: 'uninstall() under the patch of another tool leaves that patch in place and working',
    files: {
      ...files,
      'app.js': `${wrap}
        fastResolve.install();
        const wrapper = wrapOnTop();
        console.log(require('dep'), calls);
        fastResolve.uninstall();
        console.log(fastResolve.installed, Module._resolveFilename === wrapper);
        console.log(require('./dep'), calls);
      `,
    },
    stdout: ['dep 1', 'false true', './dep 2'],
  },
  {
    title: 'install() again under and over the patch of another tool calls that patch once for each request',
    files: {
      ...files,
      'app.js': `${wrap}
        fastResolve.install();
        wrapOnTop();
        fastResolve.uninstall();
        fastResolve.install();
        console.log(fastResolve.installed, require('dep'), calls);
        fastResolve.uninstall();
        console.log(fastResolve.installed, require('./dep'), calls);
        fastResolve.install();
        console.log(fastResolve.installed, require('./lib/dep'), calls);
      `,
    },
    stdout: ['true dep 1', 'false ./dep 2', 'true ./lib/dep 3'],
  },
  {
    title: 'a tool that puts back the hook after uninstall() gets a function that works and is not installed',
    files: {
      ...files,
      'app.js': `${wrap}
        fastResolve.install();
        const hook = Module._resolveFilename;
        wrapOnTop();
        fastResolve.uninstall();
        Module._resolveFilename = hook;
        console.log(fastResolve.installed, require('dep'), calls);
        fastResolve.install();
        console.log(fastResolve.installed, require('./dep'));
        fastResolve.uninstall();
        console.log(fastResolve.installed, require('./lib/dep'));
      `,
    },
    stdout: ['false dep 0', 'true ./dep', 'false ./lib/dep'],
  },
  {
    title: 'a tool that puts back what was there before the hook takes the hook out',
    files: {
      ...files,
      'app.js': `${wrap}
        fastResolve.install();
        Module._resolveFilename = original;
        console.log(require('dep'));
        fastResolve.uninstall();
        console.log(Module._resolveFilename === original, fastResolve.installed);
        fastResolve.install();
        console.log(Module._resolveFilename === original, fastResolve.installed, require('./dep'));
      `,
    },
    stdout: ['dep', 'true false', 'false true ./dep'],
  },
  {
    title: 'uninstall() gives the place back to the patch that was there before',
    files: {
      ...files,
      'app.js': `${wrap}
        const wrapper = wrapOnTop();
        fastResolve.install();
        console.log(require('dep'), calls);
        fastResolve.uninstall();
        console.log(Module._resolveFilename === wrapper, require('./dep'), calls);
      `,
    },
    stdout: ['dep 1', 'true ./dep 2'],
  },
  {
    title: 'a tool that kept the hook and patches again after uninstall() does not end up beneath itself',
    files: {
      ...files,
      'app.js': `${wrap}
        fastResolve.install();
        const kept = Module._resolveFilename;
        fastResolve.uninstall();
        Module._resolveFilename = function (...args) {
          calls++;
          return Reflect.apply(kept, this, args);
        };
        fastResolve.install();
        console.log(require('dep'), calls, fastResolve.installed);
        Module._resolveFilename = original;
        console.log(fastResolve.installed, require('./dep'), calls);
      `,
    },
    stdout: ['dep 1 true', 'false ./dep 1'],
  },
]);
