'use strict';

// The modules as a flame graph over time, on a canvas: each stands below the one during whose run it was loaded. What is drawn is what
// the window on it shows, so that its size does not depend on how many modules there are, and how deep.

const { element, milliseconds } = require('./elements.js');

const ROW = 20;
const AXIS = 22;
const MOST_ROWS = 24;
/** A block has its name in it from this width on. */
const NAMED_FROM = 45;

/**
 * @param {object[]} modules As the diagnosis has them, in the order in which they began.
 * @param {{ total: number, hueOf: (module: object) => number, nameOf: (module: object) => string, tell: (module?: object) => void }} options
 */
function makeTimeline(modules, { total, hueOf, nameOf, tell }) {
  const depths = [];
  const children = modules.map(() => []);
  const roots = [];
  for (const [at, { parent }] of modules.entries()) {
    depths.push(parent === -1 ? 0 : depths[parent] + 1);
    (parent === -1 ? roots : children[parent]).push(at);
  }
  const rows = depths.reduce((most, depth) => Math.max(most, depth + 1), 1);

  const canvas = element('canvas');
  const space = element('div', { className: 'space' });
  space.style.height = `${rows * ROW + AXIS}px`;
  const label =
    'Timeline of the modules. Arrow keys go from one to the next, Enter shows one alone, Escape shows more again.';
  const view = element(
    'div',
    { className: 'timeline', tabIndex: 0, attributes: { role: 'application', 'aria-label': label } },
    canvas,
    space,
  );
  view.style.height = `${Math.min(rows, MOST_ROWS) * ROW + AXIS + 2}px`;

  let from = 0;
  let to = total;
  let selected = -1;

  const xOf = (time) => ((time - from) / (to - from)) * view.clientWidth;

  function draw() {
    const { clientWidth: width, clientHeight: height } = view;
    const scale = window.devicePixelRatio;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    const style = getComputedStyle(view);
    context.font = `11px ${style.fontFamily}`;
    context.textBaseline = 'middle';
    // Of blocks that are narrower than a pixel, one is to be seen.
    const drawnTo = new Int32Array(rows).fill(-1);
    for (const [at, module] of modules.entries()) {
      const y = AXIS + depths[at] * ROW - view.scrollTop;
      if (y + ROW < 0 || y > height || module.end < from || module.start > to) continue;
      const right = Math.floor(xOf(module.end));
      if (right === drawnTo[depths[at]] && right - xOf(module.start) < 1) continue;
      drawnTo[depths[at]] = right;
      drawBlock(context, style, module, y, width);
    }
    drawAxis(context, style, width, height);
    if (selected !== -1) {
      const { start, end } = modules[selected];
      context.strokeStyle = style.color;
      context.lineWidth = 2;
      const y = AXIS + depths[selected] * ROW - view.scrollTop;
      context.strokeRect(xOf(start), y, Math.max(3, xOf(end) - xOf(start)), ROW - 1);
    }
  }

  function drawBlock(context, style, module, y, width) {
    const x = Math.max(0, xOf(module.start));
    const right = Math.min(width, xOf(module.end));
    context.fillStyle = `hsl(${hueOf(module)} ${style.getPropertyValue('--block')})`;
    context.fillRect(x, y, Math.max(0.6, right - x - 0.5), ROW - 1);
    if (right - x < NAMED_FROM) return;
    context.save();
    context.beginPath();
    context.rect(x, y, right - x - 3, ROW);
    context.clip();
    context.fillStyle = style.getPropertyValue('--on-block');
    context.fillText(nameOf(module), x + 4, y + ROW / 2);
    context.restore();
  }

  function drawAxis(context, style, width, height) {
    context.fillStyle = style.backgroundColor;
    context.fillRect(0, 0, width, AXIS - 2);
    context.fillStyle = style.color;
    context.strokeStyle = style.getPropertyValue('--line');
    const step = stepFor((to - from) / Math.max(2, width / 110));
    for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
      const x = xOf(time);
      context.beginPath();
      context.moveTo(x, AXIS - 6);
      context.lineTo(x, height);
      context.globalAlpha = 0.35;
      context.stroke();
      context.globalAlpha = 1;
      context.fillText(milliseconds(time), Math.min(x + 3, width - 50), 9);
    }
  }

  function moduleAt({ offsetX, offsetY }) {
    const depth = Math.floor((offsetY + view.scrollTop - AXIS) / ROW);
    const time = from + (offsetX / view.clientWidth) * (to - from);
    const slack = ((to - from) / view.clientWidth) * 2;
    return modules.findIndex(
      ({ start, end }, at) => depths[at] === depth && start - slack <= time && time <= end + slack,
    );
  }

  function select(at) {
    selected = at;
    if (at !== -1) {
      const y = depths[at] * ROW;
      if (y < view.scrollTop) view.scrollTop = y;
      const room = view.clientHeight - AXIS - ROW;
      if (y > view.scrollTop + room) view.scrollTop = y - room;
      const { start, end } = modules[at];
      if (end < from || start > to) show(0, total);
    }
    tell(modules[at]);
    draw();
  }

  function show(begin, end) {
    from = begin;
    to = Math.max(end, begin + 0.01);
    draw();
  }

  /** Shows a module over the whole width. */
  function zoom(at) {
    if (at === -1) show(0, total);
    else show(modules[at].start, modules[at].end);
  }

  /** Shows what is around what is shown: the module above it, or all. */
  function widen() {
    const around = modules.filter(({ start, end }) => start <= from && end >= to && (start < from || end > to));
    const next = around.at(-1);
    if (next === undefined) show(0, total);
    else show(next.start, next.end);
  }

  const siblings = () =>
    selected === -1 || modules[selected].parent === -1 ? roots : children[modules[selected].parent];
  const beside = (distance) => siblings()[siblings().indexOf(selected) + distance] ?? selected;
  const KEYS = {
    ArrowRight: () => select(selected === -1 ? (roots[0] ?? -1) : beside(1)),
    ArrowLeft: () => select(selected === -1 ? (roots[0] ?? -1) : beside(-1)),
    ArrowDown: () => select(selected === -1 ? (roots[0] ?? -1) : (children[selected][0] ?? selected)),
    ArrowUp: () => select(selected === -1 ? -1 : modules[selected].parent === -1 ? selected : modules[selected].parent),
    Home: () => select(roots[0] ?? -1),
    End: () => select(roots.at(-1) ?? -1),
    Enter: () => zoom(selected),
    Escape: widen,
  };

  view.addEventListener('keydown', (event) => {
    const does = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
    if (does === undefined) return;
    event.preventDefault();
    does();
  });
  canvas.addEventListener('mousemove', (event) => {
    const at = moduleAt(event);
    tell(modules[at] ?? modules[selected]);
    canvas.style.cursor = at === -1 ? '' : 'pointer';
  });
  canvas.addEventListener('mouseleave', () => tell(modules[selected]));
  canvas.addEventListener('click', (event) => select(moduleAt(event)));
  canvas.addEventListener('dblclick', (event) => zoom(moduleAt(event)));
  view.addEventListener('scroll', draw);
  new ResizeObserver(draw).observe(view);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  return { view, select: (module) => select(modules.indexOf(module)) };
}

/** A round number that is not below. */
function stepFor(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least);
}

module.exports = { makeTimeline };
