// How a command starts a program: Node's options before it, and when its start is over.

import fs from 'node:fs';
import test from 'ava';
import { run, workIn } from './command.mjs';

const NOTE = `
  const { execArgv, argv, env } = process;
  require('node:fs').appendFileSync(__dirname + '/notes', JSON.stringify({
    options: execArgv.filter((text) => text !== '-r' && !text.endsWith('/register.js')),
    args: argv.slice(2),
    left: [env.NODE_OPTIONS, env.FAST_RESOLVE_UNTIL, env.FAST_RESOLVE_PROBE],
  }) + '\\n');`;

/** What the starts of a program have noted, each kind once. */
const notesIn = (directory) =>
  [...new Set(fs.readFileSync(`${directory}/notes`, 'utf8').trim().split('\n'))].map(JSON.parse);

const COMMANDS = [['bench', '--runs', '1'], ['precompile'], ['doctor', '--runs', '1']];

for (const command of COMMANDS) {
  test(`${command[0]}: Node's options are Node's, and the program's arguments the program's`, async (t) => {
    const directory = workIn(t, { 'note.js': NOTE, 'before.js': '' });
    const options = ['--conditions', 'x', '--stack-size=900', '-r', './before.js'];
    const args = [...command, ...options, '--until', 'listening', 'note.js', '-x', '--timeout=50', '--', '--json'];
    const { code, stderr } = await run(directory, args);
    t.is(code, 0, stderr);
    const own = { options: options.filter((text) => text !== '-r'), args: ['-x', '--json'], left: [null, null, null] };
    t.deepEqual(notesIn(directory), [own]);
  });

  const MOMENTS = {
    listening: `require('node:net').createServer().listen(0);`,
    message: `if (process.send) process.send('ready');`,
    ready: `process.emit('ready', 1);`,
    beforeExit: `process.once('beforeExit', () => setInterval(() => {}, 1e6));`,
  };
  test(`${command[0]}: until a moment that comes`, async (t) => {
    for (const [moment, program] of Object.entries(MOMENTS)) {
      // What comes later is not run any more.
      const later = moment === 'beforeExit' ? '' : 'setInterval(() => {}, 1e6);';
      const directory = workIn(t, { 'program.js': `${NOTE}\nsetImmediate(() => { ${program} });\n${later}` });
      const { code, stderr } = await run(directory, [...command, '--until', moment, 'program.js']);
      t.is(code, 0, `${moment}: ${stderr}`);
      t.deepEqual(notesIn(directory), [{ options: [], args: [], left: [null, null, null] }]);
    }
  });

  test(`${command[0]}: until a moment that does not come`, async (t) => {
    const directory = workIn(t, { 'wait.js': 'setInterval(() => {}, 1e6);' });
    const { code, stdout, stderr } = await run(directory, [
      ...command,
      '--timeout',
      '1',
      '--until',
      'reday',
      'wait.js',
    ]);
    t.deepEqual([code, stdout], [1, '']);
    t.regex(stderr, /wait\.js has not come to `reday` after 1 s, and has not ended\n$/);
  });

  test(`${command[0]}: a program that throws, kills itself, or does not end`, async (t) => {
    const directory = workIn(t, {
      'throws.js': `throw new Error('on purpose');`,
      'throws.mjs': `await null; throw new Error('on purpose');`,
      'kills.js': `process.kill(process.pid, 'SIGKILL');`,
      'leaves.js': 'process.exit(3);',
      'waits.js': 'setInterval(() => {}, 1e6);',
    });
    const fails = async (args, message) => {
      const { code, stdout, stderr } = await run(directory, [...command, ...args]);
      t.deepEqual([code, stdout], [1, '']);
      t.regex(stderr, message);
    };
    await fails(['throws.js'], /throws\.js ended with exit code 1:\n[\s\S]*Error: on purpose/);
    await fails(['throws.mjs'], /throws\.mjs ended with exit code 1:\n[\s\S]*Error: on purpose/);
    await fails(['kills.js'], /kills\.js was ended by SIGKILL\n$/);
    await fails(['leaves.js'], /leaves\.js ended with exit code 3\n$/);
    await fails(
      ['--timeout', '1', 'waits.js'],
      /waits\.js has not ended after 1 s; --until says when its start is over\n$/,
    );
    t.deepEqual(fs.readdirSync(`${directory}/tmp`), []);
  });
}
