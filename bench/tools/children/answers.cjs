// Prints what oxc-resolver answers to each of some questions: a path, or null.
//
//   node answers.cjs <job>
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createResolver } = require('./resolvers.cjs');

const { options, calls } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const resolver = createResolver('oxc-resolver', options);
const answers = calls.map(([request, filename]) => resolver.sync(path.dirname(filename), request).path ?? null);
process.stdout.write(JSON.stringify(answers));
