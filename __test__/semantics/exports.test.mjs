// `exports` against `module.exports`, and `this` at the top of a module.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

testPrograms(test, [
  {
    title: 'a property set on exports and one set on module.exports arrive alike',
    files: {
      'method.js': `
        exports.one = function () { return 1; };
        module.exports.two = function () { return 2; };
      `,
      'app.js': `
        const method = require('./method');
        console.log(method.one(), method.two());
      `,
    },
    stdout: ['1 2'],
  },
  {
    title: 'assigning exports changes a local name only',
    files: {
      'assigned.js': `exports = 'obj';`,
      'app.js': `console.log(JSON.stringify(require('./assigned')));`,
    },
    stdout: ['{}'],
  },
  {
    title: 'assigning module.exports leaves what was set on exports behind',
    files: {
      'foo.js': `
        exports.property = true;
        module.exports = function () { return 'function'; };
      `,
      'app.js': `
        const foo = require('./foo');
        console.log(foo());
        console.log(foo.property);
      `,
    },
    stdout: ['function', 'undefined'],
  },
  {
    title: 'this, exports and module.exports are one object until one of them is assigned',
    files: {
      'app.js': `
        console.log(this === exports, this === module.exports);
        exports = '';
        console.log(this === exports, this === module.exports);
        module.exports = {};
        console.log(this === module.exports);
      `,
    },
    stdout: ['true true', 'false true', 'false'],
  },
  {
    title: 'module.exports may be any value',
    files: {
      'node_modules/sub.js': 'module.exports = 999;',
      'nothing.js': 'module.exports = undefined;',
      'app.js': `console.log(require('sub'), require('./nothing'));`,
    },
    stdout: ['999 undefined'],
  },
  {
    title: 'a module written by hand around the text of foo.js behaves as the document explains',
    files: {
      'foo.js': `exports.a = 1; exports = 'obj';`,
      'app.js': `
        function Module() {
          this.exports = {};
        }
        var module = new Module();
        var fs = require('fs');
        var foo_js = fs.readFileSync(__dirname + '/foo.js');
        var packStr = '(function(exports, module){' + foo_js + ' return module.exports; })';
        var packObj = eval(packStr);
        var foo = packObj(module.exports, module);
        console.log(JSON.stringify(foo), JSON.stringify(require('./foo')));
      `,
    },
    stdout: ['{"a":1} {"a":1}'],
  },
]);
