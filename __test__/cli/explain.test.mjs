// `fast-resolve explain`.

import test from 'ava';
import { run, workIn } from './command.mjs';

test('what is found', async (t) => {
  const directory = workIn(t, { 'a.js': '' });
  const { stdout, code } = await run(directory, ['explain', './a']);
  t.is(code, 0);
  t.is(
    stdout,
    `require('./a') in ${directory}
LOAD_PACKAGE_SELF ${directory}
  ${directory}/package.json  present
LOAD_AS_FILE ${directory}/a
  ${directory}/a     absent
  ${directory}/a.js  file
→ ${directory}/a.js
It holds as long as these are unchanged:
  directory ${directory}
  contents ${directory}/package.json
`,
  );
  const json = await run(directory, ['explain', './a.js', '--import', '--json', '--from', 'a.js']);
  t.like(JSON.parse(json.stdout), { kind: 'import', from: directory, answer: `file://${directory}/a.js` });
});

test('what is not', async (t) => {
  const directory = workIn(t, { 'server.js': '' });
  const { stdout, stderr, code } = await run(directory, ['explain', './sevrer']);
  t.is(code, 1);
  t.regex(stdout, /\nIs it server\.js\?\n$/);
  t.regex(stderr, /^fast-resolve explain: Cannot find module '\.\/sevrer'/);
});

test('without the addon, Node answers', async (t) => {
  const directory = workIn(t, { 'a.js': '' });
  const { stdout, code } = await run(directory, ['explain', './a'], {
    env: { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere' },
  });
  t.is(code, 0);
  t.is(stdout, `require('./a') in ${directory}\nNode has the last word: the addon is missing.\n→ ${directory}/a.js\n`);
});
