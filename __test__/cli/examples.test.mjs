// What README.md and docs/cli.md show of the command is run.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { run, workIn } from './command.mjs';

const repository = path.resolve(import.meta.dirname, '../..');

/** A server that ends, for those who wait for it. */
const SERVER = `
  const server = require('node:http').createServer().listen(0);
  setTimeout(() => server.close(), 500);`;
const FILES = { 'app.js': SERVER, 'server.js': SERVER };

/** A request that is misspelt on purpose. */
const FAILS = /^explain lodsh /;

for (const document of ['README.md', 'docs/cli.md']) {
  const text = fs.readFileSync(path.join(repository, document), 'utf8');
  const lines = [...text.matchAll(/^\$ npx fast-resolve (.*?)(?: +#.*)?$/gm)].map(([, line]) => line);

  test(`${document} shows commands, bench and doctor first`, (t) => {
    t.true(lines.length >= 3);
    if (document !== 'README.md') return;
    t.regex(lines[0], /^bench .*app\.js$/);
    t.regex(lines[1], /^doctor .*app\.js$/);
    const before = text.slice(0, text.indexOf('npx fast-resolve bench'));
    t.true(before.split('\n').length < 8, 'it is the first thing');
  });

  for (const line of lines) {
    test.serial(`${document}: ${line}`, async (t) => {
      const directory = workIn(t, FILES);
      fs.mkdirSync(`${directory}/src`);
      fs.writeFileSync(`${directory}/src/main.js`, '');
      const { code, stderr } = await run(directory, line.split(' '));
      t.is(code, FAILS.test(line) ? 1 : 0, stderr);
    });
  }
}
