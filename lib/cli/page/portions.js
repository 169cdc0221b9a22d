'use strict';

// Of many things, the first are in the document, and a button brings more.

const { element } = require('./elements.js');

const AT_ONCE = 200;

/**
 * @param {HTMLElement} container
 * @param {(item: any) => HTMLElement} makeChild
 * @returns {{ more: HTMLElement, show: (items: any[]) => void }} The button, and what has the container begin with other items.
 */
function inPortions(container, makeChild) {
  const more = element('button', { type: 'button' });
  let shown = [];

  function showMore() {
    const begin = container.childElementCount;
    container.append(...shown.slice(begin, begin + AT_ONCE).map(makeChild));
    const left = shown.length - container.childElementCount;
    more.hidden = left === 0;
    more.textContent = `show ${Math.min(left, AT_ONCE)} more of ${left.toLocaleString('en')}`;
  }

  function show(items) {
    shown = items;
    container.replaceChildren();
    showMore();
  }

  more.addEventListener('click', showMore);
  return { more, show };
}

module.exports = { inPortions };
