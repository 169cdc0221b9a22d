// A program under both preloads: it loads modules, and starts a worker and a command.

const assert = require('node:assert/strict');
const fastResolve = require('fast-resolve');
const { CommandPool, Pool } = require('fast-resolve/pool');

async function main() {
  require('./required.cjs');
  await import('./imported_under_hook.mjs');
  const { hook, misses } = fastResolve.stats();
  assert.equal(hook.state, 'answering', hook.reason);
  assert.ok(misses > 0, 'the core was asked');
  const pool = new Pool({ filename: require.resolve('./task.cjs'), maxWorkers: 1 });
  assert.equal(await pool.run(20), 21);
  await pool.close();
  const commands = new CommandPool();
  const { stdout } = await commands.run(process.execPath, ['-p', '6 * 7']);
  assert.equal(stdout.trim(), '42');
  await commands.close();
  console.log('all is well');
}

main();
