// Programs that change globals and prototypes. Node does not mind, and so may nobody who is preloaded; that nothing can be loaded any
// more, we may say.

import test from 'ava';

import { changed, changing, program } from './changing.mjs';
import { only, testBoot } from './programs.mjs';

/** Programs in whose midst the hook can't be loaded. Where it is loaded before, it has no need of what they change. */
const CAN_NOT_BE_LOADED =
  /^functions of (?:Array\.prototype|String\.prototype|Object|the iterator of arrays|path) throw$/;

/** All functions of an object throw. */
const allThrow = (object) => `const undo = replace(${object}, throwing)`;

const allThrowBut = (object, ...names) => `
  const kept = ${JSON.stringify(names)};
  const undo = replace(${object}, throwing, Reflect.ownKeys(${object}).filter((name) => !kept.includes(name)));
`;

testBoot(
  test,
  [
    // Methods that throw. Node uses copies of its own.
    ...[
      ['Array.prototype', allThrow('Array.prototype')],
      ['String.prototype', allThrowBut('String.prototype', 'toString', 'valueOf')],
      ['Map.prototype', allThrow('Map.prototype')],
      ['Set.prototype', allThrow('Set.prototype')],
      ['WeakMap.prototype', allThrow('WeakMap.prototype')],
      ['RegExp.prototype', allThrow('RegExp.prototype')],
      ['Promise.prototype', allThrow('Promise.prototype')],
      ['Promise', `const undo = replace(Promise, throwing, ['resolve', 'reject', 'all', 'race'])`],
      ['Number.prototype', allThrow('Number.prototype')],
      ['Date', allThrow('Date')],
      ['JSON', allThrow('JSON')],
      ['Math', allThrow('Math')],
      ['Reflect', allThrow('Reflect')],
      ['Atomics', allThrow('Atomics')],
      ['Buffer', allThrow('Buffer')],
      ['Buffer.prototype', allThrow('Buffer.prototype')],
      [
        'Function.prototype',
        `const undo = replace(Function.prototype, throwing, ['call', 'apply', 'bind', 'toString'])`,
      ],
      ['Object', allThrow('Object')],
      [
        'Object.prototype',
        `const undo = replace(Object.prototype, throwing, ['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'])`,
      ],
      ['the iterator of arrays', `const undo = replace(Object.getPrototypeOf([][Symbol.iterator]()), throwing)`],
      ['performance', `const undo = replace(Object.getPrototypeOf(performance), throwing)`],
      ['path', `const undo = replace(require('path'), throwing, ['join', 'relative', 'parse', 'format'])`],
      ['os', `const undo = replace(require('os'), throwing)`],
      ['url', `const undo = replace(require('url'), throwing)`],
      ['util', `const undo = replace(require('util'), throwing)`],
      ['util.types', `const undo = replace(require('util').types, throwing)`],
    ].flatMap(([what, change]) => changing(`functions of ${what} throw`, change, 'undo()')),

    // Properties that everything has all of a sudden.
    ...[
      ['conditions', 'filename', 'id', 'exports', 'code', 'name', 'length'],
      ['path', 'answer', 'kind', 'resolver', 'directory', 'fresh', 'isFresh', 'snapshot', 'state', 'reason'],
      ['lineOffset', 'columnOffset', 'produceCachedData', 'importModuleDynamically', 'detail', 'ctor'],
      ['wait', 'number', 'previous', 'began', 'commandLine', 'answers', 'extensions', 'isActive', 'layer', 'native'],
    ].flatMap((names) =>
      changing(
        `Object.prototype with ${names.join(', ')}`,
        `const names = ${JSON.stringify(names)}; for (const name of names) Object.prototype[name] = 'polluted'`,
        'for (const name of names) delete Object.prototype[name]',
      ),
    ),
    ...changing(
      'Object.prototype with methods that throw',
      `Object.prototype.then = Object.prototype.toJSON = () => { throw new Error('not to be called'); }`,
      'delete Object.prototype.then; delete Object.prototype.toJSON',
    ),
    ...changing(
      'Object.prototype with setters that throw',
      `
      const names = ['answers', 'previous', 'path', 'cached', 'resolveFilename', 'isTakenOut', 'register', 'native'];
      const trap = { get() { return undefined; }, set() { throw new Error('not to be set'); }, configurable: true };
      for (const name of names) Object.defineProperty(Object.prototype, name, trap);
    `,
      'for (const name of names) delete Object.prototype[name]',
    ),
    // Each part of what the hook keeps of answers.
    ...[
      ['text', 'isPath', 'place', 'learned', 'found', 'turn', 'handle', 'uses', 'keys', 'knowsBuiltins'],
      ['requests', 'turns', 'places', 'first', 'numbers', 'globalPaths', 'next', 'hook', 'isOpen'],
    ].flatMap((names) =>
      changing(
        `Object.prototype with accessors: ${names.join(', ')}`,
        `
        const names = ${JSON.stringify(names)};
        const trap = { get() { return '/nowhere'; }, set() { throw new Error('not to be set'); }, configurable: true };
        for (const name of names) Object.defineProperty(Object.prototype, name, trap);
      `,
        'for (const name of names) delete Object.prototype[name]',
      ),
    ),
    ...changing(
      'indices of Object.prototype and Array.prototype',
      'Object.prototype[0] = Array.prototype[1] = Array.prototype[2] = "polluted"',
      'delete Object.prototype[0]; delete Array.prototype[1]; delete Array.prototype[2]',
    ),
    // What a child is started with. Node does not look at its prototype either.
    ...[
      'cwd',
      'uid',
      'gid',
      'type',
      'detached',
      'file',
      'windowsHide',
      'fd',
      'wrapType',
      'pid',
      'ref',
      'envPairs',
    ].flatMap((name) =>
      changed(`Object.prototype.${name} is polluted, and a child`, `Object.prototype.${name} = 'polluted'`),
    ),
    ...[
      ['cwd', '42n'],
      ['cwd', `'/not/existing'`],
      ['uid', '999'],
      ['gid', '0n'],
      ['type', `'pipe'`],
      ['type', `'ignore'`],
      ['detached', 'true'],
      ['stdio', '[]'],
    ].flatMap(([name, value]) =>
      changed(`Object.prototype.${name} is ${value}, and a child`, `Object.prototype.${name} = ${value}`),
    ),

    // Errors that can't be made as usual.
    ...[
      ['Error.prepareStackTrace that throws', `Error.prepareStackTrace = () => { throw new Error('no trace'); }`],
      ['Error.prepareStackTrace that gives no text', 'Error.prepareStackTrace = (error, sites) => sites'],
      ['Error.stackTraceLimit of 0', 'Error.stackTraceLimit = 0'],
      ['no Error.stackTraceLimit', 'delete Error.stackTraceLimit'],
      ['no Error.captureStackTrace', 'delete Error.captureStackTrace'],
      [
        'Error.stackTraceLimit that throws',
        `Object.defineProperty(Error, 'stackTraceLimit', { get() { throw new Error('limit'); }, configurable: true })`,
      ],
      ['a frozen Error', 'Object.freeze(Error)'],
    ].flatMap(([title, change]) => changed(title, change)),
  ].map((program) => ({ ...program, isRunAgain: true, mayWarn: CAN_NOT_BE_LOADED.test(program.title) ? 1 : 0 })),
);

/** Asks while something gives wrong values, with the hook in place before that and not; what is answered is told when it is mended. */
const answering = (title, change, back) =>
  [
    [title, 1],
    [`${title}, later`, 40],
  ].map(([name, before]) =>
    program(
      name,
      `
      ask(${before});
      const answers = [];
      const expected = [__dirname + '/dep.js', __dirname + '/node_modules/package/lib/main.js', 'path'];
      let code;
      ${change};
      for (let round = 0; round < 120; round += 3) {
        anew = './' + anew;
        answers[round] = require.resolve(anew);
        answers[round + 1] = require.resolve('package');
        answers[round + 2] = require.resolve('path');
      }
      try {
        require('./missing');
      } catch (error) {
        code = error.code;
      }
      ${back};
      console.log(answers.filter((answer, index) => answer !== expected[index % 3]), code);
    `,
      { stdout: ['[] MODULE_NOT_FOUND'], preloads: only('register at once', 'both'), isRunAgain: true },
    ),
  );

/** Methods that give something, but not what they should. Node uses copies of its own. */
const WRONG = {
  Array: { isArray: '() => false', from: '() => []' },
  'Array.prototype': {
    every: '() => true',
    filter: '() => []',
    includes: '() => true',
    indexOf: '() => 0',
    join: "() => ''",
    map: '() => []',
    pop: '() => undefined',
    push: '() => 1',
    slice: '() => []',
    some: '() => false',
  },
  'String.prototype': {
    charCodeAt: '() => 46',
    endsWith: '() => true',
    includes: '() => true',
    indexOf: '() => 0',
    lastIndexOf: '() => 0',
    replace: "() => ''",
    slice: "() => ''",
    split: "() => ['']",
    startsWith: '() => true',
  },
  'Map.prototype': { get: "() => 'wrong'", has: '() => true', set: '() => undefined' },
  'Set.prototype': { has: '() => true', add: '() => undefined' },
  'WeakMap.prototype': { get: "() => 'wrong'" },
  'RegExp.prototype': { exec: '() => null', test: '() => true' },
  Object: { entries: '() => []', freeze: '() => ({})', keys: "() => ['wrong']" },
  'Object.prototype': { hasOwnProperty: '() => true', toString: "() => 'wrong'" },
  'Function.prototype': {
    apply: '() => undefined',
    bind: '() => undefined',
    call: '() => undefined',
    toString: "() => ''",
  },
  Number: { isSafeInteger: '() => false', parseInt: '() => 0' },
  Reflect: { apply: "() => 'wrong'" },
  Date: { now: '() => 0' },
  JSON: { parse: '() => ({})', stringify: "() => 'wrong'" },
};

testBoot(test, [
  ...Object.entries(WRONG).flatMap(([object, methods]) =>
    Object.entries(methods).flatMap(([name, method]) =>
      answering(
        `${object}.${name} gives wrong values`,
        `const object = ${object}; const { ${name}: real } = object; object.${name} = ${method}`,
        `object.${name} = real`,
      ),
    ),
  ),
  ...['turn', 'answers', 'answer', 'conditions', 'known', 'snapshot'].flatMap((name) =>
    answering(
      `Object.prototype.${name} is an object`,
      `const { prototype } = Object; prototype.${name} = { length: 1, 0: 'wrong' }`,
      `delete prototype.${name}`,
    ),
  ),
]);
