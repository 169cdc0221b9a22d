// Child processes: the hook reaches them through NODE_OPTIONS, fork and cluster as any preload does.

import test from 'ava';

import { testPrograms } from '../helpers/run.mjs';

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
  'child.js': `
    const answer = [require('./dep'), require('package'), require.main === module].join();
    if (process.send) {
      process.send(answer);
      process.disconnect();
    } else {
      console.log(answer);
    }
  `,
};

const processes = (children) => ({
  stock: Array(children + 1).fill('original'),
  hooked: Array(children + 1).fill('replaced'),
});

testPrograms(test, [
  {
    title: 'the hook in NODE_OPTIONS',
    files: { ...files, 'app.js': `require('./child');` },
    nodeArguments: [],
    env: { NODE_OPTIONS: '<witness> <hook>' },
    stdout: ['./dep,package,false'],
  },
  {
    title: 'children and their children get the hook from NODE_OPTIONS',
    files: {
      ...files,
      'app.js': `
        const answer = require('child_process').execFileSync(process.execPath, [__dirname + '/middle.js']);
        console.log(require('./dep'), String(answer).trim());
      `,
      'middle.js': `
        const answer = require('child_process').execFileSync(process.execPath, [__dirname + '/child.js']);
        console.log(require('package'), String(answer).trim());
      `,
    },
    nodeArguments: [],
    env: { NODE_OPTIONS: '<witness> <hook>' },
    stdout: ['./dep package ./dep,package,true'],
    witnesses: processes(2),
  },
  {
    title: 'a fork inherits the preload',
    files: {
      ...files,
      'app.js': `
        const child = require('child_process').fork(__dirname + '/child.js');
        child.on('message', (message) => console.log(message, require('package')));
      `,
    },
    stdout: ['./dep,package,true package'],
    witnesses: processes(1),
  },
  {
    title: 'a fork with options of its own has Node as it is',
    files: {
      ...files,
      'app.js': `
        const child = require('child_process').fork(__dirname + '/child.js', { execArgv: [] });
        child.on('message', (message) => console.log(message, require('package')));
      `,
    },
    stdout: ['./dep,package,true package'],
  },
  {
    title: 'a cluster',
    files: {
      ...files,
      'app.js': `
        const cluster = require('cluster');
        if (cluster.isPrimary) {
          const workers = [cluster.fork(), cluster.fork()];
          const answers = [];
          workers.forEach((worker) => worker.on('message', (message) => answers.push(message)));
          process.on('exit', () => console.log(answers.join(' ')));
        } else {
          process.send(require('./dep') + ',' + require('package'), () => process.disconnect());
        }
      `,
    },
    stdout: ['./dep,package ./dep,package'],
    witnesses: processes(2),
  },
  {
    title: 'the hook given twice, in NODE_OPTIONS and on the command line, is one hook',
    files: { ...files, 'app.js': `require('./child');` },
    nodeArguments: ['<hook>'],
    env: { NODE_OPTIONS: '<witness> <hook>' },
    stdout: ['./dep,package,false'],
  },
  {
    title: 'a child is told of NODE_PATH and conditions by the environment that its parent made for it',
    files: {
      ...files,
      'global/global.js': 'module.exports = "global";',
      'node_modules/mapped/package.json': { json: { exports: { custom: './custom.js', default: './default.js' } } },
      'node_modules/mapped/custom.js': 'module.exports = "custom";',
      'node_modules/mapped/default.js': 'module.exports = "default";',
      'grandchild.js': `console.log(require('global'), require('mapped'));`,
      'app.js': `
        process.env.NODE_PATH = __dirname + '/global';
        process.env.NODE_OPTIONS += ' -C custom';
        const { execFileSync } = require('child_process');
        process.stdout.write(execFileSync(process.execPath, [__dirname + '/grandchild.js']));
        console.log(require('mapped'));
      `,
    },
    nodeArguments: [],
    env: { NODE_OPTIONS: '<witness> <hook>' },
    stdout: ['global custom', 'default'],
    witnesses: processes(1),
  },
]);
