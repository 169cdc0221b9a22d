// The platforms for which there is a package with the addon. On all others, Windows among them, Node resolves.

/** `target`: what Rust calls it. `name`: what stands in the names of the addon and its package. */
export const PLATFORMS = [
  { target: 'x86_64-unknown-linux-gnu', name: 'linux-x64-gnu', os: 'linux', cpu: 'x64', libc: 'glibc' },
  { target: 'x86_64-unknown-linux-musl', name: 'linux-x64-musl', os: 'linux', cpu: 'x64', libc: 'musl' },
  { target: 'aarch64-unknown-linux-gnu', name: 'linux-arm64-gnu', os: 'linux', cpu: 'arm64', libc: 'glibc' },
  { target: 'aarch64-unknown-linux-musl', name: 'linux-arm64-musl', os: 'linux', cpu: 'arm64', libc: 'musl' },
  { target: 'x86_64-apple-darwin', name: 'darwin-x64', os: 'darwin', cpu: 'x64' },
  { target: 'aarch64-apple-darwin', name: 'darwin-arm64', os: 'darwin', cpu: 'arm64' },
];

export const addonOf = ({ name }) => `fast-resolve.${name}.node`;
