'use strict';

// The page: what `fast-resolve doctor` has found, to look at.

const { element, milliseconds, plural, section } = require('./elements.js');
const { inPortions } = require('./portions.js');
const { makeTable } = require('./table.js');
const { makeTimeline } = require('./timeline.js');

const result = JSON.parse(document.getElementById('data').textContent);
const { program, node, until, phases, packages, modules, failures, duplicates, aliases, lookedInVain, kinds } = result;

const PHASES = ['resolving', 'reading', 'compiling', 'running'];
const base = withSlashes(program).slice(0, withSlashes(program).lastIndexOf('/') + 1);
const byDirectory = new Map(packages.map((each) => [each.directory, each]));

function withSlashes(file) {
  return file.replaceAll('\\', '/');
}

/** A path from the program's directory on, or from the last node_modules. */
function shorten(path) {
  if (path === null) return '';
  const file = withSlashes(path);
  const at = file.lastIndexOf('/node_modules/');
  if (at !== -1) return file.slice(at + '/node_modules/'.length);
  return file.startsWith(base) ? file.slice(base.length) : file;
}

function nameOfPackage({ name, version, directory }) {
  return name === null ? shorten(directory) || directory : version === null ? name : `${name} ${version}`;
}

/** A package has one colour, by its name. */
const hues = new Map(packages.map(({ name, directory }) => [directory, hueOfName(name ?? directory)]));

function hueOfName(name) {
  let hash = 0;
  for (let at = 0; at < name.length; at++) hash = (hash * 31 + name.charCodeAt(at)) % 360;
  return hash;
}

const NAMES = {
  node: 'Node itself',
  rest: modules.some(({ isImported }) => isImported) ? 'compiling ES modules, and the rest' : 'the rest',
};

function makePhases() {
  const whole = Object.entries(phases);
  const parts = whole.map(([phase, time]) => {
    const part = element('div', { className: phase, title: `${NAMES[phase] ?? phase}: ${milliseconds(time)}` });
    part.style.flexGrow = Math.max(0, time);
    return part;
  });
  const legend = whole.map(([phase, time]) =>
    element(
      'li',
      { className: phase },
      `${NAMES[phase] ?? phase} ${milliseconds(time)}, ${Math.round((time / result.milliseconds) * 100)} %`,
    ),
  );
  return section(
    'Where it goes',
    element('div', { className: 'bar', attributes: { 'aria-hidden': 'true' } }, ...parts),
    element('ul', { className: 'legend' }, ...legend),
  );
}

function ownTime(each) {
  return PHASES.reduce((sum, phase) => sum + each[phase], 0);
}

function makeTimelineSection() {
  const told = element('output', { className: 'told' });
  const help = 'Click a block, or use the arrow keys; double click or Enter shows it alone, Escape more again.';
  const tell = (module) => {
    told.textContent =
      module === undefined
        ? help
        : `${shorten(module.file)} (${nameOfPackage(byDirectory.get(module.package))}): ` +
          `${milliseconds(module.end - module.start)}, of that its own ${milliseconds(ownTime(module))}: ` +
          PHASES.map((phase) => `${phase} ${milliseconds(module[phase])}`).join(', ');
  };
  tell();
  const options = {
    total: result.milliseconds,
    hueOf: (module) => hues.get(module.package),
    nameOf: ({ file }) => shorten(file),
    tell,
  };
  const timeline = makeTimeline(modules, options);
  return { part: section('Timeline', timeline.view, told), ...timeline };
}

function times(titles) {
  return titles.map((title) => ({ title, value: (row) => row[title], show: milliseconds }));
}

function makePackages() {
  const columns = [
    { title: 'package', value: nameOfPackage },
    { title: 'modules', value: (row) => row.modules, show: (value) => value.toLocaleString('en') },
    ...times(PHASES),
    { title: 'all', value: (row) => row.milliseconds, show: milliseconds },
  ];
  return section('Packages', makeTable('packages', packages, columns));
}

function makeModules(timeline) {
  const columns = [
    { title: 'module', value: ({ file }) => shorten(file) },
    { title: 'asked for by', value: ({ by }) => shorten(by) },
    { title: 'from', value: (row) => row.start, show: milliseconds },
    ...times(PHASES),
    { title: 'with what it loads', value: (row) => row.end - row.start, show: milliseconds },
    { title: 'its own', value: ownTime, show: milliseconds },
  ];
  const choose = (module) => {
    timeline.select(module);
    timeline.view.focus();
  };
  return section('Modules', makeTable('modules', modules, columns, choose));
}

/** A section with lines; none where there are none. */
function makeList(title, lines) {
  return lines.length === 0 ? '' : section(title, ...linesOf(lines));
}

/** A list, and the button that shows more of it. */
function linesOf(lines) {
  const list = element('ul');
  const { more, show } = inPortions(list, (line) => element('li', {}, ...line));
  show(lines);
  return [list, more];
}

function makeDuplicates() {
  return makeList(
    'Packages that are there more than once',
    duplicates.map(({ name, places }) => [
      element('b', {}, name),
      ...linesOf(
        places.map(({ directory, version, modules: count, askedForBy }) => {
          const asker = askedForBy === null ? '' : `, for ${shorten(askedForBy)}`;
          return [element('b', {}, version ?? ''), ` ${directory}: ${plural(count, 'module')}${asker}`];
        }),
      ),
    ]),
  );
}

function makeSavings() {
  if (kinds === null) return '';
  const longest = Math.max(...kinds.map(({ median }) => median));
  const rows = kinds.map(({ name, median, lowerQuartile, upperQuartile, timesAsFast }) => {
    const bar = element('div', { className: 'saved', attributes: { 'aria-hidden': 'true' } });
    bar.style.width = `${(median / longest) * 100}%`;
    const spread = `${milliseconds(lowerQuartile)} – ${milliseconds(upperQuartile)}`;
    const cells = [milliseconds(median), spread, `${timesAsFast.toFixed(2)}×`].map((text) => element('td', {}, text));
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...cells,
      element('td', { className: 'wide' }, bar),
    );
  });
  return section('What would be saved', element('table', {}, element('tbody', {}, ...rows)));
}

function makeHeader() {
  const end = until === 'exit' ? 'until it exited' : `until ${until}`;
  const counts = [
    plural(modules.length, 'module'),
    plural(packages.length, 'package'),
    plural(result.requests, 'request'),
  ];
  const summary = `${milliseconds(result.milliseconds)} ${end}, with Node ${node.slice(1)}; ${counts.join(', ')}`;
  return element('header', {}, element('h1', {}, program), element('p', {}, summary));
}

const timeline = makeTimelineSection();
document.title = `${program.slice(base.length)} – fast-resolve doctor`;
const { all, nodeModules, directories } = lookedInVain;
const timesOf = (count) => `${count.toLocaleString('en')}× `;
document.querySelector('main').append(
  makeHeader(),
  makePhases(),
  timeline.part,
  makeDuplicates(),
  makeList(
    'Files that were loaded under several names',
    aliases.map((names) => [names.join(' = ')]),
  ),
  makeList(
    'Requests that failed, and were swallowed',
    failures.map(({ request, from, code, count }) => [
      `${timesOf(count)}${JSON.stringify(request)} ${code ?? ''} ${shorten(from)}`,
    ]),
  ),
  makeSavings(),
  makePackages(),
  makeModules(timeline),
  makeList(
    `Looked for in vain: ${plural(all, 'time')}, ${nodeModules.toLocaleString('en')} of them a node_modules that is not there`,
    directories.map(({ directory, count }) => [timesOf(count) + directory]),
  ),
);
