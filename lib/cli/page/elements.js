'use strict';

// How the page is put together.

/**
 * An element with properties, attributes (in `attributes`), and children: elements and texts.
 * @returns {HTMLElement}
 */
function element(name, { attributes = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** A part of the page under a heading; nothing where there is nothing to say. */
function section(title, ...children) {
  return element('section', {}, element('h2', {}, title), ...children);
}

function milliseconds(value) {
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ms`;
}

function plural(number, noun) {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

module.exports = { element, milliseconds, plural, section };
