// `module.paths` and the global folders, edited while the program runs.

import path from 'node:path';
import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const library = JSON.stringify(path.resolve(import.meta.dirname, '../../index.js'));

const tools = `
  const Module = require('module');
  const root = process.cwd();
  const find = (request) => {
    try {
      return require.resolve(request).slice(root.length);
    } catch (error) {
      return error.code ?? error.name;
    }
  };
`;

const files = {
  'node_modules/dep/index.js': '',
  'plugins/dep/index.js': '',
  'plugins/plugin/index.js': '',
  'global/plugin.js': '',
  'global/only-global.js': '',
};

/** What a program may make of `module.path`, which Node never reads again, and of the name of the file. */
const OTHER_PATHS = [
  '__dirname + "/sub"',
  '""',
  '"/"',
  '5',
  'undefined',
  'root',
  'root.slice(0, -1)',
  '__filename',
  'root + "/."',
];

testPrograms(test, [
  {
    title: 'module.path says nothing, and module.filename says where relative requests lead',
    files: {
      ...files,
      'local.js': '',
      'sub/local.js': '',
      'sub/node_modules/dep/index.js': '',
      'app.js': `${tools}
        for (const other of [${OTHER_PATHS.join()}]) {
          module.path = other;
          for (const name of ['app.js', 'sub/x.js', 'sub//x.js', 'sub/', 'x', '.x']) {
            module.filename = root + '/' + name;
            console.log(name, find('./local'), find('../local'), find('dep'));
          }
        }
      `,
    },
    stdout: OTHER_PATHS.flatMap(() => [
      'app.js /local.js MODULE_NOT_FOUND /node_modules/dep/index.js',
      'sub/x.js /sub/local.js /local.js /node_modules/dep/index.js',
      'sub//x.js /sub/local.js /local.js /node_modules/dep/index.js',
      'sub/ /local.js MODULE_NOT_FOUND /node_modules/dep/index.js',
      'x /local.js MODULE_NOT_FOUND /node_modules/dep/index.js',
      '.x /local.js MODULE_NOT_FOUND /node_modules/dep/index.js',
    ]),
  },
  {
    title: 'module.paths = [] turns node_modules off, and node_modules only',
    files: {
      ...files,
      'local.js': '',
      'app.js': `${tools}
        console.log(find('dep'));
        module.paths = [];
        console.log(find('dep'), find('only-global'), find('./local'), find('fs'));
      `,
    },
    env: { NODE_PATH: '<root>/global' },
    stdout: ['/node_modules/dep/index.js', 'MODULE_NOT_FOUND /global/only-global.js /local.js '],
  },
  {
    title: 'the same array is changed in place: pushed to, emptied, filled again',
    files: {
      ...files,
      'app.js': `${tools}
        const { paths } = module;
        console.log(find('plugin'));
        paths.push(__dirname + '/plugins');
        console.log(find('plugin'), find('dep'));
        const before = paths.splice(0);
        console.log(find('plugin'), find('dep'), module.paths === paths);
        paths.push(...before);
        console.log(find('plugin'), find('dep'));
        paths.unshift(paths.pop());
        console.log(find('dep'));
        paths[0] = __dirname + '/nowhere';
        console.log(find('plugin'), find('dep'));
      `,
    },
    stdout: [
      'MODULE_NOT_FOUND',
      '/plugins/plugin/index.js /node_modules/dep/index.js',
      'MODULE_NOT_FOUND MODULE_NOT_FOUND true',
      '/plugins/plugin/index.js /node_modules/dep/index.js',
      '/plugins/dep/index.js',
      'MODULE_NOT_FOUND /node_modules/dep/index.js',
    ],
  },
  {
    title: 'the paths of one module say nothing about another',
    files: {
      ...files,
      'lib/child.js': `${tools} module.exports = find('plugin');`,
      'app.js': `${tools}
        module.paths = [__dirname + '/plugins'];
        console.log(find('plugin'), require('./lib/child'));
        const child = new Module(__dirname + '/made-up.js', module);
        child.filename = child.id;
        child.paths = [__dirname + '/plugins'];
        console.log(Module._resolveFilename('plugin', child).slice(root.length));
      `,
    },
    stdout: ['/plugins/plugin/index.js MODULE_NOT_FOUND', '/plugins/plugin/index.js'],
  },
  {
    title: 'odd values of module.paths fail, or are ignored, as in Node',
    files: {
      ...files,
      'app.js': `${tools}
        for (const paths of [undefined, null, 'text', {}, [1], [__dirname + '/plugins', null], [''], ['plugins']]) {
          module.paths = paths;
          console.log(find('plugin'));
        }
      `,
    },
    stdout: [
      'MODULE_NOT_FOUND',
      'MODULE_NOT_FOUND',
      'TypeError',
      'MODULE_NOT_FOUND',
      'ERR_INVALID_ARG_TYPE',
      '/plugins/plugin/index.js',
      'MODULE_NOT_FOUND',
      '/plugins/plugin/index.js',
    ],
  },
  {
    title: 'relative entries of module.paths and NODE_PATH follow the working directory',
    files: {
      ...files,
      'other/plugins/dep/index.js': '',
      'other/global/plugin.js': '',
      'app.js': `${tools}
        module.paths = ['plugins'];
        console.log(find('dep'), find('plugin'), find('only-global'));
        process.chdir('other');
        Module._pathCache = {};
        console.log(find('dep'), find('plugin'), find('only-global'));
      `,
    },
    env: { NODE_PATH: 'global' },
    stdout: [
      '/plugins/dep/index.js /plugins/plugin/index.js /global/only-global.js',
      '/other/plugins/dep/index.js /other/global/plugin.js MODULE_NOT_FOUND',
    ],
  },
  {
    title: 'global folders count though a program puts back the old Module.globalPaths',
    files: {
      ...files,
      'app.js': `${tools}
        const { globalPaths } = Module;
        console.log(find('only-global'));
        process.env.NODE_PATH = __dirname + '/global';
        Module._initPaths();
        Module.globalPaths = globalPaths;
        console.log(find('only-global'));
      `,
    },
    stdout: ['MODULE_NOT_FOUND', '/global/only-global.js'],
  },
  {
    title: 'NODE_PATH changed at run time counts after Module._initPaths(), not before',
    files: {
      ...files,
      'app.js': `${tools}
        console.log(find('only-global'));
        process.env.NODE_PATH = __dirname + '/global';
        console.log(find('only-global'));
        Module._initPaths();
        console.log(find('only-global'), find('plugin'));
        process.env.NODE_PATH = [__dirname + '/plugins', __dirname + '/global'].join(require('path').delimiter);
        Module._initPaths();
        console.log(find('only-global'), find('plugin'), find('plugin/'));
        delete process.env.NODE_PATH;
        Module._initPaths();
        console.log(find('only-global'), find('plugin'));
      `,
    },
    stdout: [
      'MODULE_NOT_FOUND',
      'MODULE_NOT_FOUND',
      '/global/only-global.js /global/plugin.js',
      '/global/only-global.js /plugins/plugin/index.js /plugins/plugin/index.js',
      'MODULE_NOT_FOUND MODULE_NOT_FOUND',
    ],
  },
  {
    title: 'NODE_PATH changed at run time counts where a resolver with options was made in between',
    files: {
      ...files,
      'app.js': `${tools}
        const { createResolver } = require(${library});
        process.env.NODE_PATH = __dirname + '/global';
        Module._initPaths();
        console.log(find('plugin'));
        process.env.NODE_PATH = __dirname + '/plugins';
        Module._initPaths();
        createResolver({ conditions: ['other'] });
        console.log(find('plugin'));
      `,
    },
    stdout: ['/global/plugin.js', '/plugins/plugin/index.js'],
  },
  {
    title: 'HOME changed at run time counts after Module._initPaths()',
    files: {
      'elsewhere/.node_modules/late.js': '',
      'app.js': `${tools}
        process.env.HOME = __dirname + '/elsewhere';
        console.log(find('late'));
        Module._initPaths();
        console.log(find('late'));
      `,
    },
    stdout: ['MODULE_NOT_FOUND', '/elsewhere/.node_modules/late.js'],
  },
  {
    title: 'Module.globalPaths is a copy: what a program adds to it is not searched',
    files: {
      ...files,
      'app.js': `${tools}
        Module.globalPaths.push(__dirname + '/plugins');
        console.log(find('plugin'));
        Module.globalPaths = [__dirname + '/plugins'];
        console.log(find('plugin'));
      `,
    },
    stdout: ['MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'],
  },
  {
    title: 'a module without paths of its own hands out the real list of global folders, which can be pushed to',
    files: {
      ...files,
      'app.js': `${tools}
        console.log(find('only-global'));
        Module._resolveLookupPaths('anything', null).push(__dirname + '/global');
        console.log(find('only-global'));
      `,
    },
    stdout: ['MODULE_NOT_FOUND', '/global/only-global.js'],
  },
]);
