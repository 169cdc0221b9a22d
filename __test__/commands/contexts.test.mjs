// The asynchronous contexts (AsyncLocalStorage) of what a pool calls: never that of another call.

import test from 'ava';
import { testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';

testEngines(
  test,
  'listeners and streams are called in the context of the pool, and that of a call is forgotten',
  async (t, _, engine) => {
    const { stdout, stderr } = await runProgram('contexts.cjs', { engine });
    t.is(stderr, '');
    const { seen, after, isForgotten } = JSON.parse(stdout);
    const ofThePool = ['the pool'];
    t.deepEqual(seen, {
      drain: ofThePool,
      'a command that starts at once': ofThePool,
      'a command that starts at once, its end': ofThePool,
      'a command that waited': ofThePool,
      'a command that waited, its end': ofThePool,
      'a command that reads little': ofThePool,
      'a command that reads little, its end': ofThePool,
      'a command that never starts, its end': ofThePool,
    });
    t.is(after, 'here', 'who waits for a promise keeps his own');
    // How long Node's own children keep what they were started in is up to Node.
    if (engine === 'core') t.true(isForgotten);
  },
);
