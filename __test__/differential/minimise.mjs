// Makes a failing example small: drops entries of the tree, members of package.json and parts of the request for as
// long as it still fails. fast-check could shrink what it drew, but not what was derived from the tree, and a written
// down example is what a reader wants in the end.

const MOST_TRIES = 4000;

/** `fails(example)` tells whether an example { tree, request, fromDir } shows the failure. */
export function minimise(example, fails) {
  let smallest = example;
  let tries = 0;
  const accept = (candidate) => {
    tries += 1;
    if (tries > MOST_TRIES || !fails(candidate)) return false;
    smallest = candidate;
    return true;
  };
  while (tries < MOST_TRIES && improveOnce(() => smallest, accept));
  return smallest;
}

function improveOnce(current, accept) {
  const passes = [dropEntries, simplifyEntries, shortenText('request'), shortenText('fromDir')];
  return passes.map((pass) => pass(current, accept)).includes(true);
}

function dropEntries(current, accept) {
  return dropChunks(
    () => current().tree,
    (tree) => accept({ ...current(), tree }),
  );
}

function shortenText(field) {
  return (current, accept) =>
    dropChunks(
      () => [...current()[field]],
      (characters) => accept({ ...current(), [field]: characters.join('') }),
    );
}

/** Tries to leave out runs of items: long ones first, single ones last. */
function dropChunks(items, accept) {
  let improved = false;
  for (let size = Math.ceil(items().length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let start = 0; start < items().length; ) {
      const list = items();
      if (accept([...list.slice(0, start), ...list.slice(start + size)])) improved = true;
      else start += size;
    }
  }
  return improved;
}

function simplifyEntries(current, accept) {
  let improved = false;
  for (const index of current().tree.keys()) {
    while (simplifyEntry(current, accept, index)) improved = true;
  }
  return improved;
}

function simplifyEntry(current, accept, index) {
  const { tree } = current();
  const [name, entry] = tree[index];
  for (const simpler of simplerEntries(entry)) {
    if (accept({ ...current(), tree: tree.with(index, [name, simpler]) })) return true;
  }
  return false;
}

function simplerEntries(entry) {
  if (typeof entry !== 'string' || entry === '') return [];
  const value = parseOrNothing(entry);
  const simplerTexts =
    value === undefined ? halvesOf(entry) : simplerValues(value).map((simpler) => JSON.stringify(simpler));
  return ['', ...simplerTexts].filter((text) => text.length < entry.length);
}

function halvesOf(text) {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle), text.slice(1), text.slice(0, -1)];
}

/** Every value that has one part less than this one, or one part simpler. */
function simplerValues(value) {
  if (value === null || typeof value !== 'object') return [];
  const parts = Object.entries(value);
  const rebuild = (entries) => (Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries));
  const shorter = parts.map((_, index) => rebuild(parts.toSpliced(index, 1)));
  const children = parts.map(([, part]) => part);
  const deeper = parts.flatMap(([key, part], index) =>
    simplerValues(part).map((simpler) => rebuild(parts.with(index, [key, simpler]))),
  );
  return [...shorter, ...children, ...deeper];
}

function parseOrNothing(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
