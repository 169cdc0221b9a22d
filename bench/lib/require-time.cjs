// Prints how many milliseconds `require('fast-resolve')` takes in this fresh process.
'use strict';

const path = require('node:path');

const repositoryRoot = path.resolve(__dirname, '..', '..');
const start = process.hrtime.bigint();
require(repositoryRoot);
const nanoseconds = process.hrtime.bigint() - start;
process.stdout.write(String(Number(nanoseconds) / 1e6));
