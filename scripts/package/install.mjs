// Installs the tarballs as users do, by each package manager into a project of its own, and uses what is there: without Rust, and
// without anything of this checkout on the way.

import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../paths.mjs';

const tools = path.join(root, 'tools/pack/node_modules');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

/**
 * How each is called, relative to a project. `configure` writes what it reads there. `libc`: whether it goes by that; who does not
 * installs the addons for all C libraries.
 */
const MANAGERS = [
  {
    name: 'npm',
    goesByLibc: true,
    command: (spec) => ['npm', 'install', spec, '--no-audit', '--no-fund', '--loglevel=error'],
  },
  {
    name: 'pnpm',
    goesByLibc: true,
    command: (spec) => [path.join(tools, 'pnpm/bin/pnpm.cjs'), 'add', spec, '--reporter=silent'],
  },
  {
    name: 'yarn 1',
    goesByLibc: false,
    command: (spec) => [path.join(tools, 'yarn/bin/yarn.js'), 'add', spec, '--silent', '--no-progress'],
  },
  {
    name: 'yarn 4',
    goesByLibc: true,
    command: (spec) => [path.join(tools, '@yarnpkg/cli-dist/bin/yarn.js'), 'add', spec],
  },
];

/** For all of them: the registry, and folders of the project for what they keep. */
const CONFIGURATION = (registry) => ({
  '.npmrc': `registry=${registry}\ncache=\${HOME}/cache\nstore-dir=\${HOME}/store\nupdate-notifier=false\n`,
  '.yarnrc': `registry "${registry}"\ncache-folder "./cache"\ndisable-self-update-check true\n`,
  '.yarnrc.yml': [
    `npmRegistryServer: "${registry}"`,
    'unsafeHttpWhitelist: ["127.0.0.1"]',
    'nodeLinker: node-modules',
    'enableGlobalCache: false',
    'enableTelemetry: false',
    '',
  ].join('\n'),
});

const MODULES = {
  node16: { module: 'node16', files: ['usage.cts', 'usage.mts'] },
  nodenext: { module: 'nodenext', files: ['usage.cts', 'usage.mts'] },
  bundler: { module: 'esnext', files: ['usage.mts'] },
};

/** A directory with the only commands that can be found: Node, npm and a shell. */
function makeBin(directory) {
  const npm = process.env.PATH.split(path.delimiter)
    .map((folder) => path.join(folder, 'npm'))
    .find((file) => spawnSync(file, ['--version']).status === 0);
  if (npm === undefined) throw new Error('npm was not found');
  mkdirSync(directory);
  for (const [name, file] of Object.entries({ node: process.execPath, npm: realpathSync(npm), sh: '/bin/sh' })) {
    symlinkSync(file, path.join(directory, name));
  }
  for (const compilerOfRust of ['cargo', 'rustc', 'cc']) {
    const { error } = spawnSync(compilerOfRust, ['--version'], { env: { PATH: directory } });
    if (error?.code !== 'ENOENT') throw new Error(`${compilerOfRust} can be found`);
  }
  return directory;
}

/** Runs a command in a project and gives its output; rejects with what it said where it fails. */
function run(what, project, bin, command, env = {}) {
  const [file, ...commandLine] = command;
  const isScript = path.isAbsolute(file) && file !== process.execPath;
  const options = {
    cwd: project,
    // No proxy, no cache and no settings of this user.
    env: { PATH: bin, HOME: project, CI: '1', ...env },
    timeout: 300_000,
  };
  return new Promise((resolve, reject) => {
    execFile(isScript ? process.execPath : file, isScript ? command : commandLine, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${what} failed (${error.signal ?? error.code}):\n${stdout}${stderr}`));
    });
  });
}

/** The packages with addons that are installed. */
function installedAddons(project, name) {
  const names = readdirSync(path.join(project, 'node_modules'), { recursive: true })
    .map((file) => path.basename(file))
    .filter((file) => file.startsWith(`${name}-`) && !file.includes('.') && !file.includes('@'));
  return [...new Set(names)].sort();
}

/**
 * All at the same time.
 * @param {{ name: string, version: string }} manifest
 * @param {{ name: string, os: string, cpu: string }} platform This one.
 * @param {string} registry
 * @param {(text: string) => void} say
 */
export async function installByAll(manifest, platform, platforms, registry, say) {
  const directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-pack-')));
  try {
    const bin = makeBin(path.join(directory, 'bin'));
    const outcomes = await Promise.allSettled(
      MANAGERS.map(async (manager) => {
        const start = performance.now();
        const project = path.join(directory, manager.name.replace(' ', ''));
        await installAndUse(manager, { manifest, platform, platforms, registry, project, bin });
        say(`${manager.name}: installed and used (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      }),
    );
    // Before the directory goes, all of them have ended.
    const failure = outcomes.find(({ status }) => status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function installAndUse(manager, { manifest, platform, platforms, registry, project, bin }) {
  cpSync(path.join(root, 'scripts/package/project'), project, { recursive: true });
  writeFileSync(path.join(project, 'package.json'), '{"name":"project","version":"1.0.0","private":true}\n');
  for (const [name, text] of Object.entries(CONFIGURATION(registry))) writeFileSync(path.join(project, name), text);
  const at = (what) => `${manager.name}: ${what}`;
  await run(at('the installation'), project, bin, manager.command(`${manifest.name}@${manifest.version}`));

  const isWanted = (other) =>
    other.os === platform.os && other.cpu === platform.cpu && (!manager.goesByLibc || other.libc === platform.libc);
  const wanted = platforms.filter(isWanted).map((other) => `${manifest.name}-${other.name}`);
  const found = installedAddons(project, manifest.name);
  if (found.join() !== wanted.sort().join()) {
    throw new Error(at(`${found.join(', ') || 'none'} installed, and not ${wanted.join(', ')}`));
  }

  const node = (what, ...commandLine) =>
    run(at(what), project, bin, [process.execPath, ...commandLine], {
      FAST_RESOLVE_CACHE: '0',
      FAST_RESOLVE_WAIT: '0',
    });
  await node('require of every entry', 'required.cjs');
  await node('import of every entry', 'imported.mjs');
  const preloads = ['-r', `${manifest.name}/register`, '-r', `${manifest.name}/spawn/register`];
  await node('a program under the hook', ...preloads, 'program.cjs');
  await node('a program under --import', '--import', `${manifest.name}/register`, 'program.cjs');
  const version = (await node('the command', 'node_modules/fast-resolve/dist/cli.js', '--version')).trim();
  if (version !== manifest.version) throw new Error(at(`the command says that it is ${version}`));

  for (const [moduleResolution, { module, files }] of Object.entries(MODULES)) {
    const compilerOptions = {
      ...{ module, moduleResolution, noEmit: true, strict: true, skipLibCheck: false, target: 'es2023' },
      ...{ lib: ['ES2023', 'ESNext.Disposable'], types: ['node'], typeRoots: [path.join(root, 'node_modules/@types')] },
    };
    const configuration = path.join(project, `tsconfig.${moduleResolution}.json`);
    writeFileSync(configuration, JSON.stringify({ compilerOptions, files }));
    await node(`TypeScript's ${moduleResolution}`, compiler, '--project', configuration);
  }
}
