// Runs mocha's command line on one tiny test file.
const path = require('node:path');

process.argv.push(
  '--no-config',
  '--no-package',
  '--reporter',
  'tap',
  path.join(__dirname, 'fixtures', 'mocha', 'sum.js'),
);
require('mocha/bin/mocha.js');
