// What a program without a pool has in its workers.
//
//   fork.cjs <the file with the task's function>
'use strict';

const run = require(process.argv[2]);

process.on('message', async ({ id, value }) => {
  process.send({ id, result: await run(value) });
});
