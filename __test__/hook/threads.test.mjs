// Worker threads: each installs the hook for itself, and what is so in one thread says nothing about another.

import test from 'ava';

import { testLibraryPrograms, testPrograms } from '../helpers/run.mjs';

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
  'node_modules/mapped/package.json': { json: { exports: { custom: './custom.js', default: './default.js' } } },
  'node_modules/mapped/custom.js': 'module.exports = "custom";',
  'node_modules/mapped/default.js': 'module.exports = "default";',
  'one/global.js': 'module.exports = "one";',
  'two/global.js': 'module.exports = "two";',
  'worker.js': `
    const { parentPort, workerData } = require('worker_threads');
    const answers = workerData.map((request) => {
      try {
        return require(request);
      } catch (error) {
        return error.code;
      }
    });
    parentPort.postMessage(answers.join());
  `,
};

// Runs one worker after the other, so that their answers come in order.
const run = `
  const { Worker } = require('worker_threads');
  const run = (requests, options = {}, file = __dirname + '/worker.js') => new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: requests, ...options });
    let answer = 'no answer';
    worker.on('message', (message) => { answer = message; });
    worker.on('error', reject);
    worker.on('exit', () => resolve(answer));
  });
`;

const app = (body) => ({ ...files, 'app.js': `${run} (async () => { ${body} })();` });

const threads = (workers) => ({
  stock: Array(workers + 1).fill('original'),
  hooked: Array(workers + 1).fill('replaced'),
});

// Whether the hook is in place where a thread can't know the options that it was started with is its own affair.
const unknownOptions = null;

testPrograms(test, [
  {
    title: 'a worker inherits the preload',
    files: app(`
      console.log(await run(['./dep', 'package', 'mapped', 'missing', 'fs/promises/missing']));
      console.log(require('./dep'), require('mapped'));
    `),
    stdout: ['./dep,package,default,MODULE_NOT_FOUND,MODULE_NOT_FOUND', './dep default'],
    witnesses: threads(1),
  },
  {
    title: 'many workers at once, and a program that goes on resolving after they ended',
    files: app(`
      const answers = await Promise.all(Array.from({ length: 6 }, () => run(['./dep', 'package', 'mapped'])));
      console.log(new Set(answers).size, answers[0], require('./dep'), require('mapped'));
    `),
    stdout: ['1 ./dep,package,default ./dep default'],
    witnesses: threads(6),
  },
  {
    title: 'workers one after the other, the addon being unloaded or not',
    files: app(`
      for (let turn = 0; turn < 5; turn++) {
        console.log(await run(['./dep', 'mapped']));
      }
    `),
    stdout: Array(5).fill('./dep,default'),
    witnesses: threads(5),
  },
  {
    title: 'a worker with conditions of its own',
    files: app(`
      console.log(require('mapped'));
      console.log(await run(['mapped'], { execArgv: [...process.execArgv, '-C', 'custom'] }));
      console.log(await run(['mapped'], { execArgv: [...process.execArgv, '--conditions=custom'] }));
      console.log(await run(['mapped']));
    `),
    stdout: ['default', 'custom', 'custom', 'default'],
    witnesses: threads(3),
  },
  {
    title: 'a worker without the conditions of its parent',
    files: app(`
      console.log(require('mapped'));
      const withoutConditions = process.execArgv.filter((word) => word !== '-C' && word !== 'custom');
      console.log(await run(['mapped'], { execArgv: withoutConditions }));
      console.log(await run(['mapped']));
    `),
    nodeArguments: ['<witness>', '<hook>', '-C', 'custom'],
    stdout: ['custom', 'default', 'custom'],
    witnesses: threads(2),
  },
  {
    title: 'a worker with an environment of its own: NODE_PATH',
    files: app(`
      console.log(require('global'));
      console.log(await run(['global'], { env: { ...process.env, NODE_PATH: __dirname + '/two' } }));
      const { NODE_PATH, ...withoutNodePath } = process.env;
      console.log(await run(['global'], { env: withoutNodePath }));
      console.log(await run(['global']));
    `),
    env: { NODE_PATH: '<root>/one' },
    stdout: ['one', 'two', 'MODULE_NOT_FOUND', 'one'],
    witnesses: threads(3),
  },
  {
    title: 'a worker with an environment of its own: NODE_OPTIONS',
    files: app(`
      console.log(await run(['mapped'], { env: { ...process.env, NODE_OPTIONS: '-C custom' } }));
      const env = { ...process.env, NODE_OPTIONS: '-C custom' };
      console.log(await run(['mapped'], { execArgv: process.execArgv, env }));
      process.env.NODE_OPTIONS = '-C custom';
      console.log(await run(['mapped']));
      console.log(await run(['mapped'], { execArgv: process.execArgv }));
      console.log(require('mapped'));
    `),
    // Node reads the variable again for a worker with an environment or arguments of its own, and only for such.
    stdout: ['custom', 'custom', 'default', 'custom', 'default'],
    witnesses: unknownOptions,
  },
  {
    title: 'NODE_OPTIONS of the process holds in a worker, and not in one whose environment lacks it',
    files: app(`
      console.log(require('mapped'));
      console.log(await run(['mapped']));
      const { NODE_OPTIONS, ...withoutNodeOptions } = process.env;
      console.log(await run(['mapped'], { env: withoutNodeOptions }));
      console.log(await run(['mapped'], { env: withoutNodeOptions, execArgv: process.execArgv }));
    `),
    env: { NODE_OPTIONS: '-C custom' },
    stdout: ['custom', 'custom', 'default', 'default'],
    witnesses: unknownOptions,
  },
  {
    title: 'a worker that preserves symbolic links while its parent does not',
    files: {
      ...app(`
        console.log(await run(['linked'], { execArgv: [...process.execArgv, '--preserve-symlinks'] }));
        console.log(require('linked'));
        console.log(await run(['linked']));
      `),
      'real/index.js': 'module.exports = __filename;',
      'node_modules/linked': { link: '../real' },
    },
    stdout: ['<root>/node_modules/linked/index.js', '<root>/real/index.js', '<root>/real/index.js'],
    witnesses: threads(2),
  },
  {
    title: 'extensions and paths that one thread changes',
    files: {
      ...app(`
        require('module')._extensions['.custom'] = require('module')._extensions['.js'];
        module.paths.push(__dirname + '/one');
        console.log(require('./only'), require('global'));
        console.log(await run(['./only', 'global']));
      `),
      'only.custom': 'module.exports = "only.custom";',
    },
    stdout: ['only.custom one', 'MODULE_NOT_FOUND,MODULE_NOT_FOUND'],
    witnesses: threads(1),
  },
  {
    title: 'a package.json edited after one thread has read it is read anew by the next thread',
    files: {
      ...app(`
        const fs = require('fs');
        console.log(require('mapped'), await run(['mapped']));
        fs.writeFileSync(__dirname + '/node_modules/mapped/package.json', '{"exports":"./custom.js"}');
        console.log(await run(['mapped']), require('mapped'));
      `),
    },
    stdout: ['default default', 'custom default'],
    witnesses: threads(2),
  },
  {
    title: 'a file that appears between two threads, and one that goes away',
    files: {
      ...app(`
        const fs = require('fs');
        console.log(await run(['late', './dep']));
        fs.writeFileSync(__dirname + '/node_modules/late.js', 'module.exports = "late";');
        fs.rmSync(__dirname + '/dep.js');
        console.log(await run(['late', './dep']));
      `),
    },
    stdout: ['MODULE_NOT_FOUND,./dep', 'late,MODULE_NOT_FOUND'],
    witnesses: threads(2),
  },
  {
    title: 'a link that points elsewhere for the next thread',
    files: {
      ...app(`
        const fs = require('fs');
        console.log(await run(['./link/file']));
        fs.rmSync(__dirname + '/link');
        fs.symlinkSync('second', __dirname + '/link');
        console.log(await run(['./link/file']));
      `),
      'first/file.js': 'module.exports = __filename;',
      'second/file.js': 'module.exports = __filename;',
      link: { link: 'first' },
    },
    stdout: ['<root>/first/file.js', '<root>/second/file.js'],
    witnesses: threads(2),
  },
  {
    title: 'a worker from text, and a worker of a worker',
    files: {
      ...app(`
        const text = "require('worker_threads').parentPort.postMessage(require('./dep') + require('package'))";
        console.log(await run([], { eval: true }, text));
        console.log(await run(['./dep'], {}, __dirname + '/outer.js'));
      `),
      'outer.js': `
        const { parentPort, workerData } = require('worker_threads');
        ${run}
        run(workerData).then((answer) => parentPort.postMessage('inner: ' + answer));
      `,
    },
    stdout: ['./deppackage', 'inner: ./dep'],
    witnesses: threads(3),
  },
  {
    title: 'a worker whose options leave out the preload has Node of its own',
    files: app(`console.log(await run(['./dep', 'mapped'], { execArgv: [] }));`),
    stdout: ['./dep,default'],
  },
  {
    title: 'a worker that ends in the middle of its work',
    files: {
      ...app(`
        const worker = new Worker(__dirname + '/endless.js');
        await new Promise((resolve) => worker.once('message', resolve));
        console.log(await worker.terminate(), require('./dep'), await run(['mapped']));
      `),
      'endless.js': `
        require('worker_threads').parentPort.postMessage('started');
        for (;;) {
          require.resolve('package');
          require.resolve('mapped');
          require('module')._pathCache = {};
        }
      `,
    },
    stdout: ['1 ./dep default'],
    // A thread that was terminated does not say goodbye.
    witnesses: threads(1),
  },
]);

const state = `
  const fastResolve = require(process.env.LIBRARY);
  const { parentPort } = require('worker_threads');
`;

testLibraryPrograms(test, [
  {
    title: 'install() and uninstall() count for the thread that calls them',
    files: {
      ...app(`
        const fastResolve = require(process.env.LIBRARY);
        fastResolve.install();
        console.log(await run([], {}, __dirname + '/not-installed.js'));
        console.log(await run([], {}, __dirname + '/installs.js'), fastResolve.installed);
        fastResolve.uninstall();
        console.log(await run([], {}, __dirname + '/installs.js'), fastResolve.installed, require('./dep'));
      `),
      'not-installed.js': `${state} parentPort.postMessage(fastResolve.installed);`,
      'installs.js': `${state}
        fastResolve.install();
        parentPort.postMessage([fastResolve.installed, require('mapped')].join());
      `,
    },
    stdout: ['false', 'true,default true', 'true,default false ./dep'],
  },
]);
