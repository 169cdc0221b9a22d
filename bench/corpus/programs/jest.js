// Runs jest's command line in this process on a project of one test.
const path = require('node:path');

const { run } = require('jest');

run(['--runInBand', '--no-cache', '--no-watchman', '--ci', '--rootDir', path.join(__dirname, 'fixtures', 'jest')]);
