'use strict';

// How results are shown.

const path = require('node:path');
const { stripVTControlCharacters } = require('node:util');

const CODES = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], cyan: [36, 39] };

/** NO_COLOR and FORCE_COLOR decide, and else whether somebody looks. */
function isColoured(stream) {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return !NO_COLOR && stream.isTTY === true;
}

function paint(style, text, stream = process.stdout) {
  const [on, off] = CODES[style];
  return isColoured(stream) ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}

/** Rows of cells, each column as wide as its widest cell; `right` says which stand to the right. */
function columns(rows, right = []) {
  const width = (text) => stripVTControlCharacters(text).length;
  const widths = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cell));
  const fill = (cell, at) => {
    const space = ' '.repeat(widths[at] - width(cell));
    return right.includes(at) ? space + cell : cell + space;
  };
  return rows.map((row) => `${row.map(fill).join('  ').trimEnd()}\n`).join('');
}

const EIGHTHS = ' ▏▎▍▌▋▊▉';
const LONGEST_BAR = 30;

/** A bar for a share of the longest one. */
function bar(share) {
  const eighths = Math.round(share * LONGEST_BAR * 8);
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]}`.trimEnd();
}

function milliseconds(value) {
  return value < 9.95 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

function bytes(value) {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB'];
  let size = value / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

function age(millisecondsAgo) {
  const steps = [
    [60_000, 1000, 'second'],
    [3_600_000, 60_000, 'minute'],
    [86_400_000, 3_600_000, 'hour'],
    [Number.POSITIVE_INFINITY, 86_400_000, 'day'],
  ];
  const [, unit, name] = steps.find(([end]) => millisecondsAgo < end);
  const count = Math.max(0, Math.floor(millisecondsAgo / unit));
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** A path as somebody would name it who is here. */
function nearPath(file) {
  const near = path.relative('', file);
  return near.startsWith('..') ? file : near || '.';
}

/** A result: for machines, or in words. */
function print(result, isJson, format) {
  process.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : format(result));
}

/** What is being done, on one line of a terminal that the next one takes the place of. */
class Progress {
  #began = Date.now();

  tell(what, done, all) {
    if (!process.stdout.isTTY || !process.stderr.isTTY) return;
    const left = done === 0 ? '' : `, ${Math.ceil(((Date.now() - this.#began) / done / 1000) * (all - done))} s left`;
    process.stderr.write(`\r\u001b[K${what}, ${done} of ${all}${left}`);
  }

  end() {
    if (process.stdout.isTTY && process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

module.exports = { Progress, age, bar, bytes, columns, milliseconds, nearPath, paint, print };
