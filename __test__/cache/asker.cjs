'use strict';

// The program that these tests run in a process of its own: asks, and prints the answers and the numbers. It lies here or,
// where its place matters, is required by a file that lies in the tree.

const fs = require('node:fs');
const path = require('node:path');

const { requests = [], extension, stopAt, youngTree } = JSON.parse(process.env.ASKER_QUESTION);
if (extension !== undefined) require.extensions[extension] = require.extensions['.js'];

const library = require('../../index.js');

// Only here is it certain that a tree is young when it is looked at: how long a process takes to start is anybody's guess.
if (youngTree !== undefined) {
  const time = new Date();
  const names = ['', ...fs.readdirSync(youngTree, { recursive: true })];
  for (const name of names) fs.lutimesSync(path.join(youngTree, name), time, time);
}

const answers = requests.map(([request, fromDir]) => {
  try {
    return library.resolve(request, fromDir);
  } catch ({ code }) {
    return code;
  }
});
process.stdout.write(JSON.stringify({ answers, stats: library.stats() }));
if (stopAt === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
