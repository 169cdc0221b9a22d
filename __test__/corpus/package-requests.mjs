// Makes the requests by which one package of the corpus is tried, as `{ request, fromDir }`.
import path from 'node:path';
import { listEntries, readManifest } from './installed-packages.mjs';

const loadable = /\.(?:js|cjs|mjs|json|node)$/;

// Replacements for the `*` of a pattern that no well-behaved package has a file for.
const odd = ['no-such-file', '', 'a/../b', './x', 'node_modules/x', '%2e'];

const withoutExtension = (file) => file.slice(0, file.length - path.posix.extname(file).length);

const isLoadable = (file) => loadable.test(file) || path.posix.extname(file) === '';

/** A file by itself and without extension, a directory with and without a slash. */
const variants = ({ path: entryPath, isDirectory }) => {
  if (isDirectory) {
    return [entryPath, `${entryPath}/`];
  }
  return isLoadable(entryPath) ? [entryPath, withoutExtension(entryPath)] : [];
};

const fileRequests = ({ name, directory, owner }, entries) =>
  entries.flatMap(variants).flatMap((subpath) => [
    { request: `./${subpath}`, fromDir: directory },
    { request: `${name}/${subpath}`, fromDir: owner },
  ]);

/** Every target below a value of `exports` or `imports`, through conditions and arrays. */
const targetsOf = (value) => {
  if (typeof value === 'string') {
    return [value];
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(targetsOf) : [];
};

/** What `*` stands for, for each of the texts that the pattern matches. */
const starsIn = (pattern, texts) => {
  const star = pattern.indexOf('*');
  if (star === -1) {
    return [];
  }
  const prefix = pattern.slice(0, star);
  const suffix = pattern.slice(star + 1);
  return texts
    .filter((text) => text.length >= prefix.length + suffix.length && text.startsWith(prefix) && text.endsWith(suffix))
    .map((text) => text.slice(prefix.length, text.length - suffix.length));
};

/** The subpaths that a key asks for: itself, or its pattern filled in from the files that its targets match. */
const subpathsOf = (key, value, files) => {
  if (!key.includes('*')) {
    return [key, `${key}.js`, `${key}/`, `${key}/no-such-file`];
  }
  const stars = [key, ...targetsOf(value)].flatMap((pattern) => starsIn(pattern, files));
  // A function, because `$` means something in a replacement string.
  return [key, ...[...stars, ...odd].map((star) => key.replace('*', () => star))];
};

// `exports` that is no map of subpaths is the value of '.' alone.
const subpathEntries = (exportsField) => {
  const isMap =
    exportsField !== null &&
    typeof exportsField === 'object' &&
    !Array.isArray(exportsField) &&
    Object.keys(exportsField).some((key) => key.startsWith('.'));
  return isMap ? Object.entries(exportsField) : [['.', exportsField]];
};

const exportsRequests = ({ name, directory, owner }, exportsField, files) =>
  subpathEntries(exportsField)
    .flatMap(([key, value]) => subpathsOf(key, value, files))
    .concat('.', './', './no-such-file', './package.json')
    // From outside, and from inside the package by its own name.
    .flatMap((subpath) => [owner, directory].map((fromDir) => ({ request: name + subpath.slice(1), fromDir })));

const importsRequests = ({ directory }, importsField, files) =>
  Object.entries(importsField ?? {})
    .flatMap(([key, value]) => subpathsOf(key, value, files))
    .concat('#no-such-import', '#', '#/', '#/no-such-import')
    .map((request) => ({ request, fromDir: directory }));

const distinct = (requests) => [
  ...new Map(requests.map((entry) => [`${entry.fromDir}\0${entry.request}`, entry])).values(),
];

/** Every request for one package, each once. */
export const packageRequests = (installedPackage) => {
  const entries = listEntries(installedPackage.directory);
  const manifest = readManifest(installedPackage.directory);
  const files = entries.filter((entry) => !entry.isDirectory).map((entry) => `./${entry.path}`);
  return distinct([
    ...exportsRequests(installedPackage, manifest.exports, files),
    ...importsRequests(installedPackage, manifest.imports, files),
    ...fileRequests(installedPackage, entries),
  ]);
};
