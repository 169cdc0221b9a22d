// The check that all that says which version this is says the same.

import test from 'ava';
import { checkVersions, findDisagreements } from '../../scripts/package/versions.mjs';

const texts = (changes = {}) => ({
  packageJson: '{ "version": "1.2.3" }',
  packageLock: '{ "version": "1.2.3", "packages": { "": { "version": "1.2.3" } } }',
  cargoToml: '[package]\nname = "fast-resolve"\nversion = "1.2.3"\n\n[dependencies]\nserde = "9"\n',
  cargoLock: '[[package]]\nname = "fast-resolve"\nversion = "1.2.3"\n',
  changelog: '# Changelog\n\n## 1.2.3 - 2026-11-28\n\n- This.\n\n## 1.2.2 - 2026-01-01\n',
  ...changes,
});

const CASES = [
  ['all agree', {}, 'v1.2.3', []],
  ['all agree, without a tag', {}, undefined, []],
  [
    'what is not released stands at the top',
    { changelog: '# Changelog\n\n## Unreleased\n\n- This.\n\n## 1.2.2 - 2026-01-01\n' },
    undefined,
    [],
  ],
  ['nothing stands there', { changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-01-01\n' }, 'v1.2.3', []],
  [
    'nothing stands there, and the version is not in it',
    { changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.2 - 2026-01-01\n' },
    undefined,
    ['CHANGELOG.md says 1.2.2, and package.json 1.2.3'],
  ],
  [
    'what is not released, for a release',
    { changelog: '# Changelog\n\n## Unreleased\n\n- This.\n\n## 1.2.3 - 2026-01-01\n' },
    'v1.2.3',
    ['CHANGELOG.md says nothing, and package.json 1.2.3'],
  ],
  ['another tag', {}, 'v1.2.4', ['the tag says v1.2.4, and package.json 1.2.3']],
  ['a tag without a v', {}, '1.2.3', ['the tag says 1.2.3, and package.json 1.2.3']],
  [
    'Cargo.toml is behind',
    { cargoToml: '[package]\nversion = "1.2.2"\n\n[dependencies]\nserde = { version = "1.2.3" }\n' },
    undefined,
    ['Cargo.toml says 1.2.2, and package.json 1.2.3'],
  ],
  [
    'Cargo.lock is behind',
    { cargoLock: '[[package]]\nname = "fast-resolve"\nversion = "1.2.2"\n' },
    undefined,
    ['Cargo.lock says 1.2.2, and package.json 1.2.3'],
  ],
  [
    'package-lock.json is behind',
    { packageLock: '{ "version": "1.2.3", "packages": { "": { "version": "1.2.2" } } }' },
    undefined,
    ['package-lock.json, in packages, says 1.2.2, and package.json 1.2.3'],
  ],
  [
    'the changelog is behind',
    { changelog: '# Changelog\n\n## 1.2.2 - 2026-01-01\n' },
    undefined,
    ['CHANGELOG.md says 1.2.2, and package.json 1.2.3'],
  ],
  ['the changelog has no date', { changelog: '## 1.2.3\n' }, 'v1.2.3', ['CHANGELOG.md gives no date']],
];

for (const [title, changes, tag, expected] of CASES) {
  test(title, (t) => {
    t.deepEqual(findDisagreements(texts(changes), tag), expected);
  });
}

test('here they agree, and a tag of another version does not', (t) => {
  t.notThrows(() => checkVersions());
  t.throws(() => checkVersions('v0.0.0'), { message: /^The versions do not agree:\n- the tag says v0\.0\.0/ });
});
