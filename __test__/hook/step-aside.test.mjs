// The hook steps aside while an internal that it stands in for is patched: the patch is called as without the hook.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/dep/index.js': 'module.exports = "dep";',
  'node_modules/dep/other.js': 'module.exports = "dep/other";',
  'node_modules/with-main/package.json': { json: { main: './start.js' } },
  'node_modules/with-main/start.js': 'module.exports = "with-main";',
  'node_modules/with-main/elsewhere.js': 'module.exports = "patched main";',
  'node_modules/linked': { link: 'dep' },
  'plugins/dep/index.js': 'module.exports = "plugin";',
  'plugins/only/index.js': 'module.exports = "only";',
};

// Each patch changes an answer, so that a hook that does not step aside is seen at once. The second use is without it.
const patches = {
  _findPath: {
    patch: `
      const Module = require('module');
      const original = Module._findPath;
      Module._findPath = function (request, ...rest) {
        return Reflect.apply(original, this, [request === 'dep' ? 'dep/other' : request, ...rest]);
      };
      global.restore = () => { Module._findPath = original; };
    `,
    use: `console.log(require.resolve('dep').slice(__dirname.length));`,
    patched: '/node_modules/dep/other.js',
    restored: '/node_modules/dep/index.js',
  },
  _nodeModulePaths: {
    patch: `
      const Module = require('module');
      const original = Module._nodeModulePaths;
      Module._nodeModulePaths = (from) => [process.cwd() + '/plugins', ...original(from)];
      global.restore = () => { Module._nodeModulePaths = original; };
    `,
    use: `console.log(require.resolve('dep', { paths: [__dirname] }).slice(__dirname.length));`,
    patched: '/plugins/dep/index.js',
    restored: '/node_modules/dep/index.js',
  },
  _resolveLookupPaths: {
    patch: `
      const Module = require('module');
      const original = Module._resolveLookupPaths;
      Module._resolveLookupPaths = function (request, parent, ...rest) {
        const paths = Reflect.apply(original, this, [request, parent, ...rest]);
        return request === 'dep' ? [process.cwd() + '/plugins', ...paths] : paths;
      };
      global.restore = () => { Module._resolveLookupPaths = original; };
    `,
    use: `console.log(require.resolve('dep').slice(__dirname.length));`,
    patched: '/plugins/dep/index.js',
    restored: '/node_modules/dep/index.js',
  },
  realpathSync: {
    patch: `
      const fs = require('fs');
      const original = fs.realpathSync;
      const patched = (name, ...rest) => {
        const resolved = original(name, ...rest);
        return name.includes('/linked/') ? resolved.replace('index.js', 'other.js') : resolved;
      };
      fs.realpathSync = Object.assign(patched, original);
      global.restore = () => { fs.realpathSync = original; };
    `,
    use: `
      console.log(require.resolve('linked').slice(__dirname.length));
      console.log(require.resolve('./node_modules/linked').slice(__dirname.length));
    `,
    patched: ['/node_modules/dep/other.js', '/node_modules/dep/other.js'],
    restored: ['/node_modules/dep/index.js', '/node_modules/dep/index.js'],
  },
};

// These wrappers have words in their text that Node's own functions have, too.
Object.assign(patches, {
  _readPackage: {
    patch: `
      process.removeAllListeners('warning');
      const Module = require('module');
      const original = Module._readPackage;
      Module._readPackage = function readPackage(requestPath) {
        const file = require('path').resolve(requestPath, 'package.json');
        const read = original.call(this, requestPath);
        return file.endsWith('/with-main/package.json') ? { ...read, main: './elsewhere.js' } : read;
      };
      global.restore = () => { Module._readPackage = original; };
    `,
    use: `console.log(require.resolve('with-main').slice(__dirname.length));`,
    patched: '/node_modules/with-main/elsewhere.js',
    restored: '/node_modules/with-main/start.js',
  },
  '_resolveLookupPaths, in words of its own,': {
    patch: `
      const Module = require('module');
      const original = Module._resolveLookupPaths;
      const modulePaths = [process.cwd() + '/plugins'];
      Module._resolveLookupPaths = function (request, parent) {
        const paths = original.call(this, request, parent);
        return paths && request === 'dep' ? modulePaths.concat(paths) : paths;
      };
      global.restore = () => { Module._resolveLookupPaths = original; };
    `,
    use: `console.log(require.resolve('dep').slice(__dirname.length));`,
    patched: '/plugins/dep/index.js',
    restored: '/node_modules/dep/index.js',
  },
  "process.binding('fs').lstat": {
    patch: `
      const binding = process.binding('fs');
      const original = binding.lstat;
      binding.lstat = function (name, ...rest) {
        if (String(name).endsWith('/node_modules/dep/index.js')) throw new Error('mocked');
        return original.call(this, name, ...rest);
      };
      global.restore = () => { binding.lstat = original; };
    `,
    use: `
      try {
        console.log(require.resolve('dep').slice(__dirname.length));
      } catch (error) {
        console.log(error.message);
      }
    `,
    patched: 'mocked',
    restored: '/node_modules/dep/index.js',
  },
});

const program = (name, when) => {
  const { patch, use, patched, restored } = patches[name];
  // Node goes on answering what it has found once, until its caches are emptied.
  const forget = `require('module')._pathCache = {};`;
  return {
    title: `${name} patched ${when} is called, and its answer counts; put back, Node's own does`,
    files: {
      ...files,
      'patch.js': patch,
      'app.js': `${when.endsWith('by the program') ? "require('./patch');" : ''} ${use} restore(); ${forget} ${use}`,
    },
    nodeArguments: {
      'before the hook': ['<witness>', '-r', '<root>/patch.js', '<hook>'],
      'after the hook': ['<witness>', '<hook>', '-r', '<root>/patch.js'],
      'by the program': ['<witness>', '<hook>'],
    }[when],
    stdout: [patched, restored].flat(),
  };
};

const moments = ['before the hook', 'after the hook', 'by the program'];

testPrograms(
  test,
  Object.keys(patches).flatMap((name) => moments.map((when) => program(name, when))),
);

testPrograms(test, [
  {
    title: '_findPath patched before it is used again is asked as often as without the hook',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        require('./dep');
        const original = Module._findPath;
        const asked = [];
        Module._findPath = function (request, paths, isMain) {
          asked.push(request, isMain);
          return original.apply(this, arguments);
        };
        require('./dep');
        require('dep');
        require('dep/other');
        require.resolve('with-main');
        try {
          require('missing');
        } catch (error) {
          console.log(error.code);
        }
        console.log(asked.join());
      `,
    },
    stdout: ['MODULE_NOT_FOUND', 'dep,false,dep/other,false,with-main,false,missing,false'],
  },
  {
    title: '_stat patched is called, with the warning that Node gives',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const original = Module._stat;
        const asked = [];
        Module._stat = (name) => {
          asked.push(name);
          return name.endsWith('/virtual.js') ? 0 : original(name);
        };
        const fs = require('fs');
        const realpathSync = fs.realpathSync;
        fs.realpathSync = (name, ...rest) => (name.endsWith('/virtual.js') ? name : realpathSync(name, ...rest));
        console.log(require.resolve('./virtual').slice(__dirname.length), require('dep'));
        fs.realpathSync = realpathSync;
        console.log(asked.includes(__dirname + '/virtual.js'), asked.includes(__dirname + '/node_modules/dep'));
        Module._stat = original;
        try {
          require.resolve('./lib/virtual');
        } catch (error) {
          console.log(error.code);
        }
      `,
    },
    stdout: ['/virtual.js dep', 'true true', 'MODULE_NOT_FOUND'],
    stderr: [/ExperimentalWarning: Module\._stat is an experimental feature/],
  },
  {
    title: '_readPackage patched is called, with the warning that Node gives',
    files: {
      ...files,
      'app.js': `
        const Module = require('module');
        const original = Module._readPackage;
        Module._readPackage = (name, ...rest) => {
          const read = original(name, ...rest);
          return name.endsWith('with-main') ? { ...read, main: './elsewhere.js' } : read;
        };
        console.log(require('with-main'));
        Module._readPackage = original;
        console.log(require('with-main/'));
      `,
    },
    stdout: ['patched main', 'with-main'],
    stderr: [/ExperimentalWarning: Module\._readPackage is an experimental feature/],
  },
  {
    title: 'fs.realpathSync.native and fs.statSync patched matter as little as without the hook',
    files: {
      ...files,
      'app.js': `
        const fs = require('fs');
        fs.realpathSync.native = () => '/nowhere';
        fs.statSync = () => { throw new Error('not here'); };
        fs.lstatSync = fs.existsSync = fs.statSync;
        console.log(require('./dep'), require('dep'), require.resolve('linked').slice(__dirname.length));
      `,
    },
    stdout: ['./dep dep /node_modules/dep/index.js'],
  },
]);
