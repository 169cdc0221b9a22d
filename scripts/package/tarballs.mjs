// Makes the tarballs that are published, in target/packages/.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../paths.mjs';
import { checkContents, MAIN_FILES, platformFiles } from './contents.mjs';
import { mainManifest, platformManifest } from './manifests.mjs';
import { addonOf, PLATFORMS } from './platforms.mjs';

const target = path.join(root, 'target/packages');

export const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Runs `npm pack` without the scripts of the package; gives what npm says of the tarball. */
function npmPack(cwd, ...npmArguments) {
  const command = ['pack', '--json', '--ignore-scripts', '--loglevel=error', ...npmArguments];
  const output = execFileSync('npm', command, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  return JSON.parse(output)[0];
}

/**
 * Packs one package, with a package.json of its own.
 * @returns {{ manifest: object, file: string, size: number }}
 */
function pack(packageManifest, files, wanted) {
  const directory = path.join(target, packageManifest.name);
  for (const name of files) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    copyFileSync(path.join(root, name), path.join(directory, name));
  }
  writeFileSync(path.join(directory, 'package.json'), `${JSON.stringify(packageManifest, null, 2)}\n`);
  const packed = npmPack(directory, '--pack-destination', target);
  const names = packed.files.map((file) => file.path);
  checkContents(packageManifest.name, names, wanted);
  return { manifest: packageManifest, file: path.join(target, packed.filename), size: packed.size };
}

/** The main package: the files that package.json names, as npm understands it. */
export function packMain() {
  const files = npmPack(root, '--dry-run').files.map((file) => file.path);
  return pack(
    mainManifest(manifest),
    files.filter((name) => name !== 'package.json'),
    MAIN_FILES,
  );
}

/** The packages of the platforms whose addons are here. */
export function packPlatforms() {
  return PLATFORMS.filter((platform) => existsSync(path.join(root, addonOf(platform)))).map((platform) =>
    pack(platformManifest(manifest, platform), ['LICENSE', addonOf(platform)], platformFiles(platform)),
  );
}

/** A tarball for each other platform that has a package.json and no addon: for a registry that is to offer all of them, and nobody else. */
export function packStandIns(packed) {
  const names = packed.map((one) => one.manifest.name);
  return PLATFORMS.map((platform) => platformManifest(manifest, platform))
    .filter(({ name }) => !names.includes(name))
    .map((standIn) => {
      const tarball = pack(standIn, ['LICENSE'], ['LICENSE', 'package.json']);
      const bytes = readFileSync(tarball.file);
      rmSync(tarball.file);
      return { manifest: standIn, bytes };
    });
}

export function emptyTarget() {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
}
