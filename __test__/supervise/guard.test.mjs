// The shell that ends process groups when this process is gone.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { until } from '../helpers/survivors.mjs';
import { next } from './supervised.mjs';

const require = createRequire(import.meta.url);
const { isCoreUsable } = require('../../lib/commands/engine.js');
const library = path.resolve(import.meta.dirname, '../../lib/shared/guard.js');
const { Guard } = require(library);
const needsPosix = process.platform === 'win32' ? test.skip : test;

/** A process in a group of its own that ignores what could be ignored. */
async function startGroup(t) {
  const child = spawn('/bin/sh', ['-c', "trap '' TERM INT HUP; echo here; read -r line"], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const exited = once(child, 'exit');
  t.teardown(() => child.kill('SIGKILL'));
  await next(child.stdout, 'data');
  return { pid: child.pid, exited, end: () => child.stdin.end() };
}

/** A program that has a guard, is told what to do with it, and says when that has been done and the guard still lives. */
async function startProgram(t) {
  const text = `
    const childProcess = require('node:child_process');
    const { spawn } = childProcess;
    const shells = [];
    childProcess.spawn = (...args) => {
      const shell = spawn(...args);
      shells.push(shell);
      return shell;
    };
    const { Guard } = require(${JSON.stringify(library)});
    const guard = new Guard();
    process.on('message', async ({ deed, argument, waitFor }) => {
      if (deed === 'signal') process.kill(-shells.at(-1).pid, argument);
      else guard[deed](argument);
      if (waitFor) await new Promise((resolve) => shells.at(-1).once(waitFor, resolve));
      process.send({ shells: shells.length, pid: shells.at(-1).pid });
    });
    process.send('here');
  `;
  const program = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  t.teardown(() => program.kill('SIGKILL'));
  await next(program, 'message');
  const tell = (deed, argument, waitFor) => {
    program.send({ deed, argument, waitFor });
    return next(program, 'message');
  };
  return { program, tell };
}

function isIgnoring(pid, signal) {
  const [, ignored] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'));
  return (BigInt(`0x${ignored}`) & (1n << BigInt(signal - 1))) !== 0n;
}

needsPosix('the groups it was told of go with the process', async (t) => {
  const [kept, removed] = [await startGroup(t), await startGroup(t)];
  const { program, tell } = await startProgram(t);
  await tell('start');
  await tell('add', removed.pid);
  await tell('add', kept.pid);
  await tell('remove', removed.pid);
  program.kill('SIGKILL');
  t.deepEqual(await kept.exited, [null, 'SIGKILL']);
  // The groups are ended one after the other: had it been in the list, it would have gone first.
  removed.end();
  t.deepEqual(await removed.exited, [1, null]);
});

needsPosix('signals that reach everybody do not end it', async (t) => {
  const group = await startGroup(t);
  const { program, tell } = await startProgram(t);
  await tell('start');
  await tell('add', group.pid);
  const { pid } = await tell('start');
  // Before it is a program of its own, and has said so, it can be ended like any other.
  await until(() => process.platform !== 'linux' || isIgnoring(pid, constants.signals.SIGTERM), 'it ignores signals');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) await tell('signal', signal);
  program.kill('SIGKILL');
  t.deepEqual(await group.exited, [null, 'SIGKILL']);
});

needsPosix('one that was killed is replaced, and knows what it has to', async (t) => {
  const group = await startGroup(t);
  const { program, tell } = await startProgram(t);
  await tell('start');
  await tell('add', group.pid);
  t.is((await tell('signal', 'SIGKILL', 'exit')).shells, 2);
  program.kill('SIGKILL');
  t.deepEqual(await group.exited, [null, 'SIGKILL']);
});

needsPosix('it ends when there is nothing to watch over', async (t) => {
  const { program, tell } = await startProgram(t);
  await tell('start');
  t.is((await tell('start')).shells, 1);
  t.is((await tell('end', undefined, 'exit')).shells, 1);
  t.is((await tell('start')).shells, 2);
  program.disconnect();
  t.deepEqual(await once(program, 'exit'), [0, null], 'it keeps no program alive');
});

needsPosix('where there is no shell, a warning says what that means', async (t) => {
  const text = `
    const childProcess = require('node:child_process');
    const { spawn } = childProcess;
    childProcess.spawn = (command, ...others) => spawn('/nowhere' + command, ...others);
    const { Guard } = require(${JSON.stringify(library)});
    const guard = new Guard();
    guard.start();
    guard.add(1);
    guard.remove(1);
    guard.end();
  `;
  const program = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'ignore', 'pipe'] });
  const stderr = Buffer.concat(await program.stderr.toArray()).toString();
  t.regex(stderr, /Warning: \/bin\/sh can't watch over processes.*ENOENT/);
});

needsPosix('a guard that was never started does nothing', (t) => {
  const guard = new Guard();
  t.notThrows(() => {
    guard.add(1);
    guard.remove(1);
    guard.end();
  });
});

const needsCore = isCoreUsable() ? test : test.skip;

needsCore('none is left of a thread that was terminated', async (t) => {
  const supervised = path.resolve(import.meta.dirname, 'fixtures/idle.cjs');
  const pool = path.resolve(import.meta.dirname, '../../dist/pool.js');
  const thread = `
    const { supervise } = require(${JSON.stringify(pool)});
    const { parentPort } = require('node:worker_threads');
    supervise(${JSON.stringify(supervised)}, { ready: 'message' }).whenReady().then(() => parentPort.postMessage('ready'));
  `;
  const text = `
    const { Worker } = require('node:worker_threads');
    const { once } = require('node:events');
    (async () => {
      for (let count = 0; count < 3; count++) {
        const worker = new Worker(${JSON.stringify(thread)}, { eval: true, execArgv: [] });
        await once(worker, 'message');
        await worker.terminate();
      }
      process.send('terminated');
    })();
    process.on('message', () => process.exit());
  `;
  const program = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  t.teardown(() => program.kill('SIGKILL'));
  await next(program, 'message');
  const children = () =>
    fs
      .readdirSync(`/proc/${program.pid}/task`)
      .flatMap((id) => fs.readFileSync(`/proc/${program.pid}/task/${id}/children`, 'latin1').split(' '))
      .filter((pid) => pid !== '');
  await until(() => children().length === 0, 'all of them are waited for');
  t.pass();
});
