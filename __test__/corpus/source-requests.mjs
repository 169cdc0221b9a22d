// Finds the requests that are written in a package's own source files, as `{ request, fromDir }`.
import fs from 'node:fs';
import path from 'node:path';
import { listEntries } from './installed-packages.mjs';

const source = /\.(?:[cm]?js|[cm]?ts)$/;

// Literal arguments of require() and import(), and what `import … from` and `export … from` name. Comments and strings
// match as well, which does no harm: what is no sensible request has to be answered like Node, too.
const literal = /(?:\b(?:require|import)\s*\(\s*|\bfrom\s*|\bimport\s*)(["'`])([^"'`\n\\]{1,200})\1/g;

const requestsInFile = (filename) =>
  [...fs.readFileSync(filename, 'utf8').matchAll(literal)].map((match) => ({
    request: match[2],
    fromDir: path.dirname(filename),
  }));

/** Every request that the package's files make, once for each directory that they are made from. */
export const sourceRequests = ({ directory }) => {
  const requests = listEntries(directory)
    .filter((entry) => !entry.isDirectory && source.test(entry.path))
    .flatMap((entry) => requestsInFile(path.join(directory, entry.path)));
  return [...new Map(requests.map((entry) => [`${entry.fromDir}\0${entry.request}`, entry])).values()];
};
