// Requests for a given tree: such as should be answered, and odd ones made from them.

import path from 'node:path';
import fc from 'fast-check';
import { isLink, pairsOf } from '../../helpers/tree.mjs';
import { ROOT } from '../../helpers/twins.mjs';
import { mutation } from './mutations.mjs';
import { mostly, packageName, weighted } from './names.mjs';
import { BUILTINS, HOSTILE, MISSING_DIRECTORIES, ODD_SPELLINGS, ODD_STARS, STARS } from './request_words.mjs';

/** An arbitrary of `count` requests [request, fromDir], both with ROOT in place of the tree's directory. */
export function requestsFor(tree, count) {
  const facts = factsOf(tree);
  const request = weighted(
    [3, packageRequest(facts)],
    [6, subpathRequest(facts)],
    [5, relativeRequest(facts)],
    [2, absoluteRequest(facts)],
    [facts.manifests.some(({ imports }) => imports.length > 0) ? 4 : 1, importsRequest(facts)],
    [1, fc.tuple(fc.constantFrom(...BUILTINS), directory(facts))],
    [1, fc.tuple(fc.constantFrom(...HOSTILE), directory(facts))],
  );
  return fc.array(mutated(request), { minLength: count, maxLength: count });
}

function factsOf(tree) {
  const paths = new Set();
  const directories = new Set(['']);
  const manifests = [];
  for (const [name, entry] of pairsOf(tree)) {
    const text = String(name).replace(/\/$/, '');
    paths.add(text);
    if (entry === null || isLink(entry)) directories.add(text);
    for (let parent = path.posix.dirname(text); parent !== '.'; parent = path.posix.dirname(parent))
      directories.add(parent);
    if (path.posix.basename(text) === 'package.json') manifests.push(manifestOf(path.posix.dirname(text), entry));
  }
  for (const directoryName of directories) paths.add(directoryName);
  return { paths: [...paths], directories: [...directories], manifests, packages: packagesOf(directories, paths) };
}

function manifestOf(where, content) {
  const value = parseOrNothing(content);
  const keysOf = (map) => (map !== null && typeof map === 'object' && !Array.isArray(map) ? Object.keys(map) : []);
  const root = where === '.' ? '' : where;
  return { directory: root, name: value?.name, exports: keysOf(value?.exports), imports: keysOf(value?.imports) };
}

function parseOrNothing(content) {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Every directory below a node_modules with the directory that it can be required from, and the paths inside. */
function packagesOf(directories, paths) {
  const packages = [];
  for (const candidate of directories) {
    const match = /^(?<home>.*?\/?)node_modules\/(?<name>@[^/]+\/[^/]+|[^@/][^/]*)$/su.exec(candidate);
    if (match === null) continue;
    const { home, name } = match.groups;
    const inside = [...paths]
      .filter((other) => other.startsWith(`${candidate}/`))
      .map((other) => other.slice(candidate.length));
    packages.push({ directory: candidate, home: home.replace(/\/$/, ''), name, inside });
  }
  return packages;
}

function packageRequest(facts) {
  const { packages, manifests } = facts;
  const choices = [[1, fc.tuple(packageName, directory(facts))]];
  if (packages.length > 0) {
    choices.push([
      6,
      fc.constantFrom(...packages).chain(({ name, home }) => fc.tuple(fc.constant(name), below(home, facts))),
    ]);
  }
  const named = manifests.filter(({ name }) => typeof name === 'string');
  if (named.length > 0) {
    choices.push([
      3,
      fc.constantFrom(...named).chain((found) => fc.tuple(fc.constant(found.name), below(found.directory, facts))),
    ]);
  }
  return weighted(...choices);
}

function subpathRequest(facts) {
  const { packages, manifests } = facts;
  const choices = [[1, packageRequest(facts)]];
  if (packages.length > 0) {
    choices.push([
      8,
      fc.constantFrom(...packages).chain((found) => {
        const exported =
          manifests
            .find(({ directory: where }) => where === found.directory)
            ?.exports.filter((key) => key.startsWith('.')) ?? [];
        return fc.tuple(
          subpath(found.inside, exported).map((text) => found.name + text),
          below(found.home, facts),
        );
      }),
    ]);
  }
  const named = manifests.filter(({ name, exports }) => typeof name === 'string' && exports.length > 0);
  if (named.length > 0) {
    choices.push([
      3,
      fc.constantFrom(...named).chain((found) =>
        fc.tuple(
          subpath([], found.exports).map((text) => found.name + text),
          below(found.directory, facts),
        ),
      ),
    ]);
  }
  return weighted(...choices);
}

function subpath(inside, exported) {
  const choices = [[1, fc.constantFrom('/a', '/a.js', '/lib/a', '/package.json', '/')]];
  if (inside.length > 0) choices.push([3, fc.constantFrom(...inside)]);
  if (inside.length > 0) choices.push([2, fc.constantFrom(...inside).map(withoutExtension)]);
  if (exported.length > 0) choices.push([7, starred(exported.map((key) => key.replace(/^\./, '')))]);
  return weighted(...choices);
}

function starred(patterns) {
  return fc
    .tuple(fc.constantFrom(...patterns), mostly(STARS, ODD_STARS))
    .map(([pattern, star]) => pattern.replace('*', () => star));
}

function relativeRequest({ paths, directories }) {
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...directories), fc.boolean())
    .map(([target, from, dropExtension]) => {
      const relative = path.posix.relative(`/${from}`, `/${target}`);
      const request = relative.startsWith('../') || relative === '..' ? relative : `./${relative}`;
      return [dropExtension ? withoutExtension(request) : request, inRoot(from)];
    });
}

function absoluteRequest(facts) {
  return fc.tuple(
    fc.tuple(fc.constantFrom(...facts.paths), fc.boolean()).map(([target, dropExtension]) => {
      const request = `${ROOT}/${target}`;
      return dropExtension ? withoutExtension(request) : request;
    }),
    directory(facts),
  );
}

function importsRequest(facts) {
  const withImports = facts.manifests.filter(({ imports }) => imports.length > 0);
  const anywhere = fc.tuple(fc.constantFrom('#a', '#lib/a', '#', '#/', '#x/a.js', '#dep'), directory(facts));
  if (withImports.length === 0) return anywhere;
  const known = fc
    .constantFrom(...withImports)
    .chain(({ directory: where, imports }) => fc.tuple(starred(imports), below(where, facts)));
  return weighted([5, known], [1, anywhere]);
}

/** The directory itself, one below it, or any other. */
function below(home, facts) {
  const inside = facts.directories.filter((other) => home === '' || other === home || other.startsWith(`${home}/`));
  const choices = [
    [5, fc.constant(inRoot(home))],
    [2, directory(facts)],
  ];
  if (inside.length > 0) choices.push([4, fc.constantFrom(...inside).map(inRoot)]);
  return weighted(...choices);
}

function directory({ directories, paths }) {
  return weighted(
    [8, fc.constantFrom(...directories).map(inRoot)],
    [1, fc.constantFrom(...paths).map(inRoot)],
    [
      1,
      fc
        .tuple(fc.constantFrom(...directories), fc.constantFrom(...MISSING_DIRECTORIES))
        .map(([from, missing]) => `${inRoot(from)}/${missing}`),
    ],
    [
      1,
      fc
        .tuple(fc.constantFrom(...directories), fc.constantFrom(...ODD_SPELLINGS))
        .map(([from, spelling]) => inRoot(from) + spelling),
    ],
  );
}

function inRoot(name) {
  return name === '' ? ROOT : `${ROOT}/${name}`;
}

function withoutExtension(text) {
  return text.replace(/(?<=[^/])\.[^./]*$/u, '');
}

/** One request in five is changed a little, one in fifteen twice. */
function mutated(request) {
  const mutations = weighted([11, fc.constant([])], [3, fc.tuple(mutation)], [1, fc.tuple(mutation, mutation)]);
  return fc
    .tuple(request, mutations)
    .map(([[text, fromDir], list]) => [list.reduce((changed, mutate) => mutate(changed), text), fromDir]);
}
