// Makes the tarballs that are published, checks them, and installs them as users do: `npm run pack`, or with options:
//   --release      the addons of all platforms have to be here, and to run with the oldest glibc that is promised
//   --tag <tag>    what is released, which has to agree with what the files say of the version
// They are in target/packages/ then.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkGlibc, OLDEST_GLIBC } from './package/glibc.mjs';
import { installByAll } from './package/install.mjs';
import { addonOf, PLATFORMS } from './package/platforms.mjs';
import { startRegistry } from './package/registry.mjs';
import { makeSbom } from './package/sbom.mjs';
import { emptyTarget, manifest, packMain, packPlatforms, packStandIns } from './package/tarballs.mjs';
import { checkVersions } from './package/versions.mjs';
import { lintWorkflows } from './package/workflows.mjs';
import { root } from './paths.mjs';
import { ensureInstalled, setUp } from './setup.mjs';

const { values: options } = parseArgs({
  options: { release: { type: 'boolean', default: false }, tag: { type: 'string' } },
});

try {
  checkVersions(options.tag);
  setUp();
  ensureInstalled('tools/pack');
  lintWorkflows();
  console.log('actionlint: nothing to say of the workflows');
  await makePackages();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function makePackages() {
  emptyTarget();
  const platforms = packPlatforms();
  const all = [packMain(), ...platforms];
  if (options.release && platforms.length < PLATFORMS.length) throw new Error('not all addons are here');
  checkAddons(platforms);
  writeFileSync(path.join(root, 'target/packages/sbom.cdx.json'), `${JSON.stringify(makeSbom(manifest), null, 2)}\n`);
  for (const { file, size } of all) console.log(`${path.relative(root, file)} ${Math.ceil(size / 1024)} KiB`);
  for (const { file } of all) lint('publint', 'publint/src/cli.js', /All good!/, 'run', file, '--strict');
  lint('@arethetypeswrong/cli', '@arethetypeswrong/cli/dist/index.js', /No problems found/, all[0].file);

  const here = PLATFORMS.find(isThis);
  if (!platforms.some((one) => one.manifest.name === `${manifest.name}-${here?.name}`)) {
    throw new Error('there is no addon for this platform');
  }
  const offered = all.map((one) => ({ manifest: one.manifest, bytes: readFileSync(one.file) }));
  const registry = await startRegistry([...offered, ...packStandIns(all)]);
  try {
    await installByAll(manifest, here, PLATFORMS, registry.url, console.log);
  } finally {
    await registry.close();
  }
}

/** Of each addon that is linked with glibc, that it runs with an old one. */
function checkAddons(platforms) {
  const oldest = options.release ? OLDEST_GLIBC.published : OLDEST_GLIBC.built;
  for (const platform of PLATFORMS.filter(({ libc }) => libc === 'glibc')) {
    if (!platforms.some((one) => one.manifest.main === addonOf(platform))) continue;
    const needed = checkGlibc(path.join(root, addonOf(platform)), oldest);
    console.log(`${addonOf(platform)} needs glibc ${needed} or later`);
  }
}

/** Runs a tool that says that all is well, or what it has found: publint ends with exit code 0 if it has but suggestions. */
function lint(name, script, isWell, ...commandLine) {
  const file = path.join(root, 'tools/pack/node_modules', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...commandLine], { encoding: 'utf8' });
  if (status !== 0 || !isWell.test(stdout)) throw new Error(`${name} has found something:\n${stdout}${stderr}`);
  console.log(`${name}: nothing to say of ${path.basename(commandLine.find((word) => word.endsWith('.tgz')))}`);
}

function isThis({ os, cpu, libc }) {
  if (os !== process.platform || cpu !== process.arch) return false;
  if (libc === undefined) return true;
  const isGlibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  return libc === (isGlibc ? 'glibc' : 'musl');
}
