// `module` and its properties, and the arguments of a module's function.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

testPrograms(test, [
  {
    title: 'module.id, filename, loaded, parent, children and exports of the main module and of a child',
    files: {
      'child.js': `
        module.exports = module;
        module.loadedWhileRunning = module.loaded;
      `,
      'app.js': `
        const child = require('./child');
        console.log(module.id, child.id);
        console.log(module.filename, child.filename);
        console.log(module.loaded, child.loadedWhileRunning, child.loaded);
        console.log(module.parent, child.parent === module);
        console.log(module.children.length, module.children[0] === child, child.children.length);
        console.log(module.exports === exports, child.exports === child);
        console.log(module.path, child.path);
        setImmediate(() => console.log(module.loaded));
      `,
    },
    stdout: [
      '. <root>/child.js',
      '<root>/app.js <root>/child.js',
      'false false true',
      'null true',
      '1 true 0',
      'true true',
      '<root> <root>',
      'true',
    ],
  },
  {
    title: 'module.children holds each module below the first one that required it, and below every other too',
    files: {
      'shared.js': '',
      'first.js': `require('./shared'); exports.children = module.children;`,
      'second.js': `require('./shared'); exports.children = module.children;`,
      'app.js': `
        const names = (children) => children.map((child) => require('path').basename(child.id)).join();
        console.log(names(require('./first').children));
        console.log(names(require('./second').children));
        require('./shared');
        console.log(names(module.children));
        console.log(require('./shared') && require.cache[require.resolve('./shared')].parent.id);
      `,
    },
    stdout: ['shared.js', 'shared.js', 'first.js,second.js,shared.js', '<root>/first.js'],
  },
  {
    title: '__filename, __dirname and module.filename agree, and arguments are the five of the wrapper',
    files: {
      'lib/counter-debug.js': `
        console.log(module.filename);
        console.log(__filename);
        console.log(__dirname);
        console.log(arguments.length);
        console.log(arguments[0] === exports, arguments[1] === require, arguments[2] === module);
        console.log(arguments[3] === __filename, arguments[4] === __dirname);
      `,
      'app.js': `require('./lib/counter-debug');`,
    },
    stdout: [
      '<root>/lib/counter-debug.js',
      '<root>/lib/counter-debug.js',
      '<root>/lib',
      '5',
      'true true true',
      'true true',
    ],
  },
  {
    title: 'all modules are instances of Module, and require.main is the program',
    files: {
      'child.js': 'exports.isMain = require.main === module; exports.module = module;',
      'app.js': `
        const Module = require('module');
        const child = require('./child');
        console.log(module instanceof Module, child.module instanceof Module);
        console.log(require.main === module, process.mainModule === module, child.isMain);
        console.log(module.constructor === Module);
      `,
    },
    stdout: ['true true', 'true true false', 'true'],
  },
  {
    title: 'a program in several modules loads them in the order in which they appear',
    files: {
      'one.js': `console.log('one'); require('./three');`,
      'two.js': `console.log('two');`,
      'three.js': `console.log('three'); require('./two');`,
      'app.js': `
        require('./one');
        require('./two');
        console.log(Object.keys(require.cache).filter((name) => name.startsWith(__dirname + '/')).join());
      `,
    },
    stdout: ['one', 'three', 'two', '<root>/app.js,<root>/one.js,<root>/three.js,<root>/two.js'],
  },
]);
