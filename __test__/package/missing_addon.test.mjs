// Where the addon can't be loaded, or is another version's: what is said, once, and that Node resolves and starts children.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { copyPackage } from '../helpers/package-copy.mjs';
import { findAddon, manifest } from '../helpers/packed-package.mjs';
import { treeFor } from '../helpers/tree.mjs';

const addonName = path.basename(findAddon());
const packageName = addonName.replace('.node', '').replace('.', '-');
const testOnGlibc = addonName.startsWith('fast-resolve.linux') && addonName.includes('gnu') ? test : test.skip;
const testOnLinux = process.platform === 'linux' ? test : test.skip;

/** Asks the hook and the seam, and says what it got and which warnings there were. */
const PROGRAM = `
  const { spawn } = require('node:child_process');
  const warnings = [];
  process.on('warning', ({ code, message }) => warnings.push({ code, message }));
  const found = require.resolve('dep').replace(__dirname, '');
  spawn(process.execPath, ['-e', 'process.exit(3)'], { env: {} }).on('exit', (status) => {
    const { installed } = require('fast-resolve');
    console.log(JSON.stringify({ found, status, installed, warnings }));
  });
`;

/** A project that has the package, without its addon; `place` puts addons where they are to be. */
async function createProject(t, place = () => {}) {
  const root = treeFor(t, {
    'app.js': PROGRAM,
    'node_modules/dep/index.js': '',
    'windows.cjs': `Object.defineProperty(process, 'platform', { value: 'win32' });`,
  });
  await copyPackage(`${root}/node_modules/fast-resolve`, 'missing');
  place(root);
  return root;
}

const PRELOADS = ['-r', 'fast-resolve/register', '-r', 'fast-resolve/spawn/register'];

function run(root, { preloads = PRELOADS, env = {} } = {}) {
  const text = execFileSync(process.execPath, ['--no-warnings', ...preloads, 'app.js'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: root, FAST_RESOLVE_CACHE: '0', FAST_RESOLVE_WAIT: '0', ...env },
  });
  return JSON.parse(text);
}

/** Puts an addon, changed or not, into its own package. */
const placing =
  (change = (bytes) => bytes, folder = 'node_modules') =>
  (root) => {
    const directory = path.join(root, folder, packageName);
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(directory, addonName), change(fs.readFileSync(findAddon())));
  };

/** Exchanges a text for one of the same length wherever it stands. */
const exchanging = (text, other) => (bytes) => {
  if (text.length !== other.length) throw new Error('the texts differ in length');
  const parts = bytes.toString('latin1').split(text);
  if (parts.length === 1) throw new Error(`${text} is not there`);
  return Buffer.from(parts.join(other), 'latin1');
};

const OTHER_VERSION = manifest.version.replace(/\d/, '9');
const otherVersion = exchanging(manifest.version, OTHER_VERSION);

/** Node has answered, and it was said once why. */
function onlyNode(t, { found, status, installed, warnings }) {
  t.deepEqual({ found, status, installed }, { found: '/node_modules/dep/index.js', status: 3, installed: false });
  t.deepEqual(
    warnings.map(({ code }) => code),
    ['FAST_RESOLVE_ADDON_UNAVAILABLE'],
  );
  return warnings[0].message;
}

test('the addon is in its package: it is loaded, and nothing is said', async (t) => {
  const root = await createProject(t, placing());
  t.deepEqual(run(root), { found: '/node_modules/dep/index.js', status: 3, installed: true, warnings: [] });
});

for (const preloads of [PRELOADS, PRELOADS.slice(2), [...PRELOADS.slice(2), ...PRELOADS.slice(0, 2)]]) {
  const testHere = preloads.length === 2 ? testOnLinux : test;
  testHere(`its package is not installed: what may have left it out (${preloads.join(' ')})`, async (t) => {
    const root = await createProject(t);
    const message = onlyNode(t, run(root, { preloads }));
    t.true(message.includes(packageName), message);
    t.regex(
      message,
      /It is not installed: the cause may be --no-optional or --omit=optional, a lock file .*, or .* tarball of `npm pack`/,
    );
    t.true(message.includes(`\n- ${root}/node_modules/${packageName}/${addonName}: not there`), message);
    t.true(message.includes(`\n- ${root}/node_modules/fast-resolve/${addonName}: not there`), message);
  });
}

test('its file is broken: what the loader of the system says comes first', async (t) => {
  const root = await createProject(
    t,
    placing(() => Buffer.from('not an addon')),
  );
  const message = onlyNode(t, run(root));
  const said = spawnSync(
    process.execPath,
    ['-e', `process.dlopen({ exports: {} }, './node_modules/${packageName}/${addonName}')`],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const [, reason] = /^Error: (?:.*\.node: )?(.*)$/m.exec(said.stderr);
  t.true(message.includes(`Tried:\n- ${root}/node_modules/${packageName}/${addonName}: ${reason}`), message);
  t.false(message.includes('It is not installed'));
});

testOnGlibc('glibc is too old', async (t) => {
  const [newest] = execFileSync('strings', [findAddon()], { encoding: 'latin1' })
    .match(/^GLIBC_2\.\d\d$/gm)
    .sort()
    .reverse();
  const root = await createProject(t, placing(exchanging(newest, 'GLIBC_9.99')));
  t.regex(onlyNode(t, run(root)), /Tried:\n- .*version `GLIBC_9\.99' not found/);
});

testOnGlibc('it is for another C library, which is not there', async (t) => {
  const root = await createProject(t, placing(exchanging('libc.so.6', 'musl.so.6')));
  const message = onlyNode(t, run(root));
  const file = `${root}/node_modules/${packageName}/${addonName}`;
  t.true(message.includes(`Tried:\n- ${file}: musl.so.6: cannot open shared object file`), message);
  t.false(message.includes('It is not installed'));
});

test('it is of another version: refused, with both versions', async (t) => {
  const root = await createProject(t, placing(otherVersion));
  const message = onlyNode(t, run(root));
  t.true(message.includes(`${addonName}: it is of version ${OTHER_VERSION}, and this is ${manifest.version}`), message);
});

test('one of another version is passed over for the right one, further up', async (t) => {
  const root = await createProject(t, (project) => {
    placing(otherVersion, 'node_modules/fast-resolve/node_modules')(project);
    placing()(project);
  });
  t.deepEqual(run(root), { found: '/node_modules/dep/index.js', status: 3, installed: true, warnings: [] });
  fs.writeFileSync(
    `${root}/app.js`,
    `console.log(JSON.stringify(require.cache[require.resolve('fast-resolve/register')].exports.parts.addon.native.VERSION));`,
  );
  t.is(run(root), manifest.version);
});

test('one of another version is refused where the environment names it', async (t) => {
  const root = await createProject(t, placing(otherVersion));
  const file = `${root}/node_modules/${packageName}/${addonName}`;
  const message = onlyNode(t, run(root, { env: { NAPI_RS_NATIVE_LIBRARY_PATH: file } }));
  const tried = `Tried:\n- ${file}: it is of version ${OTHER_VERSION}, and this is ${manifest.version}\n`;
  t.true(message.includes(tried), message);
});

test('what needs the addon throws an error that says the same', async (t) => {
  const root = await createProject(t, placing(otherVersion));
  fs.writeFileSync(
    `${root}/app.js`,
    `try {
      require('fast-resolve').createResolver({ extensions: ['.js'] });
    } catch ({ code, message }) {
      console.log(JSON.stringify({ code, message }));
    }`,
  );
  const { code, message } = run(root, { preloads: [] });
  t.is(code, 'FAST_RESOLVE_ADDON_UNAVAILABLE');
  t.true(message.includes(`it is of version ${OTHER_VERSION}`));
});

/** What Node does in the addon's place. An older Node can't be asked what an import leads to: then there is an error, and no warning. */
const CALLS = {
  resolve: "fastResolve.resolve('dep', __dirname)",
  resolveImport:
    "{ try { fastResolve.resolveImport('dep', __filename) } catch { fastResolve.resolve('dep', __dirname) } }",
  'a resolver that believes': "fastResolve.createResolver({ believe: 'until-invalidated' }).resolve('dep', __dirname)",
  install: 'fastResolve.install()',
};

/** A program that prints the codes of the warnings that it has heard. */
const listening = (calls) => `
  const fastResolve = require('fast-resolve');
  const codes = [];
  process.on('warning', ({ code }) => codes.push(code));
  ${calls};
  setImmediate(() => console.log(JSON.stringify(codes)));
`;

for (const [name, call] of Object.entries(CALLS)) {
  test(`Node stands in for ${name}: it is said once why`, async (t) => {
    const root = await createProject(t);
    fs.writeFileSync(`${root}/app.js`, listening(call));
    t.deepEqual(run(root, { preloads: [] }), ['FAST_RESOLVE_ADDON_UNAVAILABLE']);
  });
}

test('it is said once for all of them and the preloads, and not to those who do not miss it', async (t) => {
  const root = await createProject(t);
  fs.writeFileSync(`${root}/app.js`, listening([...Object.values(CALLS), CALLS.resolve].join('; ')));
  t.deepEqual(run(root, { preloads: [] }), ['FAST_RESOLVE_ADDON_UNAVAILABLE']);
  t.deepEqual(run(root), ['FAST_RESOLVE_ADDON_UNAVAILABLE']);
  t.deepEqual(run(root, { preloads: ['--no-addons'] }), []);
  t.deepEqual(run(root, { preloads: ['-r', './windows.cjs'] }), []);
});

test('nothing is said where nothing was to be had of it: numbers, pools, and a preload that waits', async (t) => {
  const root = await createProject(t);
  const calls = `
    fastResolve.stats();
    const { CommandPool, Pool } = require('fast-resolve/pool');
    const commands = new CommandPool();
    const pool = new Pool({ filename: require.resolve('dep'), maxWorkers: 1 });
    pool.close().then(() => commands.close())`;
  fs.writeFileSync(`${root}/app.js`, listening(calls));
  t.deepEqual(run(root, { preloads: [] }), []);
  fs.writeFileSync(`${root}/app.js`, "require('dep'); console.log('[]');");
  t.deepEqual(run(root, { preloads: PRELOADS.slice(0, 2), env: { FAST_RESOLVE_WAIT: '32' } }), []);
});

test('on Windows, which has none, nobody misses it', async (t) => {
  const root = await createProject(t);
  const { installed, warnings } = run(root, { preloads: ['-r', './windows.cjs', ...PRELOADS] });
  t.deepEqual({ installed, warnings }, { installed: false, warnings: [] });
});
