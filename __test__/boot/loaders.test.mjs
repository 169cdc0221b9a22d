// Programs that load modules in ways of their own.

import test from 'ava';

import { program } from './changing.mjs';
import { LIBRARY_REPORT, only, REPORT, testBoot } from './programs.mjs';

const loading = (title, source, stdout, rest) =>
  program(title, `ask(40); ${source}; ask(100); report(); reportLibrary();`, {
    preloads: only('register', 'register at once', 'both'),
    isRunAgain: true,
    ...rest,
    stdout: [...stdout, ...REPORT, ...LIBRARY_REPORT],
  });

testBoot(test, [
  loading(
    'a mock in place of Module._load',
    `
    const { _load } = Module;
    Module._load = function (request) { return request === './dep' ? 'mock' : Reflect.apply(_load, this, arguments); };
    console.log(require('./dep'), require('package'));
    Module._load = _load;
  `,
    ['mock package'],
  ),
  loading(
    'a mock in place of require',
    `
    const { require: real } = Module.prototype;
    Module.prototype.require = function (request) { return request === './dep' ? 'mock' : Reflect.apply(real, this, arguments); };
    console.log(require('./dep'), require('package'));
    Module.prototype.require = real;
  `,
    ['mock package'],
  ),
  loading(
    'a resolver in place of Module._resolveFilename',
    `
    const { _resolveFilename } = Module;
    Module._resolveFilename = function (request, ...values) {
      return Reflect.apply(_resolveFilename, this, [request === 'alias' ? './dep' : request, ...values]);
    };
    console.log(require('alias'));
    Module._resolveFilename = _resolveFilename;
  `,
    ['dep'],
  ),
  loading(
    'an extension of its own',
    `
    require.extensions['.txt'] = (module, file) => { module.exports = require('fs').readFileSync(file, 'utf8'); };
    console.log(require('./words'), require.resolve('./words') === __dirname + '/words.txt');
  `,
    ['words true'],
    // What is found with other extensions than those of the beginning is not recorded.
    { isRunAgain: false, files: { 'words.txt': 'words' } },
  ),
  loading(
    'a compile cache of its own, as v8-compile-cache has',
    `
    const vm = require('vm');
    const { _compile } = Module.prototype;
    let count = 0;
    Module.prototype._compile = function (content, filename) {
      count++;
      const script = new vm.Script(Module.wrap(content), { filename, produceCachedData: true });
      const compiled = script.runInThisContext();
      const dirname = require('path').dirname(filename);
      return compiled.call(this.exports, this.exports, (request) => this.require(request), this, filename, dirname, process);
    };
    console.log(require('./dep'), count);
    Module.prototype._compile = _compile;
  `,
    ['dep 1'],
  ),
  loading(
    'the compile cache of Node',
    `
    console.log(typeof Module.enableCompileCache?.(__dirname + '/cache') !== 'number', require('./dep'));
  `,
    ['true dep'],
  ),
  loading('NODE_COMPILE_CACHE', `console.log(require('./dep'))`, ['dep'], {
    // Node writes its cache beside what is looked up, so that nothing of that is old enough to be recorded.
    isRunAgain: false,
    env: { NODE_COMPILE_CACHE: '<root>/cache' },
    args: ['app.js'],
  }),
  loading(
    'a main module that is loaded by another',
    `
    if (process.argv[1] === __filename) {
      process.argv[1] = __dirname + '/main.js';
      Module._load(process.argv[1], null, true);
    }
  `,
    ['true true'],
    { files: { 'main.js': `console.log(require.main === module, process.mainModule === module);` } },
  ),
  loading(
    'Module.runMain, once more',
    `
    process.argv[1] = __dirname + '/main.js';
    Module.runMain();
  `,
    ['main'],
    { files: { 'main.js': `console.log('main');` } },
  ),
  loading(
    'a module of text',
    `
    const made = new Module(__dirname + '/made.js', module);
    made.filename = made.id;
    made.paths = Module._nodeModulePaths(__dirname);
    made._compile("module.exports = require('./dep') + require('package');", made.filename);
    console.log(made.exports);
  `,
    ['deppackage'],
  ),
  loading(
    'module.registerHooks',
    `
    const hooks = Module.registerHooks({
      resolve: (specifier, context, next) => next(specifier === 'hooked' ? './dep' : specifier, context),
      load: (url, context, next) => next(url, context),
    });
    console.log(require('hooked'));
    hooks.deregister();
  `,
    ['dep'],
    {
      needs: { met: typeof (await import('node:module')).registerHooks === 'function', reason: 'module.registerHooks' },
    },
  ),
  loading(
    'a module that is loaded anew',
    `
    require('./dep');
    delete require.cache[require.resolve('./dep')];
    require('fs').writeFileSync(__dirname + '/dep.js', 'module.exports = "anew";');
    console.log(require('./dep'));
    delete require.cache[require.resolve('./dep')];
    require('fs').writeFileSync(__dirname + '/dep.js', 'module.exports = "dep";');
  `,
    ['anew'],
  ),
  loading('modules that require each other', `console.log(require('./a').b, require('./b').a)`, ['b partly'], {
    files: {
      'a.js': `exports.a = 'partly'; exports.b = require('./b').name; exports.a = 'whole';`,
      'b.js': `exports.name = 'b'; exports.a = require('./a').a;`,
    },
  }),
  loading(
    'a module that is deep in calls',
    `
    const deep = (depth) => { try { return deep(depth + 1); } catch { return depth; } };
    deep(0);
    let overflows = 0;
    const require_ = (depth) => {
      try {
        require.resolve('./' + './'.repeat(depth % 50) + 'dep');
        require_(depth + 1);
      } catch (error) {
        if (error instanceof RangeError) overflows++;
        else throw error;
      }
    };
    require_(0);
    console.log(overflows > 0);
  `,
    ['true'],
  ),
  loading(
    'a global that is what Electron has',
    `
    const { versions } = process;
    Object.defineProperty(process, 'versions', { value: { ...versions, electron: '40.0.0' } });
    process.type = 'renderer';
    process.resourcesPath = '/nowhere';
    console.log(require('./dep'));
  `,
    ['dep'],
  ),
  loading(
    'a domain',
    `
    const domain = require('domain').create();
    domain.run(() => { ask(100); console.log(require('./dep'), process.domain === domain); });
    domain.exit();
  `,
    ['dep true'],
  ),
  program(
    'node:cluster',
    `
    const cluster = require('cluster');
    if (cluster.isPrimary) {
      ask(100);
      cluster.fork().on('message', (message) => console.log(message)).on('exit', (code) => { console.log(code); report(); });
    } else {
      ask(100);
      process.send(require('./dep'), () => process.exit(7));
    }
  `,
    { stdout: ['dep', '7', ...REPORT] },
  ),
  program(
    'fork without the options of its parent',
    `
    ask(40);
    if (process.send) {
      process.send(require('./dep'), () => process.disconnect());
    } else {
      require('child_process').fork(__filename, { execArgv: [] }).on('message', (message) => console.log(message)).on('exit', report);
    }
  `,
    { stdout: ['dep', ...REPORT] },
  ),
  program(
    'another program in the place of this one',
    `
    ask(400);
    if (process.argv[2] === 'replaced') report();
    else process.execve(process.execPath, [process.execPath, ...process.execArgv, __filename, 'replaced'], process.env);
  `,
    {
      needs: { met: typeof process.execve === 'function', reason: 'process.execve' },
      stdout: REPORT,
      nodeArguments: ['--no-warnings', '<hook>'],
    },
  ),
  program(
    'an ES module that loads CommonJS, and one that is loaded by CommonJS',
    `
    ask(40);
    (async () => {
      const { default: dep } = await import('./dep.js');
      const { value } = await import('./module.mjs');
      ask(100);
      console.log(dep, value);
      report();
    })();
  `,
    {
      stdout: ['dep package', ...REPORT],
      files: { 'module.mjs': `import main from 'package'; export const value = main;` },
    },
  ),
  program(
    'test contexts of vm with modules',
    `
    const vm = require('vm');
    ask(40);
    (async () => {
      const made = new vm.SourceTextModule('export default require("./dep");', { context: vm.createContext({ require }) });
      await made.link(() => {});
      await made.evaluate();
      console.log(made.namespace.default);
      report();
    })();
  `,
    { stdout: ['dep', ...REPORT], nodeArguments: ['--experimental-vm-modules', '<hook>'] },
  ),
]);
