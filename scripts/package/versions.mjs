// Whether what says which version this is says the same: package.json, Cargo.toml, Cargo.lock, CHANGELOG.md and, for a release, the tag.
// Alone: `node scripts/package/versions.mjs [tag]`.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../paths.mjs';

const inSection = (text, header, pattern) => {
  const [, section = ''] = text.split(header);
  return pattern.exec(section)?.[1];
};

/**
 * @param {{ packageJson: string, packageLock: string, cargoToml: string, cargoLock: string, changelog: string }} texts
 * @param {string} [tag] The name of the tag that is released.
 * @returns {string[]} What does not agree.
 */
export function findDisagreements({ packageJson, packageLock, cargoToml, cargoLock, changelog }, tag) {
  const { version } = JSON.parse(packageJson);
  // Where nothing is to be released yet, an empty place for it stands above the last version.
  const [, heading] = /^## (.+)$/m.exec(changelog.replace(/^## Unreleased\s+(?=## )/m, '')) ?? [];
  const released = /^\[?(\d[^\s\]]*)\]?(?: - (\d{4}-\d{2}-\d{2}))?$/.exec(heading ?? '');
  const wrong = [];
  const expect = (what, found, wanted) => {
    if (found !== wanted) wrong.push(`${what} says ${found ?? 'nothing'}, and package.json ${version}`);
  };
  expect('package-lock.json', JSON.parse(packageLock).version, version);
  expect('package-lock.json, in packages,', JSON.parse(packageLock).packages?.['']?.version, version);
  expect('Cargo.toml', inSection(cargoToml, '[package]\n', /^version = "(.+)"$/m), version);
  expect('Cargo.lock', inSection(cargoLock, 'name = "fast-resolve"\n', /^version = "(.+)"$/m), version);
  if (tag !== undefined) expect('the tag', tag, `v${version}`);
  // What is not released yet stands at the top.
  if (tag !== undefined || heading !== 'Unreleased') expect('CHANGELOG.md', released?.[1], version);
  if (tag !== undefined && released !== null && released[2] === undefined) wrong.push('CHANGELOG.md gives no date');
  return wrong;
}

/** Throws where they do not agree. */
export function checkVersions(tag) {
  const read = (name) => readFileSync(path.join(root, name), 'utf8');
  const texts = {
    packageJson: read('package.json'),
    packageLock: read('package-lock.json'),
    cargoToml: read('Cargo.toml'),
    cargoLock: read('Cargo.lock'),
    changelog: read('CHANGELOG.md'),
  };
  const wrong = findDisagreements(texts, tag);
  if (wrong.length > 0) throw new Error(`The versions do not agree:\n- ${wrong.join('\n- ')}`);
}

if (process.argv[1] === import.meta.filename) checkVersions(process.argv[2]);
