// Small changes that make a request odd.

import fc from 'fast-check';

const insert = (inserted) => (text, at) => text.slice(0, at) + inserted + text.slice(at);

const SUFFIXES = [
  '/',
  '//',
  '/.',
  '/..',
  '/./',
  '/../',
  '.',
  '..',
  '/...',
  ' ',
  '\n',
  '.js',
  '.json',
  '.node',
  '.mjs',
  '/index',
  '/index.js',
  '/package.json',
  '?q',
  '#h',
  '%',
  '\\',
  '\0',
  '*',
];

const PREFIXES = [
  './',
  '../',
  '/',
  '.',
  '..',
  '//',
  'node:',
  '#',
  '@',
  ' ',
  'node_modules/',
  './node_modules/',
  'file://',
];

const INSERTIONS = [
  '/',
  './',
  '../',
  '/./',
  '/x/../',
  '\\',
  '%2e',
  '%2f',
  '%5c',
  '\0',
  '\ud800',
  '?',
  '#',
  ' ',
  '.',
  '*',
  '@',
  '\ufeff',
  '\n',
  'node_modules/',
];

const CHANGES = [
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + text.charAt(at) + text.slice(at),
  (text, at) => text.slice(0, at) + swapCase(text.charAt(at)) + text.slice(at + 1),
  (text, at) => text.slice(0, at) + percentEncoded(text.charAt(at)) + text.slice(at + 1),
  (text) => text.replaceAll('/', '\\'),
  (text) => text.replaceAll('/', '//'),
  (text) => text.replaceAll('/', '%2f'),
  (text) => text.normalize('NFC'),
  (text) => text.normalize('NFD'),
  (text) => text.toUpperCase(),
  (text) => text.replace(/\.[^./]*$/u, ''),
  (text) => `${text}${'/'.repeat(5000)}`,
  (text) => `${text}${'x'.repeat(5000)}`,
];

/** An arbitrary of functions from request to request. */
export const mutation = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...SUFFIXES).map((suffix) => (text) => text + suffix) },
      { weight: 1, arbitrary: fc.constantFrom(...PREFIXES).map((prefix) => (text) => prefix + text) },
      { weight: 2, arbitrary: fc.constantFrom(...INSERTIONS).map(insert) },
      { weight: 3, arbitrary: fc.constantFrom(...CHANGES) },
    ),
    fc.nat({ max: 60 }),
  )
  .map(
    ([change, position]) =>
      (text) =>
        change(text, position % (text.length + 1)),
  );

function swapCase(character) {
  const upper = character.toUpperCase();
  return upper === character ? character.toLowerCase() : upper;
}

function percentEncoded(character) {
  const bytes = [...Buffer.from(character)];
  return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
