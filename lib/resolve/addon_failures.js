'use strict';

// Why there is no addon, in words.

const { listAddonNames } = require('./addon_places.js');

/**
 * Says why there is no addon: what the system's loader says of those that are there, and where none is.
 * @param {(text: string, part: string) => boolean} includes
 */
function describeFailures(failures, platform, arch, includes) {
  let broken = '';
  let absent = '';
  for (let index = 0; index < failures.length; index++) {
    const { file, message } = failures[index];
    if (isAbsent(file, message, includes)) absent += `\n- ${file}: not there`;
    else broken += `\n- ${includes(message, file) ? message : `${file}: ${message}`}`;
  }
  const origin = `The addon of fast-resolve can't be loaded. ${originOf(platform, arch, broken === '')}`;
  return `${origin} Tried:${broken}${absent}`;
}

/** Whether the loader did not find the file itself, and not one that this needs: as glibc, musl, macOS and Windows say it. */
function isAbsent(file, message, includes) {
  return (
    includes(message, `${file}: cannot open shared object file: No such file`) ||
    includes(message, `Error loading shared library ${file}: No such file`) ||
    includes(message, `'${file}' (no such file)`) ||
    includes(message, 'The specified module could not be found')
  );
}

function originOf(platform, arch, isNowhere) {
  const isPackaged = (platform === 'linux' || platform === 'darwin') && (arch === 'x64' || arch === 'arm64');
  if (!isPackaged)
    return `There is no package of it for ${platform} ${arch}; a checkout has it after \`npm run build\`.`;
  const [name, other] = listAddonNames(platform, arch);
  const where =
    other === undefined
      ? `fast-resolve-${name}`
      : `fast-resolve-${name}, or where musl is the C library fast-resolve-${other}`;
  const origin = `It comes with the optional package ${where}; a checkout has it after \`npm run build\`.`;
  if (!isNowhere) return origin;
  const lockFile = 'a lock file that was written on another platform (remove that and node_modules, and install again)';
  const sources = 'an installation from a git repository or a tarball of `npm pack`, which do not name it';
  return `${origin} It is not installed: the cause may be --no-optional or --omit=optional, ${lockFile}, or ${sources}.`;
}

module.exports = { describeFailures };
