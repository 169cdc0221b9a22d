// What a program can find out of a preload by looking around: what a preload that does nothing would leave, and no more.

import test from 'ava';

import { nodeMajor, runAs } from '../helpers/run.mjs';
import { only, REPORT, TOOLS, testBoot } from './programs.mjs';

/** A program that looks at something at once, after some requests, and after many; it sees the same each time. */
const looking = (title, look, seen, rest) => ({
  title,
  stdout: [...seen, ...seen, ...seen, ...REPORT],
  ...rest,
  files: {
    'app.js': `${TOOLS}
      const look = () => { ${look} };
      look();
      ask(40);
      look();
      ask(400);
      look();
      report();
    `,
    ...rest?.files,
  },
});

/** Programs that print what they see, whatever it is with this Node; `print` may differ, but not from stock. */
const printing = (title, source, lines, rest) => ({
  title,
  stdout: lines,
  ...rest,
  files: { 'app.js': `${TOOLS}${source}`, ...rest?.files },
});

/** Where a program may be told that what it saw before is unchanged. */
const same = (title, expression) => ({
  title,
  stdout: ['true', 'true', ...REPORT],
  preloads: only('register', 'spawn/register', 'both'),
  isRunAgain: true,
  // What is there at the beginning goes to standard error, where it is held against what stock Node has.
  files: {
    'app.js': `${TOOLS}
      const look = () => JSON.stringify(${expression});
      const before = look();
      process.stderr.write(before + '\\n');
      ask(40);
      console.log(look() === before);
      ask(400);
      console.log(look() === before);
      report();
    `,
  },
});

const OWN_KEYS = (object) => `Reflect.ownKeys(${object}).map(String).sort()`;
/** Of symbols, those whose description says whose they are are known. */
const GLOBAL_KEYS = `Reflect.ownKeys(globalThis)
  .filter((key) => typeof key === 'string' || !/fast-resolve/.test(key.description))
  .map(String).sort()`;

testBoot(test, [
  same('names in the global object', GLOBAL_KEYS),
  ...[
    ['process', 'process'],
    ['Module', 'Module'],
    ['Module.prototype', 'Module.prototype'],
    ['fs', `require('fs')`],
    ['child_process', `require('child_process')`],
    ['the prototype of children', `require('child_process').ChildProcess.prototype`],
    ['Error', 'Error'],
    ['Object.prototype', 'Object.prototype'],
    ['Function.prototype', 'Function.prototype'],
    ['Promise', 'Promise'],
  ].map(([what, object]) => same(`names in ${what}`, OWN_KEYS(object))),
  same('the environment', 'Object.keys(process.env).filter((name) => name !== "FAST_RESOLVE_WAIT").sort()'),
  same('listeners of process', 'process.eventNames().map((name) => [String(name), process.listenerCount(name)])'),
  same(
    'listeners of process that are told apart',
    `['exit', 'beforeExit', 'warning', 'uncaughtException', 'SIGTERM', 'SIGCHLD'].map((name) => process.rawListeners(name).length)`,
  ),
  same(
    'active handles',
    'process._getActiveHandles().map((handle) => handle?.constructor?.name).filter((name) => !/Stream|Pipe|Socket/.test(name))',
  ),
  same('active requests', 'process._getActiveRequests().length'),
  same('active resources', 'process.getActiveResourcesInfo().filter((name) => !/Stream|Pipe|TTY/.test(name))'),
  same('properties of Module._extensions', OWN_KEYS('Module._extensions')),
  same('global paths', 'Module.globalPaths'),
  same(
    'the main module',
    '[require.main === module, module.id, module.loaded, module.children.length, module.paths.length > 0]',
  ),
  same(
    'an AsyncLocalStorage',
    '[new (require("async_hooks").AsyncLocalStorage)().getStore() === undefined, require("async_hooks").executionAsyncId()]',
  ),
  same(
    'descriptors of what is spied on most',
    `
    [[Module, '_load'], [Module, '_findPath'], [Module.prototype, '_compile'], [require('child_process'), 'spawn'], [process, 'emit']]
      .map(([object, name]) => { const { value, ...flags } = Object.getOwnPropertyDescriptor(object, name) ?? {}; return [name, value?.name, value?.length, flags]; })
  `,
  ),
  same(
    'the descriptor of Module._resolveFilename',
    `
    (({ value, ...flags }) => [typeof value, flags])(Object.getOwnPropertyDescriptor(Module, '_resolveFilename'))
  `,
  ),
]);

testBoot(test, [
  {
    ...printing(
      'ten listeners of exit',
      `
      for (let count = 0; count < 10; count++) process.on('exit', () => {});
      ask(400);
      report();
      setTimeout(() => {}, 20);
    `,
      REPORT,
    ),
    // The snapshot is written at exit: where it may be.
    env: { FAST_RESOLVE_CACHE: undefined },
  },
  printing(
    'listeners of exit in their order, and what they leave',
    `
    process.on('exit', (code) => { console.log('first', code); process.exitCode = 3; });
    ask(400);
    process.on('exit', (code) => console.log('last', code));
    report();
  `,
    [...REPORT, 'first 0', 'last 0'],
    { exitCode: 3 },
  ),
  printing(
    'all listeners are taken away',
    `
    ask(400);
    process.removeAllListeners();
    report();
  `,
    REPORT,
  ),
  printing(
    'exit is told of by somebody else, and more than once',
    `
    process.on('exit', () => console.log('exit'));
    ask(400);
    process.emit('exit', 0);
    report();
    process.reallyExit(4);
  `,
    ['exit', ...REPORT],
    { exitCode: 4 },
  ),
  printing(
    'an exception that nobody catches',
    `
    ask(400);
    process.on('exit', (code) => console.log(code));
    throw new TypeError('nobody catches this');
  `,
    ['1'],
    { exitCode: 1, stderr: [/TypeError: nobody catches this/] },
  ),
  printing(
    'a listener of exit that throws',
    `
    ask(400);
    process.on('exit', () => { throw new Error('too late'); });
    report();
  `,
    REPORT,
    { exitCode: nodeMajor < 20 ? 7 : 1, stderr: [/too late/] },
  ),
  printing(
    'a rejection that nobody handles',
    `
    ask(400);
    process.on('exit', (code) => console.log(code));
    Promise.reject(new TypeError('nobody handles this'));
  `,
    ['1'],
    { exitCode: 1, stderr: [/TypeError: nobody handles this/] },
  ),
  printing('a top-level await that never ends', '', [], {
    files: {
      'app.mjs': `import { createRequire } from 'node:module'; createRequire(import.meta.url)('./dep'); await new Promise(() => {});`,
    },
    args: ['app.mjs'],
    stderr: nodeMajor < 22 ? [] : [/unsettled top-level await/],
    exitCode: 13,
  }),
  printing(
    'a process that kills itself',
    `
    ask(400);
    report();
    process.kill(process.pid, 'SIGTERM');
    setInterval(() => {}, 1000);
  `,
    REPORT,
    { exitCode: 'SIGTERM' },
  ),
  printing(
    'ends of turns, in their order',
    `
    const order = [];
    setImmediate(() => order.push('immediate'));
    process.nextTick(() => order.push('tick'));
    Promise.resolve().then(() => order.push('promise'));
    queueMicrotask(() => order.push('microtask'));
    ask(400);
    setTimeout(() => { console.log(...order); report(); }, 50);
  `,
    ['tick promise microtask immediate', ...REPORT],
  ),
  printing(
    'warnings that are listened to',
    `
    process.on('warning', (warning) => console.log(warning.name));
    ask(400);
    setTimeout(report, 20);
  `,
    REPORT,
  ),
  printing(
    'asynchronous resources that are counted',
    `
    const { createHook } = require('async_hooks');
    const types = [];
    createHook({ init: (id, type) => types.push(type) }).enable();
    ask(400);
    // One tick ends the turn, and an addon that is loaded has something to be told when it is no longer wanted.
    const known = ['TickObject', 'CustomGC'];
    console.log(types.filter((type, index) => !known.includes(type) || types.indexOf(type) !== index).join());
    report();
  `,
    ['', ...REPORT],
  ),
  printing(
    'promises that are counted',
    `
    const { createHook } = require('async_hooks');
    let count = 0;
    createHook({ init: (id, type) => { count += type === 'PROMISE'; } }).enable();
    ask(400);
    setImmediate(() => { const seen = count; console.log(seen); report(); });
  `,
    ['0', ...REPORT],
  ),
  printing(
    'channels of diagnostics that are listened to',
    `
    const channel = require('diagnostics_channel');
    const heard = [];
    for (const name of ['child_process', 'worker_threads', 'process']) channel.subscribe(name, () => heard.push(name));
    ask(400);
    console.log(heard.join());
    report();
  `,
    ['', ...REPORT],
  ),
  printing(
    'a program that lists its cache of modules',
    `
    ask(400);
    report();
    const strangers = Object.keys(require.cache)
      .filter((file) => !file.startsWith(__dirname + '/') && !file.startsWith(LIBRARY + '/'));
    console.log(strangers.length, Object.values(require.cache).every((module) => module.loaded || module === require.main));
  `,
    [...REPORT, '0 true'],
  ),
  printing(
    'the stack of an error in a module',
    `
    ask(400);
    try { require('./throws'); } catch (error) { console.log(error.stack.split('\\n').filter((line) => line.includes(LIBRARY)).length); }
    report();
  `,
    ['0', ...REPORT],
    { files: { 'throws.js': `throw new Error('in a module');` } },
  ),
]);

/** The seam: what a program that starts children can see of it. */
const CHILDREN = `
  const childProcess = require('child_process');
  const { once } = require('events');
`;

testBoot(test, [
  printing(
    'spies on ChildProcess.prototype.spawn',
    `${CHILDREN}
    const { ChildProcess } = childProcess;
    const { spawn } = ChildProcess.prototype;
    const files = [];
    ChildProcess.prototype.spawn = function (options) {
      files.push(options.file);
      return Reflect.apply(spawn, this, [options]);
    };
    ask(40);
    once(childProcess.spawn('true', { windowsHide: true }), 'close').then(([code]) => console.log(code, files.join()));
  `,
    ['0 true'],
  ),
  printing(
    'spies on child_process.spawn and ChildProcess itself',
    `${CHILDREN}
    let count = 0;
    const undo = replace(childProcess, (real) => function () { count++; return new.target ? Reflect.construct(real, arguments) : Reflect.apply(real, this, arguments); });
    ask(40);
    once(childProcess.spawn('true', { windowsHide: true }), 'close').then(([code]) => console.log(code, count));
  `,
    ['0 1'],
  ),
  printing(
    'a ghost in the first turn',
    `${CHILDREN}
    const ghosts = () => [
      process._getActiveHandles().filter((handle) => handle?.constructor?.name === 'ChildProcess').length,
      process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length,
    ];
    console.log(...ghosts());
    const child = childProcess.spawn('true');
    const [handles, resources] = ghosts();
    console.log(handles <= 1, resources <= 1);
    once(child, 'close').then(() => setImmediate(() => setImmediate(() => console.log(...ghosts()))));
  `,
    ['0 0', 'true true', '0 0'],
  ),
  printing(
    'children in the order of their ends, one in the other',
    `${CHILDREN}
    const outer = childProcess.spawn('sh', ['-c', 'read line; exit 5']);
    const inner = childProcess.spawn('true');
    inner.on('exit', () => outer.stdin.end('go on\\n'));
    outer.on('close', (code) => console.log(code));
  `,
    ['5'],
  ),
  printing(
    'a child whose program is not there',
    `${CHILDREN}
    childProcess.spawn('no-such-program').on('error', (error) => console.log(error.code, error.syscall));
  `,
    ['ENOENT spawn no-such-program'],
  ),
  printing(
    'asynchronous resources of a child',
    `${CHILDREN}
    const { createHook } = require('async_hooks');
    const types = [];
    const hook = createHook({ init: (id, type) => types.push(type) }).enable();
    const child = childProcess.spawn('true', { stdio: 'ignore' });
    hook.disable();
    const children = types.filter((type) => type === 'PROCESSWRAP').length;
    once(child, 'close').then(() => console.log(children));
  `,
    ['1'],
  ),
]);

testBoot(test, [
  looking(
    'descriptors that stay open',
    `
    const fs = require('fs');
    const names = fs.readdirSync('/proc/self/fd').map((descriptor) => {
      try { return fs.readlinkSync('/proc/self/fd/' + descriptor); } catch { return ''; }
    });
    console.log(names.filter((name) => name.startsWith(__dirname) || name.startsWith(LIBRARY)).join());
  `,
    [''],
    { needs: { met: process.platform === 'linux', reason: 'Linux' } },
  ),
]);

test.serial('both preloads together load what each loads by itself', async (t) => {
  const program = {
    files: {},
    args: ['-e', 'console.log(Object.keys(require.cache).join("\\n"))'],
    nodeArguments: ['<hook>'],
  };
  const filesWith = async (...names) => {
    const runs = await Promise.all(only(...names).map((kind) => runAs(kind, program)));
    return [...new Set(runs.flatMap(({ stdout }) => stdout.split('\n')))].filter((file) => file.startsWith('/')).sort();
  };
  t.deepEqual(await filesWith('both'), await filesWith('register', 'spawn/register'));
});
