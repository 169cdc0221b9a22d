// The package.json files that are published, made of the one in the repository.

import { addonOf, PLATFORMS } from './platforms.mjs';

/** What users need of package.json. Scripts and what a checkout needs stay here, so that nothing is run at an installation. */
const PUBLISHED_FIELDS = [
  ...['name', 'version', 'description', 'license', 'keywords', 'repository', 'engines'],
  ...['type', 'bin', 'main', 'types', 'exports', 'typesVersions', 'imports', 'files'],
];

/** What all packages say of where they come from. Provenance is refused where it is not the repository that publishes. */
const withRepository = (manifest, repository = process.env.GITHUB_REPOSITORY) =>
  repository ? { ...manifest, repository: { type: 'git', url: `git+https://github.com/${repository}.git` } } : manifest;

/** That of `fast-resolve`: with the packages of all platforms, of which a package manager installs the right one. */
export function mainManifest(manifest, repository) {
  const full = withRepository(manifest, repository);
  const published = Object.fromEntries(
    PUBLISHED_FIELDS.filter((field) => full[field] !== undefined).map((field) => [field, full[field]]),
  );
  const platforms = PLATFORMS.map(({ name }) => [`${manifest.name}-${name}`, manifest.version]);
  return { ...published, optionalDependencies: Object.fromEntries(platforms) };
}

/** That of the package of a platform: nothing but the addon. */
export function platformManifest({ name, version, license, engines }, platform, repository) {
  const { os, cpu, libc } = platform;
  const addon = addonOf(platform);
  const manifest = {
    name: `${name}-${platform.name}`,
    version,
    description: `The addon of ${name} for ${[os, cpu, libc].filter(Boolean).join(' ')}`,
    license,
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc === undefined ? {} : { libc: [libc] }),
    type: 'commonjs',
    main: addon,
    files: [addon],
  };
  return withRepository(manifest, repository);
}
