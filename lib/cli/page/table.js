'use strict';

// A table that sorts by each column, and searches. Of many rows, the first are in the document.

const { element } = require('./elements.js');

const ROWS_AT_ONCE = 200;

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: object) => string | number} value What it is sorted by.
 * @property {(value: any) => string} [show]
 */

/**
 * @param {string} label
 * @param {object[]} rows
 * @param {Column[]} columns The first is a text, and the last what rows are sorted by at first.
 * @param {(row: object) => void} [choose]
 */
function makeTable(label, rows, columns, choose) {
  const search = element('input', {
    type: 'search',
    placeholder: 'search',
    attributes: { 'aria-label': `search ${label}` },
  });
  const told = element('output');
  const body = element('tbody');
  const more = element('button', { type: 'button' });
  let order = { column: columns.at(-1), sign: -1 };
  let shown = [];

  const heads = columns.map((column) => {
    const button = element('button', { type: 'button' }, column.title);
    button.addEventListener('click', () => {
      const isText = typeof column.value(rows[0] ?? {}) === 'string';
      order = { column, sign: order.column === column ? -order.sign : isText ? 1 : -1 };
      update();
    });
    return element('th', { scope: 'col' }, button);
  });

  function update() {
    const words = search.value.toLowerCase().split(/\s+/);
    const [name] = columns;
    const { value } = order.column;
    shown = rows
      .filter((row) => words.every((word) => name.value(row).toLowerCase().includes(word)))
      .sort((left, right) => order.sign * compare(value(left), value(right)));
    for (const [at, head] of heads.entries()) {
      const direction = order.sign === 1 ? 'ascending' : 'descending';
      head.setAttribute('aria-sort', columns[at] === order.column ? direction : 'none');
    }
    told.textContent = `${shown.length.toLocaleString('en')} of ${rows.length.toLocaleString('en')}`;
    body.replaceChildren();
    showMore();
  }

  function showMore() {
    const begin = body.childElementCount;
    body.append(...shown.slice(begin, begin + ROWS_AT_ONCE).map(makeRow));
    const left = shown.length - body.childElementCount;
    more.hidden = left === 0;
    more.textContent = `show ${Math.min(left, ROWS_AT_ONCE)} more of ${left.toLocaleString('en')}`;
  }

  function makeRow(row) {
    const [first, ...others] = columns.map(({ value, show = String }) => show(value(row)));
    const name = choose ? element('button', { type: 'button', onclick: () => choose(row) }, first) : first;
    return element('tr', {}, element('th', { scope: 'row' }, name), ...others.map((text) => element('td', {}, text)));
  }

  search.addEventListener('input', update);
  more.addEventListener('click', showMore);
  update();
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body);
  return element('div', { className: 'table' }, element('p', {}, search, ' ', told), table, more);
}

function compare(left, right) {
  return typeof left === 'string' ? left.localeCompare(right) : left - right;
}

module.exports = { makeTable };
