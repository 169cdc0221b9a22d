// `Module._extensions` as it stands at each call: grown, shrunk, in another order.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const tools = `
  const Module = require('module');
  const find = (request) => {
    try {
      return require.resolve(request).slice(__dirname.length);
    } catch (error) {
      return error.code;
    }
  };
`;

const register = `
  require('module')._extensions['.custom'] = (module, filename) => {
    module._compile('module.exports = "compiled " + ' + JSON.stringify(require('path').basename(filename)), filename);
  };
`;

const files = {
  'register.js': register,
  'one.custom': 'not JavaScript at all',
  'directory/index.custom': 'not JavaScript at all',
  'both.custom': 'not JavaScript at all',
  'both.js': 'module.exports = "both.js";',
  'node_modules/package/index.custom': 'not JavaScript at all',
  'node_modules/package/part.custom': 'not JavaScript at all',
};

const all = `[find('./one'), find('./directory'), find('./both'), find('package'), find('package/part')].join()`;
const found =
  '/one.custom,/directory/index.custom,/both.js,/node_modules/package/index.custom,/node_modules/package/part.custom';
const notFound = 'MODULE_NOT_FOUND,MODULE_NOT_FOUND,/both.js,MODULE_NOT_FOUND,MODULE_NOT_FOUND';

testPrograms(test, [
  {
    title: 'an extension registered by a preload before the hook',
    files: { ...files, 'app.js': `${tools} console.log(${all}); console.log(require('./one'), require('package'));` },
    nodeArguments: ['<witness>', '-r', '<root>/register.js', '<hook>'],
    stdout: [found, 'compiled one.custom compiled index.custom'],
  },
  {
    title: 'an extension registered by a preload after the hook',
    files: { ...files, 'app.js': `${tools} console.log(${all}); console.log(require('./one'), require('package'));` },
    nodeArguments: ['<witness>', '<hook>', '-r', '<root>/register.js'],
    stdout: [found, 'compiled one.custom compiled index.custom'],
  },
  {
    title: 'an extension registered and deleted by the program while it runs',
    files: {
      ...files,
      'app.js': `${tools}
        console.log(${all});
        require('./register');
        console.log(${all});
        console.log(require('./one'));
        delete Module._extensions['.custom'];
        Module._pathCache = {};
        console.log(${all});
      `,
    },
    stdout: [notFound, found, 'compiled one.custom', notFound],
  },
  {
    title: 'what was found by an extension that is gone: Node repeats itself',
    files: {
      ...files,
      'app.js': `${tools}
        require('./register');
        console.log(find('./one'), find('package'));
        delete Module._extensions['.custom'];
        console.log(find('./one'), find('package'), find('./directory'));
      `,
    },
    stdout: [
      '/one.custom /node_modules/package/index.custom',
      '/one.custom /node_modules/package/index.custom MODULE_NOT_FOUND',
    ],
  },
  {
    title: 'the order of the extensions decides, also when a program changes it',
    files: {
      ...files,
      'app.js': `${tools}
        require('./register');
        console.log(find('./both'));
        const original = { ...Module._extensions };
        for (const extension of Object.keys(original)) {
          delete Module._extensions[extension];
        }
        Object.assign(Module._extensions, { '.custom': original['.custom'] }, original);
        Module._pathCache = {};
        console.log(Object.keys(Module._extensions)[0], find('./both'));
      `,
    },
    stdout: ['/both.js', '.custom /both.custom'],
  },
  {
    title: 'an extension with several dots, one without a dot, and one that is empty',
    files: {
      'one.test.custom': 'one',
      'two-suffix': 'two',
      'three/index': 'three',
      'app.js': `${tools}
        Module._extensions['.test.custom'] = Module._extensions['.js'];
        console.log(find('./one'));
        Module._extensions['-suffix'] = Module._extensions['.js'];
        console.log(find('./two'));
        Module._extensions[''] = Module._extensions['.js'];
        console.log(find('./three'));
      `,
    },
    stdout: ['/one.test.custom', '/two-suffix', '/three/index'],
  },
  {
    title: 'require.extensions is the same object, and its functions are called with the module and the name',
    files: {
      'page.txt': 'text of the page',
      'app.js': `
        console.log(require.extensions === require('module')._extensions);
        require.extensions['.txt'] = (module, filename) => {
          module.exports = [require('fs').readFileSync(filename, 'utf8'), module.filename === filename].join();
        };
        console.log(require('./page'));
      `,
    },
    stdout: ['true', 'text of the page,true'],
  },
  {
    title: 'a property that can not be enumerated is no extension',
    files: {
      'hidden.hidden': '',
      'app.js': `${tools}
        Object.defineProperty(Module._extensions, '.hidden', { value() {}, enumerable: false, configurable: true });
        console.log(find('./hidden'));
        Object.defineProperty(Module._extensions, '.hidden', { enumerable: true });
        console.log(find('./hidden'));
      `,
    },
    stdout: ['MODULE_NOT_FOUND', '/hidden.hidden'],
  },
  {
    title: 'Module._extensions replaced by another object',
    files: {
      ...files,
      'app.js': `${tools}
        const original = Module._extensions;
        Module._extensions = { '.custom': original['.js'], ...original };
        console.log(find('./one'), find('./both'), require.extensions === original);
        Module._extensions = original;
        Module._pathCache = {};
        console.log(find('./one'), find('./both'));
      `,
    },
    stdout: ['/one.custom /both.custom true', 'MODULE_NOT_FOUND /both.js'],
  },
  {
    title: 'extensions that Module._extensions only inherits are none',
    files: {
      ...files,
      'app.js': `${tools}
        console.log(find('./both.js'));
        const own = Module._extensions;
        Module._extensions = Object.create(own);
        console.log(find('./both'));
        Module._extensions = Object.assign(Object.create({ '.inherited': own['.js'] }), own);
        console.log(find('./register'));
        Module._extensions = { ...own };
        console.log(find('./app'));
      `,
    },
    stdout: ['/both.js', 'MODULE_NOT_FOUND', '/register.js', '/app.js'],
  },
]);
