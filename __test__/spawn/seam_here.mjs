// Whether there is a spawn of ours for this Node; the reason if there is not.

const [major, minor] = process.versions.uv.split('.').map(Number);

export const missing =
  process.platform !== 'linux'
    ? 'only Linux has a spawn of ours'
    : major === 1 && minor < 52
      ? undefined
      : `libuv ${process.versions.uv} does not let handles be set up without a child`;
