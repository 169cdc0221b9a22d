// Ways of resolution that are not the documented one: the hook leaves them to Node, or to the tool whose they are.

import test from 'ava';

import { nodeMajor, testPrograms } from '../helpers/run.mjs';

const files = {
  'dep.js': 'module.exports = "./dep";',
  'node_modules/package/index.js': 'module.exports = "package";',
};

const attempt = `
  const attempt = (action) => {
    try {
      return action();
    } catch (error) {
      return error.code;
    }
  };
`;

const hasOption = (option) => ({
  met: process.allowedNodeEnvironmentFlags.has(option),
  reason: `a Node with ${option}`,
});

// What Yarn's .pnp.cjs does, in a few lines: its own table instead of node_modules.
const pnp = `
  process.versions.pnp = '3';
  const Module = require('module');
  const table = { zipped: process.cwd() + '/cache/zipped/index.js' };
  const next = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, isMain, options) {
    if (table[request]) {
      return table[request];
    }
    if (/^[a-z]/.test(request) && !Module.isBuiltin(request) && parent?.filename?.startsWith(process.cwd())) {
      throw Object.assign(new Error('Your application tried to access ' + request), { code: 'UNDECLARED_DEPENDENCY' });
    }
    return Reflect.apply(next, this, [request, parent, isMain, options]);
  };
  const findPath = Module._findPath;
  Module._findPath = function (request, paths, isMain) {
    return table[request] ?? findPath(request, paths, isMain);
  };
`;

const pnpProgram = (title, nodeArguments) => ({
  title,
  files: {
    ...files,
    'pnp.js': pnp,
    'cache/zipped/index.js': 'module.exports = "zipped";',
    'node_modules/zipped/index.js': 'module.exports = "from node_modules";',
    'app.js': `${attempt}
      console.log(require('zipped'), attempt(() => require('package')));
      console.log(require('./dep'), typeof require('fs').statSync);
    `,
  },
  nodeArguments: ['<witness>', ...nodeArguments],
  stdout: ['zipped UNDECLARED_DEPENDENCY', './dep function'],
  witnesses: { stock: ['replaced'], hooked: ['replaced'] },
});

const permission = nodeMajor === 20 ? '--experimental-permission' : '--permission';

const permissionProgram = (title, ...flags) => ({
  title,
  files: {
    ...files,
    'app.js': `${attempt}
      console.log(require('./dep'), require('package'), attempt(() => require('missing')));
      console.log(attempt(() => require('fs').writeFileSync(__dirname + '/written', '')));
    `,
  },
  nodeArguments: [permission, '--allow-fs-read=*', ...flags, '<hook>'],
  stdout: ['./dep package MODULE_NOT_FOUND', 'ERR_ACCESS_DENIED'],
  stderr: nodeMajor === 20 ? [/ExperimentalWarning: Permission is an experimental feature/] : [],
  // Nothing can be written, so that nobody can say what stood in Node's place.
  witnesses: null,
});

testPrograms(test, [
  pnpProgram('Yarn PnP, loaded before the hook', ['-r', './pnp.js', '<hook>']),
  pnpProgram('Yarn PnP, loaded after the hook', ['<hook>', '-r', './pnp.js']),
  {
    ...permissionProgram('the permission model with addons', '--allow-addons'),
    // Node warns of what addons can do.
    ...(nodeMajor > 20 && { stderr: [/SecurityWarning: The flag --allow-addons must be used with extreme caution/] }),
  },
  permissionProgram('the permission model without addons'),
  {
    title: 'the permission model with a part of the disk',
    files: {
      ...files,
      'secret/file.js': 'module.exports = "secret";',
      'secret/node_modules/hidden/index.js': 'module.exports = "hidden";',
      'open/app.js': `${attempt}
        console.log(attempt(() => require('../secret/file')), attempt(() => require('./beside')));
        console.log(attempt(() => require.resolve('hidden', { paths: [__dirname + '/../secret'] })));
      `,
      'open/beside.js': 'module.exports = "beside";',
    },
    nodeArguments: [permission, '--allow-fs-read=<root>/open/*', '--allow-fs-read=<repository>/*', '<hook>'],
    args: ['open/app.js'],
    // Node 20 does not ask for a permission to find a file, only to read it.
    stdout: [
      'ERR_ACCESS_DENIED beside',
      nodeMajor === 20 ? '<root>/secret/node_modules/hidden/index.js' : 'ERR_ACCESS_DENIED',
    ],
    stderr: nodeMajor === 20 ? [/ExperimentalWarning: Permission/] : [],
    witnesses: null,
  },
  {
    title: 'a policy that allows what is there, and sends one request elsewhere',
    needs: { met: nodeMajor === 20, reason: '--experimental-policy, which Node 20 was the last to have' },
    files: {
      ...files,
      'redirected.js': 'module.exports = "redirected";',
      'policy.json': {
        json: {
          onerror: 'throw',
          resources: {
            './app.js': { integrity: true, dependencies: { './dep': true, package: './redirected.js', fs: true } },
            './redirected.js': { integrity: true, dependencies: true },
            './dep.js': { integrity: true, dependencies: true },
          },
          scopes: { 'file:': { integrity: true, dependencies: true } },
        },
      },
      'app.js': `${attempt}
        console.log(require('./dep'), require('package'));
        console.log(attempt(() => require('path')), attempt(() => require('./redirected')));
      `,
    },
    nodeArguments: ['--experimental-policy=policy.json', '<hook>'],
    stdout: ['./dep redirected', 'ERR_MANIFEST_DEPENDENCY_MISSING ERR_MANIFEST_DEPENDENCY_MISSING'],
    stderr: [/ExperimentalWarning: Policies are experimental/],
    witnesses: null,
  },
  {
    title: 'a package map',
    needs: hasOption('--experimental-package-map'),
    files: {
      'map.json': {
        json: {
          packages: {
            project: { url: './project', dependencies: { mapped: 'mapped' } },
            mapped: { url: './elsewhere', dependencies: {} },
          },
        },
      },
      'elsewhere/package.json': { json: { exports: './main.js' } },
      'elsewhere/main.js': 'module.exports = "mapped";',
      'project/dep.js': 'module.exports = "./dep";',
      'project/node_modules/mapped/index.js': 'module.exports = "from node_modules";',
      'project/node_modules/package/index.js': 'module.exports = "package";',
      'project/app.js': `${attempt}
        console.log(require('mapped'), attempt(() => require('package')), require('./dep'));
      `,
    },
    nodeArguments: ['--experimental-package-map=./map.json', '--disable-warning=ExperimentalWarning', '<hook>'],
    args: ['project/app.js'],
    stdout: ['mapped MODULE_NOT_FOUND ./dep'],
    witnesses: null,
  },
  {
    title: 'files that node:vfs mounts while the program runs',
    needs: hasOption('--experimental-vfs'),
    files: {
      ...files,
      'app.js': `${attempt}
        console.log(require('./dep'));
        const vfs = require('node:vfs').create();
        vfs.writeFileSync('/file.js', 'module.exports = "virtual";');
        vfs.mkdirSync('/node_modules/virtual', { recursive: true });
        vfs.writeFileSync('/node_modules/virtual/index.js', 'module.exports = "virtual package";');
        vfs.mount();
        const { mountPoint } = vfs;
        console.log(attempt(() => require(mountPoint + '/file')));
        console.log(attempt(() => require('module').createRequire(mountPoint + '/')('virtual')));
        vfs.unmount();
        console.log(attempt(() => require.resolve(mountPoint + '/file')));
      `,
    },
    nodeArguments: ['--experimental-vfs', '--disable-warning=ExperimentalWarning', '<hook>'],
    stdout: ['./dep', 'virtual', 'virtual package', 'MODULE_NOT_FOUND'],
    witnesses: null,
  },
  {
    title: 'a parent in watch mode is told of every file that was looked for',
    files: {
      ...files,
      'node_modules/package/package.json': { json: { main: './index' } },
      'watched.js': `${attempt} require('./dep'); require('package'); attempt(() => require('./missing'));`,
      'app.js': `
        const child = require('child_process').fork(__dirname + '/watched.js', {
          env: { ...process.env, WATCH_REPORT_DEPENDENCIES: '1' },
        });
        const reported = new Set();
        child.on('message', (message) => (message['watch:require'] ?? []).forEach((name) => reported.add(name)));
        child.on('exit', () => {
          const names = [...reported].filter((name) => name?.startsWith(__dirname + '/'));
          console.log(names.map((name) => name.slice(__dirname.length)).join());
        });
      `,
    },
    stdout: [
      [
        ...['/watched.js', '/dep.js', '/node_modules/package/index.js'],
        ...['', '.js', '.json', '.node'].map((extension) => `/missing${extension}`),
      ].join(),
    ],
    witnesses: { stock: ['original', 'original'], hooked: ['original', 'replaced'] },
  },
]);
