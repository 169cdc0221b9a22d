// Where ours is put in place of Node's spawn, where it is not, and how it is taken out.

import path from 'node:path';
import test from 'ava';
import { preload, runText, whereSeamIs } from './programs.mjs';
import { missing } from './seam_here.mjs';

const seamTest = whereSeamIs(test);
const root = path.resolve(import.meta.dirname, '../..');
const entry = (name) => JSON.stringify(path.join(root, name));

/** What a program that starts children says of whose they are. */
const says = async (t, program, expected, options) => {
  const { stdout, stderr, code } = await runText(program, options);
  t.is(stderr, '');
  t.deepEqual(stdout.trim().split('\n'), expected);
  t.is(code, 0);
};

const WHOSE = `const whose = () => (isOurs(childProcess.spawn('true')) ? 'ours' : "Node's");`;
const HANDLE = `const Process = Object.getPrototypeOf(new childProcess.ChildProcess()._handle);`;

if (missing !== undefined) {
  test('where there is none of ours, nothing is installed and children are Node’s', async (t) => {
    const program = `${WHOSE} console.log(api.install(), api.installed, whose(), api.uninstall())`;
    await says(t, program, ["false false Node's undefined"]);
    await says(t, program, ["false false Node's undefined"], { nodeArguments: ['-r', preload] });
  });
}

seamTest('install, uninstall, and both again', async (t) => {
  await says(
    t,
    `${WHOSE}
    console.log(api.installed, whose());
    console.log(api.install(), api.installed, whose());
    console.log(api.install(), whose());
    console.log(api.uninstall(), api.installed, whose());
    console.log(api.uninstall(), whose());
    console.log(api.install(), api.installed, whose());`,
    ["false Node's", 'true true ours', 'true ours', "undefined false Node's", "undefined Node's", 'true true ours'],
  );
});

seamTest('as ES module, with a view of `installed` that is alive', async (t) => {
  const program = `
    import(${entry('dist/spawn.mjs')}).then((module) => {
      console.log(Object.keys(module).sort().join(), module.installed, module.default.installed);
      module.install();
      console.log(module.installed, module.default.installed);
      module.uninstall();
      console.log(module.installed, module.default.installed);
    });`;
  await says(t, program, ['default,install,installed,uninstall false false', 'true true', 'false false']);
});

seamTest('nothing of Node is left changed', async (t) => {
  await says(
    t,
    `${HANDLE}
    const before = Object.getOwnPropertyDescriptor(Process, 'spawn');
    api.install();
    api.uninstall();
    const after = Object.getOwnPropertyDescriptor(Process, 'spawn');
    console.log(Object.keys(before).every((key) => before[key] === after[key]));`,
    ['true'],
  );
});

seamTest('a child that runs is waited for after the end of the seam', async (t) => {
  await says(
    t,
    `api.install();
    const child = childProcess.spawn('sh', ['-c', 'read line; exit 3']);
    api.uninstall();
    child.on('close', (code) => console.log(code));
    child.stdin.end('go on\\n');`,
    ['3'],
  );
});

seamTest('a tool on top of ours keeps what it wraps', async (t) => {
  await says(
    t,
    `${WHOSE}${HANDLE}
    api.install();
    const { spawn } = Process;
    let count = 0;
    Process.spawn = function (...values) {
      count++;
      return spawn.apply(this, values);
    };
    console.log(whose(), count);
    api.uninstall();
    console.log(whose(), count, api.installed);
    console.log(api.install(), whose(), count);`,
    ['ours 1', "Node's 2 false", 'true ours 3'],
  );
});

seamTest('a tool that was there before is left alone', async (t) => {
  await says(
    t,
    `${WHOSE}${HANDLE}
    const { spawn } = Process;
    Process.spawn = function (...values) {
      return spawn.apply(this, values);
    };
    const theirs = Process.spawn;
    console.log(api.install(), api.installed, Process.spawn === theirs, whose());`,
    ["false false true Node's"],
  );
});

seamTest('a tool that puts Node’s own back has taken ours out', async (t) => {
  await says(
    t,
    `${WHOSE}${HANDLE}
    const { spawn } = Process;
    api.install();
    Process.spawn = spawn;
    console.log(api.installed, whose(), api.install(), whose());`,
    ["false Node's true ours"],
  );
});

seamTest('each thread has its own', async (t) => {
  await says(
    t,
    `const { Worker } = require('node:worker_threads');
    api.install();
    const text = 'const { installed } = require(${entry('dist/spawn.js').replaceAll('"', '\\"')}); console.log(installed)';
    new Worker(text, { eval: true }).on('exit', () => console.log(api.installed));`,
    ['false', 'true'],
  );
});

const PRELOADS = {
  '-r': { nodeArguments: ['-r', preload] },
  '--import': { nodeArguments: ['--import', preload] },
  NODE_OPTIONS: { env: { NODE_OPTIONS: `-r ${preload}` } },
};

for (const [name, options] of Object.entries(PRELOADS)) {
  seamTest(`the preload by ${name}`, async (t) => {
    await says(t, `${WHOSE} console.log(api.installed, whose())`, ['true ours'], options);
  });

  for (const variable of ['FAST_RESOLVE', 'FAST_RESOLVE_SPAWN']) {
    seamTest(`the preload by ${name} is turned off by ${variable}=0`, async (t) => {
      const env = { ...options.env, [variable]: '0' };
      await says(t, `${WHOSE} console.log(api.installed, whose())`, ["false Node's"], { ...options, env });
    });
  }
}

seamTest('the preload reaches children and threads by NODE_OPTIONS', async (t) => {
  const inner = `console.log(require(${entry('dist/spawn.js')}).installed)`;
  await says(
    t,
    `const { Worker } = require('node:worker_threads');
    console.log(childProcess.execFileSync(process.execPath, ['-e', ${JSON.stringify(inner)}]).toString().trim());
    new Worker(${JSON.stringify(inner)}, { eval: true });`,
    ['true', 'true'],
    PRELOADS.NODE_OPTIONS,
  );
});

seamTest('without the addon, everything is as it was', async (t) => {
  await says(t, `${WHOSE} console.log(api.install(), api.installed, whose())`, ["false false Node's"], {
    env: { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/to/be/found' },
  });
});

seamTest('with the permission model, Node decides', async (t) => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const nodeArguments = [flag, '--allow-fs-read=*', '--no-warnings', '-r', preload];
  const program = `
    try {
      console.log(api.installed, isOurs(childProcess.spawn('true')) ? 'ours' : "Node's");
    } catch (error) {
      console.log(api.installed, error.code);
    }`;
  const refused = await runText(program, { nodeArguments });
  t.is(refused.stdout, 'false ERR_ACCESS_DENIED\n', refused.stderr);
  const allowed = await runText(program, { nodeArguments: ['--allow-child-process', ...nodeArguments] });
  t.is(allowed.stdout, "false Node's\n", allowed.stderr);
});
