// Which files of a crate name something of which other files.

import path from 'node:path';

/**
 * @param {Map<string, string>} sources The code of each file, without comments, by its path below the crate's root, as `cache/tree.rs`.
 * @returns {Map<string, string[]>} For each file the files that hold what it names. What a file hands on by `pub use` it does not
 * use, and whoever names that uses the file that holds it.
 */
export function importsIn(sources) {
  return new Map(
    [...sources].map(([name, code]) => {
      const used = pathsIn(code.replaceAll(/\bpub(?:\([^)]*\))? use [^;]*;/g, '')).map((segments) =>
        fileOf(segments, name, sources),
      );
      return [name, [...new Set(used)].filter((other) => other !== undefined && other !== name).sort()];
    }),
  );
}

/** The paths that a file's code names from `crate`, `self` or `super` on, as segments. */
export function pathsIn(code) {
  const imports = [...code.matchAll(/\buse ((?:crate|self|super)::[^;]*);/g)].flatMap(([, tree]) => expand(tree));
  const inline = code.replaceAll(/\buse [^;]*;/g, '').match(/\b(?:crate|self|super)(?:::\w+)+/g);
  return [...imports, ...(inline ?? [])].map((text) => text.split('::'));
}

/** `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`. */
function expand(tree) {
  const text = tree.replaceAll(/\s+as \w+|\s/g, '');
  const start = text.indexOf('{');
  if (start === -1) return [text];
  const [items, item, depth] = [[], [], { now: 0 }];
  for (const character of `${text.slice(start + 1, text.lastIndexOf('}'))},`) {
    depth.now += { '{': 1, '}': -1 }[character] ?? 0;
    if (character === ',' && depth.now === 0) items.push(item.splice(0).join(''));
    else item.push(character);
  }
  return items.filter((name) => name !== '').flatMap((name) => expand(text.slice(0, start) + name));
}

function fileOf([start, ...segments], name, sources) {
  const own = name.replace(/(?:\/mod)?\.rs$/, '').split('/');
  let module = start === 'crate' ? [] : own;
  let rest = start === 'super' ? ['super', ...segments] : segments;
  while (rest[0] === 'super') [module, rest] = [module.slice(0, -1), rest.slice(1)];
  return descend(module, rest, sources);
}

/** The file of an item, in a module or handed on by it. */
function descend(module, segments, sources) {
  const file = fileOfModule(module, sources);
  const [next, ...rest] = segments;
  if (next === undefined) return file;
  if (fileOfModule([...module, next], sources) !== undefined) return descend([...module, next], rest, sources);
  const handedOn = [...(sources.get(file) ?? '').matchAll(/\bpub(?:\([^)]*\))? use ([a-z]\w*::[^;]*);/g)]
    .flatMap(([, tree]) => expand(tree))
    .map((text) => text.split('::'))
    .find((names) => names.at(-1) === next && fileOfModule([...module, names[0]], sources) !== undefined);
  return handedOn === undefined ? file : descend(module, handedOn, sources);
}

const fileOfModule = (module, sources) =>
  [`${path.posix.join(...module, '.')}.rs`, path.posix.join(...module, 'mod.rs')]
    .map((name) => name.replace(/^\.\.rs$/, 'lib.rs'))
    .find((name) => sources.has(name));
