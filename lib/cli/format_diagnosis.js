'use strict';

// What `fast-resolve doctor` has found, in words.

const { formatKinds } = require('./compare.js');
const { PHASES } = require('./diagnosis.js');
const { bar, columns, milliseconds, nearPath, paint } = require('./text.js');

/** Of a list that is longer, so many lines are shown. */
const MOST = 12;

function formatDiagnosis(diagnosis) {
  const { program, node, until, milliseconds: all, modules, packages, requests } = diagnosis;
  const counts = `${count(modules, 'module')} of ${count(packages, 'package')}, ${plural(requests, 'request')}`;
  const end = until === 'exit' ? 'until it exited' : `until \`${until}\``;
  const title = `${nearPath(program)} with Node ${node.slice(1)}: ${milliseconds(all)} ${end}; ${counts}`;
  const parts = [
    formatPhases(diagnosis),
    formatPackages(diagnosis),
    formatFailures(diagnosis),
    formatDuplicates(diagnosis),
    formatAliases(diagnosis),
    formatLookedInVain(diagnosis),
    formatSavings(diagnosis),
  ];
  return [`${title}\n`, ...parts.filter((part) => part !== '')].join('\n');
}

function plural(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function count(list, noun) {
  return plural(list.length, noun);
}

/** A heading, the names of the columns if they have any, and rows below it, of which the first are shown. */
function section(title, rows, right, heads = []) {
  const more = rows.length - MOST;
  const rest = more > 0 ? `  and ${more} more\n` : '';
  return `${paint('bold', title)}\n${columns([...heads, ...rows.slice(0, MOST)], right)}${rest}`;
}

const MEANINGS = {
  node: ['Node itself', 'until it comes to the program'],
  resolving: ['resolving', 'finding the files that modules ask for'],
  reading: ['reading', 'reading them'],
  compiling: ['compiling', 'making code of them'],
  running: ['running', 'what modules do while they load'],
  rest: ['the rest', 'callbacks, waiting'],
};

function formatPhases({ phases, milliseconds: all, modules }) {
  const longest = Math.max(...Object.values(phases));
  const hasImports = modules.some(({ isImported }) => isImported);
  const rows = Object.entries(phases).map(([phase, time]) => {
    const [name, meaning] = MEANINGS[phase];
    const isOfImports = phase === 'rest' && hasImports;
    return [
      `  ${name}`,
      milliseconds(time),
      `${Math.round((time / all) * 100)} %`,
      paint('cyan', bar(time / longest).padEnd(30)),
      paint('dim', isOfImports ? `compiling ES modules, ${meaning}` : meaning),
    ];
  });
  return section('Where it goes', rows, [1, 2]);
}

function nameOf({ name, version, directory }) {
  if (name === null) return nearPath(directory);
  return version === null ? name : `${name} ${version}`;
}

function formatPackages({ packages }) {
  const head = ['  package', 'modules', ...PHASES, 'all'].map((cell) => paint('dim', cell));
  const rows = packages.map((each) => [
    `  ${nameOf(each)}`,
    String(each.modules),
    ...PHASES.map((phase) => milliseconds(each[phase])),
    milliseconds(each.milliseconds),
  ]);
  return section('By package', rows, [1, 2, 3, 4, 5, 6], [head]);
}

function formatFailures({ failures }) {
  if (failures.length === 0) return '';
  const rows = failures.map(({ request, from, code, count: times }) => [
    `  ${times}×`,
    JSON.stringify(request),
    code ?? '',
    from === null ? '' : nearPath(from),
  ]);
  return section('Requests that failed, and were swallowed', rows, [0]);
}

function formatDuplicates({ duplicates }) {
  if (duplicates.length === 0) return '';
  const rows = duplicates.flatMap(({ name, places }) =>
    places.map(({ directory, version, askedForBy }, at) => [
      at === 0 ? `  ${name}` : '',
      version ?? '',
      nearPath(directory),
      askedForBy === null ? '' : paint('dim', `for ${nearPath(askedForBy)}`),
    ]),
  );
  return section('Packages that are there more than once', rows);
}

function formatAliases({ aliases }) {
  if (aliases.length === 0) return '';
  const rows = aliases.map((names) => [`  ${names.map(nearPath).join(' = ')}`]);
  return section('Files that were loaded under several names', rows);
}

function formatLookedInVain({ lookedInVain: { all, nodeModules, directories } }) {
  if (all === 0) return '';
  const title = `Looked for in vain: ${plural(all, 'time')}, ${nodeModules} of them a node_modules that is not there`;
  const rows = directories.map(({ directory, count: times }) => [`  ${times}×`, nearPath(directory)]);
  return section(title, rows, [0]);
}

function formatSavings({ kinds }) {
  return kinds === null ? '' : `${paint('bold', 'What would be saved')}\n${formatKinds(kinds)}`;
}

module.exports = { formatDiagnosis };
