// The blocks of code in the documents, and programs made of them.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '../..');

/** All documents that are kept, by their names from the root. */
export const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: repository, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((name) => fs.existsSync(path.join(repository, name)));

export const textOf = (document) => fs.readFileSync(path.join(repository, document), 'utf8');

/** The blocks of a document that are in one of these languages: { document, line, language, text }, without their indentation. */
export function blocksIn(document, ...languages) {
  const text = textOf(document);
  return [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , language]) => languages.includes(language))
    .map(({ index, 1: indentation, 2: language, 3: inner }) => ({
      document,
      line: text.slice(0, index).split('\n').length + 1,
      language,
      text: inner.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
    }));
}

/** A statement of one line that is an expression, with a comment behind it or on the lines below. */
const WITH_COMMENT =
  /^(?!const |let |import |export |for |\/\/|[ }])(?<expression>.+);(?:\s+|\n)\/\/ (?<comment>.*(?:\n *\/\/.*)*)$/gm;
/** What a comment begins with that says what comes out, and not something about it. */
const VALUE = /^(?:[[{'"]|-?\d|(?:true|false|null|undefined)(?=$|[:;,]))/;

/**
 * A program that runs a block, and compares what the expressions in it come to with what the comments behind them say. Its last line on
 * stdout has how many were compared.
 */
export function programOf(block, { before = '', after = '' } = {}) {
  const text = block.replaceAll(WITH_COMMENT, (line, expression, comment) => {
    const said = comment.replaceAll(/\n *\/\/ */g, ' ');
    const code = /^throws (\w+)/.exec(said)?.[1];
    const inner = expression.replace(/^await /, '');
    if (code !== undefined) return `await expectError(async () => ${inner}, '${code}');`;
    if (!VALUE.test(said)) return line;
    return `expectValue(${expression.startsWith('await ') ? 'await ' : ''}(${inner}), ${JSON.stringify(said)});`;
  });
  return `${PRELUDE}\n${before}\n${text}\n${after}\nconsole.log('compared ' + compared);\n`;
}

const PRELUDE = `
import { createRequire } from 'node:module';
import { expectError, expectValue, compared } from './expect.mjs';
const require = createRequire(import.meta.url);`;
