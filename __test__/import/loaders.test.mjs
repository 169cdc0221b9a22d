// Hooks of others for `import`, from real packages and of a program's own, beside ours: whichever is loaded first, they get what they
// got without us. What stock Node prints is what is expected.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';

import test from 'ava';

import { ensureTools, tools } from '../boot/ensure_tools.mjs';
import { treeFor } from '../helpers/tree.mjs';

const REGISTER = path.resolve(import.meta.dirname, '../../dist/register.js');

test.before('the tools are installed', (t) => {
  t.timeout(5 * 60_000);
  ensureTools();
});

/** By which preload ours comes, and on which side of theirs. */
const WAYS = {
  'by -r, before': (theirs) => ['-r', REGISTER, ...theirs],
  'by -r, after': (theirs) => [...theirs, '-r', REGISTER],
  'by --import, before': (theirs) => ['--import', REGISTER, ...theirs],
  'by --import, after': (theirs) => [...theirs, '--import', REGISTER],
};

/** Tells at the end of the thread who answers an import of the program that it has not had. */
const WITNESS = `
  process.on('exit', () => {
    const { WITNESS_FILE, REGISTER } = process.env;
    if (WITNESS_FILE === undefined) return;
    const { native } = process.getBuiltinModule('module')._cache[REGISTER].exports.parts.addon;
    const { resolve } = native;
    let answered = 'left';
    native.resolve = function () {
      answered = 'ours';
      return Reflect.apply(resolve, this, arguments);
    };
    import.meta.resolve('./none/../seen.mjs');
    process.getBuiltinModule('fs').appendFileSync(WITNESS_FILE, answered + ' ');
  });
`;

const FILES = {
  'package.json': '{"type":"module"}',
  'seen.mjs': 'export default "seen";',
  'dep.mjs': 'export default "dep";',
  'other.mjs': 'export default "other";',
  'node_modules/package/package.json': '{"type":"module","exports":"./main.js"}',
  'node_modules/package/main.js': 'export default "package"; export const name = "p";',
  'node_modules/common/package.json': '{"main":"main"}',
  'node_modules/common/main.js': 'exports.name = "c";',
};

const linksTo = (names) =>
  Object.fromEntries(names.map((name) => [`node_modules/${name}`, { link: path.join(tools, 'node_modules', name) }]));

function run(args, root, env) {
  return new Promise((resolve) => {
    const options = {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, FAST_RESOLVE_CACHE: '0', FAST_RESOLVE_WAIT: '0', ...env },
      timeout: 60_000,
    };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const withoutPid = stderr.replaceAll(/\(node:\d+\)/g, '(node:<pid>)').split('\n');
      // Frames of ours are no difference.
      const isForeign = (line) => !/^\s+at /.test(line) || !line.includes(path.dirname(REGISTER));
      resolve({ exitCode: error?.code ?? 0, stdout, stderr: withoutPid.filter(isForeign) });
    });
  });
}

/**
 * @param {object} beside
 * @param {string[]} beside.theirs How Node is started.
 * @param {string[]} [beside.names] Packages that the program finds.
 * @param {string} beside.stdout What it prints, on each Node that has what it needs.
 * @param {string} [beside.warned] Where ours says that it could not be loaded.
 * @param {object} beside.answered Who has answered, by the way in which ours comes.
 */
function testBeside(
  title,
  { theirs, names = [], files, app = 'app.mjs', env = {}, stdout, needs = true, answered, warned },
) {
  if (Module.registerHooks === undefined || !needs) {
    test.skip(title, () => {});
    return;
  }
  test.serial(title, async (t) => {
    t.timeout(5 * 60_000);
    const root = treeFor(t, { ...FILES, ...linksTo(names), ...files });
    const stock = await run([...theirs, app], root, env);
    t.is(stock.stdout, stdout, stock.stderr.join('\n'));
    for (const [way, argumentsWith] of Object.entries(WAYS)) {
      const file = path.join(root, `witness ${way}`);
      const ran = await run([...argumentsWith(theirs), app], root, { ...env, REGISTER, WITNESS_FILE: file });
      if (way === warned?.way) {
        t.is(ran.stderr.filter((line) => warned.warning.test(line)).length, 1, ran.stderr.join('\n'));
        t.is(ran.stdout, stock.stdout);
      } else {
        t.deepEqual(ran, stock, way);
      }
      t.is(
        fs.readFileSync(file, 'utf8').trim(),
        typeof answered === 'string' ? answered : answered[way],
        `answered, ${way}`,
      );
    }
  });
}

const OURS = 'ours';
const LEFT = 'left';

testBeside('nobody else', {
  theirs: [],
  files: {
    'app.mjs': `
      ${WITNESS}
      import seen from './seen.mjs';
      import { name } from 'package';
      console.log(seen, name);
    `,
  },
  stdout: 'seen p\n',
  answered: OURS,
});

/** A program whose hook answers './dep.mjs' with another file and 'virtual' with a module of its own. */
const REDIRECTED = `
  ${WITNESS}
  import seen from './seen.mjs';
  import dep from './dep.mjs';
  import { name } from 'package';
  import virtual from 'virtual';
  const { default: later } = await import('./dep.mjs?later');
  console.log(seen, dep, name, virtual, later, import.meta.resolve('./dep.mjs').split('/').at(-1));
`;
const REDIRECTED_OUTPUT = 'seen other p virtual dep other.mjs\n';
const HOOK = (isAsync) => `
  export ${isAsync} function resolve(specifier, context, nextResolve) {
    if (specifier === 'virtual') return { url: 'data:text/javascript,export default "virtual"', shortCircuit: true };
    if (specifier === './dep.mjs') return { ...(${isAsync ? 'await' : ''} nextResolve('./other.mjs', context)), shortCircuit: true };
    return nextResolve(specifier, context);
  }
`;

testBeside('module.register', {
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);`,
    'hooks.mjs': HOOK('async'),
    'app.mjs': REDIRECTED,
  },
  stdout: REDIRECTED_OUTPUT,
  answered: LEFT,
});

testBeside('--loader', {
  theirs: ['--loader', './hooks.mjs'],
  files: { 'hooks.mjs': HOOK('async'), 'app.mjs': REDIRECTED },
  stdout: REDIRECTED_OUTPUT,
  answered: LEFT,
});

testBeside('module.register, by the program', {
  theirs: [],
  files: {
    'hooks.mjs': HOOK('async'),
    'app.mjs': `
      ${WITNESS}
      import { register } from 'node:module';
      const { default: seen } = await import('./seen.mjs');
      const { default: before } = await import('./dep.mjs');
      register('./hooks.mjs', import.meta.url);
      const { default: after } = await import('virtual');
      console.log(seen, before, after, (await import('package')).name);
    `,
  },
  stdout: 'seen dep virtual p\n',
  // From then on.
  answered: LEFT,
});

testBeside('module.registerHooks, by --import', {
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `import { registerHooks } from 'node:module'; import { resolve } from './hooks.mjs'; registerHooks({ resolve });`,
    'hooks.mjs': HOOK(''),
    'app.mjs': REDIRECTED,
  },
  stdout: REDIRECTED_OUTPUT,
  answered: { 'by -r, before': OURS, 'by -r, after': OURS, 'by --import, before': OURS, 'by --import, after': LEFT },
});

testBeside('module.registerHooks, by -r', {
  theirs: ['-r', './register.cjs'],
  files: {
    'register.cjs': `const { registerHooks } = require('node:module'); ${HOOK('').replace('export', '')} registerHooks({ resolve });`,
    'app.mjs': REDIRECTED,
  },
  stdout: REDIRECTED_OUTPUT,
  answered: { 'by -r, before': OURS, 'by -r, after': LEFT, 'by --import, before': LEFT, 'by --import, after': LEFT },
});

testBeside('module.registerHooks, by the program, and taken out', {
  theirs: [],
  files: {
    'app.mjs': `
      ${WITNESS}
      import { registerHooks } from 'node:module';
      ${HOOK('').replace('export', '')}
      const { default: before } = await import('./dep.mjs');
      const hooks = registerHooks({ resolve });
      const { default: during } = await import('./dep.mjs');
      const { default: virtual } = await import('virtual');
      hooks.deregister();
      const { default: after } = await import('./dep.mjs');
      console.log(before, during, virtual, after, await import('virtual').catch(({ code }) => code));
    `,
  },
  stdout: 'dep other virtual dep ERR_MODULE_NOT_FOUND\n',
  answered: OURS,
});

testBeside('a load hook', {
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `
      import { registerHooks } from 'node:module';
      registerHooks({
        load(url, context, nextLoad) {
          const loaded = nextLoad(url, context);
          if (!url.endsWith('/seen.mjs')) return loaded;
          console.log(context.format, Object.keys(context).join());
          return { ...loaded, source: String(loaded.source).replace('seen', 'loaded') };
        },
      });
    `,
    'app.mjs': `${WITNESS} import seen from './seen.mjs'; import * as common from 'common'; console.log(seen, common.name);`,
  },
  stdout: 'module format,importAttributes,conditions\nloaded c\n',
  answered: { 'by -r, before': OURS, 'by -r, after': OURS, 'by --import, before': OURS, 'by --import, after': LEFT },
});

/** Has a worker thread do the same. */
const inWorker = (source) => ({
  'app.mjs': `import { Worker } from 'node:worker_threads'; new Worker(new URL('./worker.mjs', import.meta.url));`,
  'worker.mjs': source,
});

testBeside('module.register, in a worker thread', {
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);`,
    'hooks.mjs': HOOK('async'),
    ...inWorker(REDIRECTED),
  },
  stdout: REDIRECTED_OUTPUT,
  answered: LEFT,
});

testBeside('module.registerHooks, in a worker thread', {
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `import { registerHooks } from 'node:module'; import { resolve } from './hooks.mjs'; registerHooks({ resolve });`,
    'hooks.mjs': HOOK(''),
    ...inWorker(REDIRECTED),
  },
  stdout: REDIRECTED_OUTPUT,
  answered: { 'by -r, before': OURS, 'by -r, after': OURS, 'by --import, before': OURS, 'by --import, after': LEFT },
});

const TYPESCRIPT = {
  'tsconfig.json': '{"compilerOptions":{"module":"nodenext","target":"es2022","baseUrl":".","paths":{"@/*":["./*"]}}}',
  'typed.ts': 'enum Kind { One = "one" } export default Kind.One as string;',
};

testBeside('tsx', {
  names: ['tsx'],
  theirs: ['--import', 'tsx'],
  app: 'app.ts',
  files: {
    ...TYPESCRIPT,
    'app.ts': `${WITNESS} import seen from './seen.mjs'; import typed from './typed.js'; import again from '@/typed';
      console.log(seen as string, typed, again);`,
  },
  stdout: 'seen one one\n',
  // Its hooks are called in the thread.
  answered: { 'by -r, before': OURS, 'by -r, after': OURS, 'by --import, before': OURS, 'by --import, after': LEFT },
});

testBeside('ts-node/esm', {
  names: ['ts-node', 'typescript'],
  theirs: ['--loader', 'ts-node/esm'],
  app: 'app.ts',
  env: { TS_NODE_TRANSPILE_ONLY: '1' },
  files: {
    ...TYPESCRIPT,
    'app.ts': `${WITNESS} import seen from './seen.mjs'; import typed from './typed.js'; console.log(seen as string, typed);`,
  },
  stdout: 'seen one\n',
  answered: LEFT,
});

/** Each hook changes what the package exports, and notes which files it was told of. */
const WATCHED = `
  ${WITNESS}
  import seen from './seen.mjs';
  import { name } from 'package';
  import * as common from 'common';
  const { name: later } = await import('package');
  console.log(seen, name, common.name, later, told.join());
`;

testBeside('import-in-the-middle, in a thread of its own', {
  names: ['import-in-the-middle'],
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `
      import { register } from 'node:module';
      import { Hook } from 'import-in-the-middle';
      register('import-in-the-middle/hook.mjs', import.meta.url);
      globalThis.told = [];
      new Hook(['package', 'common'], (exported, name) => { told.push(name); exported.name += ' watched'; });
    `,
    'app.mjs': WATCHED,
  },
  stdout: 'seen p watched c watched p watched package,common\n',
  answered: LEFT,
});

testBeside('import-in-the-middle, in the thread', {
  names: ['import-in-the-middle'],
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `
      import { Hook } from 'import-in-the-middle';
      import { register } from 'import-in-the-middle/register-hooks.mjs';
      register();
      globalThis.told = [];
      new Hook(['package', 'common'], (exported, name) => { told.push(name); exported.name += ' watched'; });
    `,
    'app.mjs': WATCHED,
  },
  stdout: 'seen p watched c watched p watched package,common\n',
  answered: { 'by -r, before': OURS, 'by -r, after': OURS, 'by --import, before': OURS, 'by --import, after': LEFT },
});

testBeside('@opentelemetry/instrumentation', {
  names: ['@opentelemetry/api', '@opentelemetry/instrumentation'],
  theirs: ['--import', './register.mjs'],
  files: {
    'register.mjs': `
      import { register } from 'node:module';
      import { InstrumentationBase, InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
      register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
      globalThis.told = [];
      class Watching extends InstrumentationBase {
        init() {
          return ['package', 'common'].map((name) => new InstrumentationNodeModuleDefinition(name, ['*'], (exported) => {
            told.push(name);
            exported.name += ' watched';
            return exported;
          }));
        }
      }
      new Watching('watching', '1.0.0', {});
    `,
    'node_modules/package/package.json': '{"version":"1.0.0","type":"module","exports":"./main.js"}',
    'node_modules/common/package.json': '{"version":"1.0.0","main":"main"}',
    'app.mjs': WATCHED,
  },
  stdout: 'seen p watched c watched p watched package,common\n',
  answered: LEFT,
});

testBeside('jiti, as a loader', {
  names: ['jiti'],
  theirs: ['--import', 'jiti/register'],
  files: {
    ...TYPESCRIPT,
    'app.mjs': `${WITNESS} import seen from './seen.mjs'; import typed from './typed.ts'; console.log(seen, typed.default);`,
  },
  stdout: 'seen one\n',
  answered: LEFT,
  warned: { way: 'by --import, after', warning: /fast-resolve could not be loaded.*rewritten register\.js/ },
});

testBeside('jiti, as a function', {
  names: ['jiti'],
  theirs: [],
  files: {
    ...TYPESCRIPT,
    'app.mjs': `
      ${WITNESS}
      import { createJiti } from 'jiti';
      import seen from './seen.mjs';
      const jiti = createJiti(import.meta.url, { fsCache: false });
      console.log(seen, await jiti.import('./typed', { default: true }), await jiti.import('package').then(({ name }) => name));
    `,
  },
  stdout: 'seen one p\n',
  answered: OURS,
});
