'use strict';

// Where the addon may lie: beside the package, where a checkout has it, and in the package that has nothing but the addon, where
// Node would look for that. No module is required for it: a hook of the program's would be asked where to find it. Nor is anything
// else asked for that a program may have replaced.

/**
 * @template Addon
 * @param {string[]} parts The directory of this package, split at its slashes.
 * @param {(file: string) => Addon | undefined} load Called for one place after the other, until it gives the addon.
 * @returns {Addon | undefined}
 */
function findAddon(parts, platform, arch, load) {
  const names = listAddonNames(platform, arch);
  for (let index = 0; index < names.length; index++) {
    const found = load(`${directoryOf(parts, parts.length)}/fast-resolve.${names[index]}.node`);
    if (found !== undefined) return found;
  }
  for (let count = parts.length; count > 0; count--) {
    if (parts[count - 1] === 'node_modules') continue;
    const folder = `${directoryOf(parts, count)}/node_modules`;
    for (let index = 0; index < names.length; index++) {
      const found = load(`${folder}/fast-resolve-${names[index]}/fast-resolve.${names[index]}.node`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** What stands in the names of the addon and its package: by the libraries of the system, of which the wrong one can't be loaded. */
function listAddonNames(platform, arch) {
  if (platform === 'linux') return [`linux-${arch}-gnu`, `linux-${arch}-musl`];
  return platform === 'win32' ? [`win32-${arch}-msvc`] : [`${platform}-${arch}`];
}

/** Put together, since an array that grows would call what a program has put into `Array.prototype`. */
function directoryOf(parts, count) {
  let directory = parts[0];
  for (let index = 1; index < count; index++) directory += `/${parts[index]}`;
  return directory;
}

module.exports = { findAddon, listAddonNames };
