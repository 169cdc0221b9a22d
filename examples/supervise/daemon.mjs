// A small service manager for one program:
//
//   node examples/supervise/daemon.mjs <log file> <program.js> [arguments]
//
// The program is started again when it crashes, and given up when it crashes for the sixth time within ten minutes: the
// exit code is 1 then. SIGTERM and SIGINT end it with grace. SIGHUP starts a fresh process and opens the log anew.

import { supervise } from 'fast-resolve/pool';

const [log, program, ...argv] = process.argv.slice(2);

const supervisor = supervise(program, {
  argv,
  stdout: { file: log },
  stderr: { file: log },
  restart: { when: 'on-failure', delay: 100, maxRestarts: 5, window: 10 * 60_000 },
  forwardSignals: ['SIGTERM', 'SIGINT'],
  stopTimeout: 10_000,
});

supervisor.on('start', ({ pid }) => console.log(`started ${pid}`));
supervisor.on('exit', ({ pid, exitCode, signal }) => console.log(`${pid} ended: ${signal ?? exitCode}`));
supervisor.on('restart', ({ reason, delay }) => console.log(`restart after ${reason}, in ${delay} ms`));
supervisor.on('stop', ({ reason }) => console.log(`stopped: ${reason}`));
supervisor.on('failed', (error) => {
  console.log(`failed: ${error.message}`);
  process.exitCode = 1;
});

process.on('SIGHUP', async () => {
  try {
    await supervisor.reload();
  } catch (error) {
    console.log(`not reloaded: ${error.message}`);
  }
});
