// The documents lead where they say.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { documents, repository as root, textOf as wholeTextOf } from './blocks.mjs';

const textOf = (name) => wholeTextOf(name).replaceAll(/^```.*?^```/gms, '');

/** Links and pictures of a document, to what lies in the repository. */
const linksIn = (text) =>
  [...text.matchAll(/!?\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** As GitHub names a heading. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));

test('each link of a document leads to a file, and to a heading', (t) => {
  t.true(documents.includes('README.md'));
  let count = 0;
  for (const name of documents) {
    for (const link of linksIn(textOf(name))) {
      const [target, anchor] = link.split('#');
      const file = target === '' ? path.join(root, name) : path.resolve(root, path.dirname(name), target);
      t.true(fs.existsSync(file), `${name}: ${link}`);
      if (anchor !== undefined)
        t.true(anchorsIn(textOf(path.relative(root, file))).includes(anchor), `${name}: ${link}`);
      count++;
    }
  }
  t.true(count > 20, `${count} links`);
});

test('each decision has its date, and whether it holds', (t) => {
  const sections = wholeTextOf('docs/decisions.md').split(/^### /m).slice(1);
  t.true(sections.length > 30);
  for (const section of sections)
    t.regex(section, /^[^\n]+\n\*20\d\d-\d\d-\d\d, (?:holds|open|replaced by [^\n]+)\.[^\n]*\*\n\n/);
});
