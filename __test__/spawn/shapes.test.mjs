// What Node's JavaScript asks of a handle is internal to Node: what is not known to the letter is Node's to understand.

import { createRequire } from 'node:module';
import test from 'ava';
import { runText, whereSeamIs } from './programs.mjs';

const require = createRequire(import.meta.url);
const { AT, FLAG } = require('../../lib/spawn/layout.js');
const { STDIO, readRequest } = require('../../lib/spawn/request.js');

/** The numbers of this Node, which it tells nobody; of those that have some. */
const major = Number.parseInt(process.versions.node, 10);
const FLAGS = major < 24 ? null : { detached: 1, windowsHide: 2, windowsVerbatimArguments: 4 };

const { Pipe, constants } = process.binding('pipe_wrap');
const pipe = { type: 'pipe', handle: new Pipe(constants.SOCKET) };
const known = { file: 'sh', args: ['sh', '-c', 'exit'], envPairs: ['A=b'], stdio: [pipe, { type: 'ignore' }] };
const asList = ({ file, args, cwd, envPairs, stdio, detached, uid, gid }) => [
  file,
  args,
  cwd,
  envPairs,
  stdio,
  detached ? FLAGS?.detached : 0,
  uid,
  gid,
];

/** What is read of a request, in the words of Node. */
const describe = (request) =>
  request && {
    strings: request.strings.split('\0'),
    flags: request.numbers[AT.FLAGS],
    counts: [AT.ARGUMENT_COUNT, AT.ENVIRONMENT_COUNT, AT.STDIO_COUNT].map((place) => request.numbers[place]),
    stdio: [...request.numbers.subarray(STDIO, STDIO + request.numbers[AT.STDIO_COUNT])],
  };

const KNOWN = {
  'pipes and nothing': [{}, {}],
  'a directory': [{ cwd: '/usr' }, { flags: FLAG.CWD, strings: ['sh', '/usr', 'sh', '-c', 'exit', 'A=b'] }],
  'an empty directory': [{ cwd: '' }, {}],
  detached: [{ detached: true }, { flags: FLAG.DETACHED }],
  'a user and a group': [{ uid: 0, gid: 5 }, { flags: FLAG.UID | FLAG.GID }],
  'neither of them': [{ uid: null, gid: undefined }, {}],
  descriptors: [
    {
      stdio: [
        { type: 'fd', fd: 0 },
        { type: 'inherit', fd: 7 },
        { type: 'wrap', handle: { fd: 9 } },
      ],
    },
    { stdio: [0, 7, 9], counts: [3, 1, 3] },
  ],
  'overlapped pipes': [{ stdio: [{ ...pipe, type: 'overlapped' }] }, { stdio: [-2], counts: [3, 1, 1] }],
  'no descriptors': [{ stdio: [] }, { stdio: [], counts: [3, 1, 0] }],
  'more descriptors than most have': [
    { stdio: Array.from({ length: 100 }, () => pipe) },
    { stdio: Array.from({ length: 100 }, () => -2), counts: [3, 1, 100] },
  ],
  'arguments that become strings': [
    { args: [1, null] },
    { strings: ['sh', '', '1', 'null', 'A=b'], counts: [2, 1, 2] },
  ],
};

const usual = { strings: ['sh', '', 'sh', '-c', 'exit', 'A=b'], flags: 0, counts: [3, 1, 2], stdio: [-2, -1] };

for (const [what, [changed, expected]] of Object.entries(KNOWN)) {
  test(`understood, in both forms: ${what}`, (t) => {
    const options = { ...known, ...changed };
    t.deepEqual(describe(readRequest([options])), { ...usual, ...expected });
    if (options.detached && FLAGS === null) return;
    t.deepEqual(describe(readRequest(asList(options))), { ...usual, ...expected });
  });
}

const UNKNOWN = {
  'no file': { file: undefined },
  'an empty file': { file: '' },
  'a file that is no string': { file: Buffer.from('sh') },
  'no arguments': { args: undefined },
  'arguments that are no list': { args: { 0: 'sh', length: 1 } },
  'an argument that can not be a string': { args: ['sh', Symbol('x')] },
  'no environment': { envPairs: undefined },
  'an environment that is no list': { envPairs: { A: 'b' } },
  'no stdio': { stdio: undefined },
  'stdio that is no list': { stdio: 'pipe' },
  'stdio of a new type': { stdio: [{ type: 'memory' }] },
  'stdio that is nothing': { stdio: [undefined] },
  'a pipe without a handle': { stdio: [{ type: 'pipe' }] },
  'a pipe whose handle is not Node’s': { stdio: [{ type: 'pipe', handle: { open() {} } }] },
  'a stream that has no descriptor': { stdio: [{ type: 'wrap', handle: {} }] },
  'a negative descriptor': { stdio: [{ type: 'fd', fd: -1 }] },
  'a descriptor that is no integer': { stdio: [{ type: 'fd', fd: 1.5 }] },
  'a user that is no integer': { uid: 'root' },
  'a group that is too large': { gid: 2 ** 31 },
};

for (const [what, changed] of Object.entries(UNKNOWN)) {
  test(`left to Node, in both forms: ${what}`, (t) => {
    const options = { ...known, ...changed };
    t.is(readRequest([options]), undefined);
    t.is(readRequest(asList(options)), undefined);
  });
}

test('left to Node: other forms', (t) => {
  const list = asList(known);
  for (const values of [
    [],
    [null],
    ['sh'],
    [known, 1],
    list.slice(0, 7),
    [...list, undefined],
    // A bit that no option is known to set.
    list.with(5, 1 << 10),
    list.with(5, 1 << 3),
    list.with(5, -1),
    list.with(5, 0.5),
    list.with(5, '0'),
    list.with(5, undefined),
  ]) {
    t.is(readRequest(values), undefined);
  }
});

test('options that this Node puts into a number', (t) => {
  if (FLAGS === null) {
    // There is no such form, so that there is nobody to say what a number means.
    t.is(readRequest(asList(known).with(5, 1)), undefined);
    return;
  }
  const { detached, windowsHide, windowsVerbatimArguments } = FLAGS;
  const read = (number) => readRequest(asList(known).with(5, number)).numbers[AT.FLAGS];
  t.is(read(windowsHide), 0);
  t.is(read(windowsHide | windowsVerbatimArguments), 0);
  t.is(read(detached), FLAG.DETACHED);
  t.is(read(detached | windowsHide | windowsVerbatimArguments), FLAG.DETACHED);
});

whereSeamIs(test)('what is left to Node gets there as it is', async (t) => {
  const { stdout, stderr } = await runText(`
    const Process = Object.getPrototypeOf(new childProcess.ChildProcess()._handle);
    const { spawn } = Process;
    const heard = [];
    // As Node's own function, as far as anybody can tell.
    Process.spawn = new Proxy(spawn, { apply: (_, handle, values) => heard.push([handle, ...values]) });
    console.log(api.install());
    const { _handle: handle } = new childProcess.ChildProcess();
    const values = ['a', { b: 1 }, 'c'];
    console.log(handle.spawn(...values), heard[0][0] === handle, values.every((value, index) => heard[0][index + 1] === value));
  `);
  t.is(stderr, '');
  t.is(stdout, 'true\n1 true true\n');
});
