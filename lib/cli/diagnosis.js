'use strict';

// What `fast-resolve doctor` makes of the record of a start.

const fs = require('node:fs');
const path = require('node:path');

const { Packages } = require('./packages.js');

/** Where time goes, in the order in which a module comes by them. */
const PHASES = ['resolving', 'reading', 'compiling', 'running'];

/** @param {object} record As `lib/cli/probe.js` writes it. */
function diagnose(record, program) {
  const packages = new Packages(program);
  const modules = record.modules.map(({ own, at: _, ...module }) => ({
    ...module,
    ...onlyPhases(own),
    package: packages.of(module.file),
  }));
  const total = sumOf([record.outside, ...modules]);
  const known = PHASES.reduce((sum, phase) => sum + total[phase], 0);
  return {
    milliseconds: record.ended,
    phases: { node: record.began, ...total, rest: record.ended - record.began - known },
    requests: record.requests,
    packages: byPackage(modules),
    failures: record.failures.sort(byCount),
    duplicates: findDuplicates(modules),
    aliases: findAliases(modules),
    lookedInVain: describeFailedStats(record.failedStats),
    modules: modules.map((module) => ({ ...module, package: module.package.directory })),
  };
}

function onlyPhases(own) {
  return Object.fromEntries(PHASES.map((phase) => [phase, own[phase]]));
}

function sumOf(list) {
  return Object.fromEntries(PHASES.map((phase) => [phase, list.reduce((sum, each) => sum + each[phase], 0)]));
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const each of list) {
    const key = keyOf(each);
    if (groups.has(key)) groups.get(key).push(each);
    else groups.set(key, [each]);
  }
  return groups;
}

function byCount(left, right) {
  return right.count - left.count;
}

/** Largest first. */
function byPackage(modules) {
  return [...groupBy(modules, (module) => module.package)]
    .map(([{ name, version, directory }, own]) => {
      const phases = sumOf(own);
      const milliseconds = PHASES.reduce((sum, phase) => sum + phases[phase], 0);
      return { name, version, directory, modules: own.length, milliseconds, ...phases };
    })
    .sort((left, right) => right.milliseconds - left.milliseconds);
}

/** Packages of one name in several directories, with the file that asked first for a module of each. */
function findDuplicates(modules) {
  const named = modules.filter((module) => module.package.name !== null);
  return [...groupBy(named, (module) => module.package.name)]
    .map(([name, ofName]) => ({ name, places: [...groupBy(ofName, (module) => module.package)].map(describePlace) }))
    .filter(({ places }) => places.length > 1);
}

function describePlace([{ directory, version }, modules]) {
  return { directory, version, modules: modules.length, askedForBy: modules[0].by };
}

/** Files that were loaded under several names: links that are kept, hard links, and letters that the file system takes for the same. */
function findAliases(modules) {
  const files = [...new Set(modules.map(({ file }) => file))];
  const known = files.map((file) => [file, fs.statSync(file, { throwIfNoEntry: false, bigint: true })]);
  const identified = known.filter(([, stat]) => stat !== undefined);
  return [...groupBy(identified, ([, { dev, ino }]) => `${dev} ${ino}`).values()]
    .filter((names) => names.length > 1)
    .map((names) => names.map(([file]) => file));
}

/** `node_modules`: each directory of that name that was not there, and how often Node looked for it. */
function describeFailedStats(failedStats) {
  const directories = failedStats
    .filter(([file]) => path.basename(file) === 'node_modules')
    .map(([directory, count]) => ({ directory, count }))
    .sort(byCount);
  const count = (list) => list.reduce((sum, each) => sum + each, 0);
  return {
    all: count(failedStats.map(([, times]) => times)),
    nodeModules: count(directories.map((each) => each.count)),
    directories,
  };
}

module.exports = { PHASES, diagnose };
