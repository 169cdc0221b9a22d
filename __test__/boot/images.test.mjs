// Programs that are part of Node's own binary, and heaps that Node starts from.

import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import test from 'ava';
import { runAs } from '../helpers/run.mjs';
import { ensureTools, tools } from './ensure_tools.mjs';
import { FILES, only, TOOLS, testBoot } from './programs.mjs';

const run = promisify(execFile);

/** Not the tests' own environment: a program of Node that is built is to be built by stock Node. */
const env = { PATH: process.env.PATH };

const SENTINEL = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

let directory;

test.before('a single executable is built', async (t) => {
  t.timeout(5 * 60_000);
  directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-')));
  await writeFile(
    path.join(directory, 'main.js'),
    `
      const { createRequire } = require('module');
      const { spawn } = require('child_process');
      for (let i = 0; i < 40; i++) require('path');
      const requireFile = createRequire(process.cwd() + '/any.js');
      for (let i = 0; i < 40; i++) requireFile.resolve('./dep');
      console.log(require('node:sea').isSea(), requireFile('./dep'), requireFile('package'));
      try {
        require('./dep');
      } catch (error) {
        console.log(error.code);
      }
      if (process.env.ASKS) console.log(requireFile(process.env.LIBRARY).stats().hook.state);
      spawn('true').on('close', (code) => console.log(code));
    `,
  );
  await writeFile(
    path.join(directory, 'config.json'),
    JSON.stringify({ main: 'main.js', output: 'blob', disableExperimentalSEAWarning: true }),
  );
  const options = { cwd: directory, env };
  await run(process.execPath, ['--experimental-sea-config', 'config.json'], options);
  await copyFile(process.execPath, path.join(directory, 'program'));
  ensureTools();
  const postject = path.join(tools, 'node_modules/postject/dist/cli.js');
  const line = [postject, 'program', 'NODE_SEA_BLOB', 'blob', '--sentinel-fuse', SENTINEL];
  await run(process.execPath, line, options);
});

test.after.always(() => rm(directory, { recursive: true, force: true }));

testBoot(test, [
  {
    title: 'a single executable application',
    files: {},
    // It is named when it is there.
    get execPath() {
      return path.join(directory, 'program');
    },
    nodeArguments: [],
    args: [],
    env: { NODE_OPTIONS: '<hook>' },
    stdout: ['true dep package', 'ERR_UNKNOWN_BUILTIN_MODULE', '0'],
  },
]);

test.serial('the hook is in place in a single executable application', async (t) => {
  const [register] = only('register at once');
  const { stdout, stderr } = await runAs(register, {
    files: FILES,
    execPath: path.join(directory, 'program'),
    nodeArguments: [],
    args: [],
    env: { NODE_OPTIONS: '<hook>', ASKS: '1' },
  });
  t.deepEqual(stdout.split('\n'), ['true dep package', 'ERR_UNKNOWN_BUILTIN_MODULE', 'answering', '0', ''], stderr);
});

/** Runs Node twice: `$0` is Node, and what is preloaded comes by NODE_OPTIONS or by name. */
const twice = (title, script, rest) => ({
  title,
  execPath: '/bin/sh',
  nodeArguments: ['-c', script, process.execPath, '<hook>'],
  args: [],
  preloads: only('register at once', 'spawn/register', 'both'),
  ...rest,
  files: { 'entry.js': ENTRY, 'app.js': APP, ...rest.files },
});

const ENTRY = `
  const { setDeserializeMainFunction } = require('v8').startupSnapshot;
  for (let i = 0; i < 40; i++) require('path');
  const state = { built: 'built' };
  setDeserializeMainFunction(() => {
    const { createRequire } = require('module');
    for (let i = 0; i < 40; i++) require('path');
    console.log(state.built, createRequire(process.cwd() + '/any.js')('./dep'));
  });
`;

/** A snapshot without a main function: the program that is named runs on it. */
const SETTING = `globalThis.built = 'built';`;
const APP = `${TOOLS} ask(40); console.log(globalThis.built, require('./dep'));`;

testBoot(test, [
  twice(
    'a heap that was built without a preload',
    '"$0" --snapshot-blob heap --build-snapshot entry.js && exec "$0" "$@" --snapshot-blob heap',
    {
      stdout: ['built dep'],
    },
  ),
  twice(
    'a program on a heap that was built without a preload',
    '"$0" --snapshot-blob heap --build-snapshot setting.js && exec "$0" "$@" --snapshot-blob heap app.js',
    {
      files: { 'setting.js': SETTING },
      stdout: ['built dep'],
    },
  ),
  twice(
    'a heap that is built and used with a preload',
    '"$0" "$@" --snapshot-blob heap --build-snapshot entry.js && exec "$0" "$@" --snapshot-blob heap',
    {
      stdout: ['built dep'],
    },
  ),
]);
