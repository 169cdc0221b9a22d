// Runs a small program in child processes, without the hook and with it, and holds both runs against each other.

import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { removeTree, writeTree } from './tree.mjs';

export const nodeMajor = Number.parseInt(process.versions.node, 10);

const repository = realpathSync(path.resolve(import.meta.dirname, '../..'));
const witness = path.join(repository, '__test__/hook/fixtures/witness.cjs');

// The kinds of run, by what is preloaded, and by how many requests Node answers before the hook comes in.
const register = [path.join(repository, 'dist/register.js')];
const stock = { preloaded: [], wait: '0' };
const hooked = { preloaded: register, wait: '0' };
const waiting = { preloaded: register, wait: '2' };

/**
 * Runs a program once. `kind` says what is preloaded (`<root>` may stand in these files) and how many requests Node answers before
 * the hook comes in (undefined: as many as usual).
 */
export const runAs = async (kind, program) => {
  const root = writeTree(program.files);
  try {
    return await runIn(root, kind, program);
  } finally {
    removeTree(root);
  }
};

/** As {@link runAs}, in the program's tree, which is there and stays. */
export const runIn = async (root, kind, program) => {
  await program.prepare?.(root);
  const witnessFile = path.join(root, '.witness');
  const result = await execute(commandLine(kind, root, program), {
    file: fillIn(program.execPath ?? process.execPath, root),
    cwd: path.join(root, program.cwd ?? ''),
    env: environment(kind, root, witnessFile, program),
    input: program.input ?? '',
  });
  return {
    exitCode: result.exitCode,
    stdout: normalise(result.stdout, root),
    stderr: normalise(result.stderr, root),
    witnesses: await readLines(witnessFile),
  };
};

// `<witness>` and `<hook>` stand for what is preloaded, `<root>` for the program's directory.
const commandLine = (kind, root, program) => {
  const { nodeArguments = ['<witness>', '<hook>'], args = ['app.js'] } = program;
  return [...nodeArguments, ...args]
    .flatMap((argument) => preloads(kind)[argument] ?? [argument])
    .map((argument) => fillIn(argument, root));
};

const preloads = ({ preloaded }) => ({
  '<witness>': ['-r', witness],
  '<hook>': preloaded.flatMap((file) => ['-r', file]),
});

const environment = ({ preloaded, wait }, root, witnessFile, program) => {
  const hookInNodeOptions = preloaded.map((file) => `-r ${JSON.stringify(file)}`).join(' ');
  const given = Object.entries({ FAST_RESOLVE_WAIT: wait, ...program.env }).filter(([, value]) => value !== undefined);
  const own = given.map(([name, value]) => [
    name,
    fillIn(
      value.replaceAll('<witness>', `-r ${JSON.stringify(witness)}`).replaceAll('<hook>', hookInNodeOptions),
      root,
    ),
  ]);
  return {
    PATH: process.env.PATH,
    HOME: path.join(root, 'home'),
    LIBRARY: repository,
    WITNESS_FILE: witnessFile,
    ...Object.fromEntries(own),
  };
};

const fillIn = (text, root) => text.replaceAll('<root>', root).replaceAll('<repository>', repository);

const execute = (args, { file, cwd, env, input }) =>
  new Promise((resolve) => {
    const options = { cwd, env, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      resolve({ exitCode: error ? (error.code ?? error.signal) : 0, stdout, stderr });
    });
    // A program that ends before it reads everything makes this end of the pipe fail; its exit code tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });

/**
 * Where a resolve hook is in place, Node's loader calls it by other functions than it calls its own; and a turn that `process.nextTick`
 * closes runs what was awaited in it from there. Where the hook waits for the first import, it is told of that by a diagnostics channel.
 */
const HOOKS_FRAME =
  /\(?node:(?:diagnostics_channel|internal\/(?:modules\/customization_hooks|modules\/esm\/loader|process\/task_queues)):/;

// What must differ between any two runs: the program's directory, the process id, and the hook's own stack frames. V8
// names a frame by the property that holds its function: Node's own has lost its name where another is in its place.
const normalise = (text, root) =>
  text
    .replaceAll(root, '<root>')
    .replaceAll(/\(node:\d+\)/g, '(node:<pid>)')
    .replaceAll(
      /at (?:Function|Module)\.<anonymous> \((?=node:internal\/modules\/cjs\/loader:)/g,
      'at Module._resolveFilename (',
    )
    .replaceAll('at Function._resolveFilename (', 'at Module._resolveFilename (')
    // The properties of an error begin behind the last frame, whichever that is.
    .replaceAll(/^(\s+at .*) \{$/gm, '$1')
    .split('\n')
    .filter((line) => !(/^\s+at /.test(line) && (line.includes(`${repository}/`) || HOOKS_FRAME.test(line))))
    .join('\n');

const readLines = async (file) => {
  try {
    const text = await readFile(file, 'utf8');
    return text.trimEnd().split('\n');
  } catch (error) {
    if (error.code === 'ENOENT') {
      return [];
    }
    throw error;
  }
};

/**
 * Runs a program as stock Node, with the hook, and with a hook that comes in late; answers these runs.
 *
 * A program is data:
 * - `files` as for a tree, and `prepare(root)` for what such data can't say;
 * - `nodeArguments`, `args`, `env`, `input`, `cwd`, `execPath`: how it is run;
 * - `stdout` (lines), `stderr` (a pattern for each thing that must be there; none: empty), `exitCode`: what it does;
 * - `hookedStdout`: where Node repeats what it found earlier in the process, and the core looks again, what a fresh Node
 *   finds (docs/differences.md);
 * - `hookedStderr`: the same for the run with the hook, where that is documented to write more than stock Node;
 * - `witnesses`: what stands in Node's place at the end of each process and thread (null where that can't be recorded).
 */
const runBoth = async (program) => ({
  stock: await runAs(stock, program),
  hooked: await runAs(hooked, program),
  waiting: await runAs(waiting, program),
});

const checkProgram = async (t, program) => {
  const runs = await runBoth(program);
  checkRun(t, 'stock', runs.stock, program);
  const { hookedStdout = program.stdout, hookedStderr = program.stderr } = program;
  checkRun(t, 'hooked', runs.hooked, { ...program, stdout: hookedStdout, stderr: hookedStderr });
  if (!program.hookedStderr) {
    t.is(runs.hooked.stderr, runs.stock.stderr, 'both runs write the same to standard error');
  }
  // A hook that comes in late finds what Node has remembered until then: it may say what either of the others says.
  const late = runs.waiting.stdout === runs.stock.stdout ? program.stdout : hookedStdout;
  checkRun(t, 'waiting', runs.waiting, { ...program, stdout: late, stderr: hookedStderr });
  // A run that never had the hook proves nothing.
  const { stock: stockWitnesses = ['original'], hooked: hookedWitnesses = ['replaced'] } = program.witnesses ?? {};
  if (program.witnesses !== null) {
    t.deepEqual(runs.stock.witnesses, stockWitnesses, 'at the end of each process and thread, stock');
    t.deepEqual(runs.hooked.witnesses, hookedWitnesses, 'at the end of each process and thread, hooked');
  }
};

const checkRun = (t, name, run, { stdout, stderr = [], exitCode = 0 }) => {
  t.deepEqual(run.stdout.split('\n').slice(0, -1), stdout, `standard output, ${name}; standard error: ${run.stderr}`);
  t.is(run.exitCode, exitCode, `exit code, ${name}; standard error: ${run.stderr}`);
  for (const expected of stderr) {
    t.regex(run.stderr, expected, `standard error, ${name}`);
  }
  if (stderr.length === 0) {
    t.is(run.stderr, '', `standard error, ${name}`);
  }
};

const checkLibraryProgram = async (t, program) => {
  const run = await runAs(hooked, { nodeArguments: [], ...program });
  checkRun(t, 'with the library', run, program);
};

// One child process at a time is enough for the machine, hence serial. What can't run here is reported by its name.
const registerTests = (test, programs, check) => {
  for (const program of programs) {
    if (program.needs && !program.needs.met) {
      test.skip(`${program.title} (needs ${program.needs.reason})`, check, program);
    } else {
      test.serial(program.title, check, program);
    }
  }
};

/**
 * Registers a test for each program that must do the same with the hook as without it.
 */
export const testPrograms = (test, programs) => registerTests(test, programs, checkProgram);

/**
 * Registers a test for each program that uses the library itself (`process.env.LIBRARY`) and can't run without it.
 */
export const testLibraryPrograms = (test, programs) => registerTests(test, programs, checkLibraryProgram);
