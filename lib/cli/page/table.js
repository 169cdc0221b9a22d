'use strict';

// A table that sorts by each column, and searches.

const { element } = require('./elements.js');
const { inPortions } = require('./portions.js');

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
  const { more, show: showRows } = inPortions(body, makeRow);
  let order = { column: columns.at(-1), sign: -1 };

  const heads = columns.map((column) => {
    const button = element('button', { type: 'button' }, column.title);
    button.addEventListener('click', () => {
      if (rows.length === 0) return;
      const isText = typeof column.value(rows[0]) === 'string';
      order = { column, sign: order.column === column ? -order.sign : isText ? 1 : -1 };
      update();
    });
    return element('th', { scope: 'col' }, button);
  });

  function update() {
    const words = search.value.toLowerCase().split(/\s+/);
    const [name] = columns;
    const { value } = order.column;
    const shown = rows
      .filter((row) => words.every((word) => name.value(row).toLowerCase().includes(word)))
      .sort((left, right) => order.sign * compare(value(left), value(right)));
    for (const [at, head] of heads.entries()) {
      const direction = order.sign === 1 ? 'ascending' : 'descending';
      head.setAttribute('aria-sort', columns[at] === order.column ? direction : 'none');
    }
    told.textContent = `${shown.length.toLocaleString('en')} of ${rows.length.toLocaleString('en')}`;
    showRows(shown);
  }

  function makeRow(row) {
    const [first, ...others] = columns.map(({ value, show = String }) => show(value(row)));
    const name = choose ? element('button', { type: 'button', onclick: () => choose(row) }, first) : first;
    return element('tr', {}, element('th', { scope: 'row' }, name), ...others.map((text) => element('td', {}, text)));
  }

  search.addEventListener('input', update);
  update();
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body);
  return element('div', { className: 'table' }, element('p', {}, search, ' ', told), table, more);
}

function compare(left, right) {
  return typeof left === 'string' ? left.localeCompare(right) : left - right;
}

module.exports = { makeTable };
