'use strict';

// The program that these tests run in a process of its own: asks, and prints the answers and the numbers. It lies here or,
// where its place matters, is required by a file that lies in the tree.

const { requests = [], extension, stopAt } = JSON.parse(process.env.ASKER_QUESTION);
if (extension !== undefined) require.extensions[extension] = require.extensions['.js'];

const library = require('../../index.js');

const answers = requests.map(([request, fromDir]) => {
  try {
    return library.resolve(request, fromDir);
  } catch ({ code }) {
    return code;
  }
});
process.stdout.write(JSON.stringify({ answers, stats: library.stats() }));
if (stopAt === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
