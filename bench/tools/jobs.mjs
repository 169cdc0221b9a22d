// What the resolvers of tools are asked: the requests of real programs, and of a generated monorepo, each with oxc-resolver's answer.
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { corpusDirectory } from '../corpus/install.mjs';
import { runCommand } from '../lib/run-child.mjs';

const answersScript = path.join(import.meta.dirname, 'children', 'answers.cjs');

const conditionNames = ['require', 'node'];
const aliasCount = 20;

const isRelative = (request) => /^\.{1,2}(?:\/|$)/.test(request);

const isName = (request) => /^[@\w]/.test(request) && !isBuiltin(request);

const nameOf = (request) => request.match(/^(?:@[^/]+\/)?[^/]+/)[0];

/** Each request of a directory once. */
const selectRequests = (calls) => {
  const known = new Map();
  for (const [request, filename] of calls) {
    if (isRelative(request) || isName(request)) known.set(`${path.dirname(filename)}\0${request}`, [request, filename]);
  }
  return [...known.values()];
};

/** The package that is asked for most often, of those that lie in the corpus's own node_modules directory; undefined if there is none. */
const findFavourite = (calls) => {
  const counts = new Map();
  for (const [request] of calls.filter(([asked]) => isName(asked))) {
    counts.set(nameOf(request), (counts.get(nameOf(request)) ?? 0) + 1);
  }
  const names = [...counts.keys()].sort((left, right) => counts.get(right) - counts.get(left));
  return names.find((name) => fs.existsSync(path.join(corpusDirectory, 'node_modules', name, 'package.json')));
};

const others = Array.from({ length: aliasCount - 1 }, (_value, index) => `@alias/no-${index}`);

const directoryOf = (name) => path.join(corpusDirectory, 'node_modules', name);

const withAliases = (favourite) => {
  const aliases = others.map((name) => [name, [path.join(corpusDirectory, name)]]);
  return { conditionNames, alias: Object.fromEntries([...aliases, [favourite, [directoryOf(favourite)]]]) };
};

const withPaths = (favourite, directory) => {
  const names = [...others, favourite];
  const paths = names.flatMap((name) => [
    [name, [directoryOf(name)]],
    [`${name}/*`, [`${directoryOf(name)}/*`]],
  ]);
  const configFile = path.join(fs.mkdtempSync(path.join(directory, 'tsconfig-')), 'tsconfig.json');
  const compilerOptions = { baseUrl: corpusDirectory, paths: Object.fromEntries(paths) };
  fs.writeFileSync(configFile, JSON.stringify({ compilerOptions }));
  return { conditionNames, tsconfig: { configFile } };
};

/** By name, options of a program whose favourite package this is. */
const optionSets = {
  none: () => ({ conditionNames }),
  aliases: (favourite) => withAliases(favourite),
  paths: (favourite, directory) => withPaths(favourite, directory),
};

/** A job with what oxc-resolver answers; what it has no answer to is not asked. */
const writeJob = ({ node, directory }, name, job) => {
  const file = path.join(directory, `job-${name}.json`);
  fs.writeFileSync(file, JSON.stringify(job));
  const answers = JSON.parse(runCommand(node.path, [answersScript, file]).stdout);
  const calls = job.calls.map((call, index) => [...call, answers[index]]).filter(([, , answer]) => answer !== null);
  fs.writeFileSync(file, JSON.stringify({ ...job, primeDirectory: directory, calls }));
  return { name, file, resolves: calls.length };
};

/** The requests of programs, with options by the name of their set. */
export const createProgramJobs = (context, traces, setName) =>
  traces
    .map(({ program, calls }) => ({ program, calls: selectRequests(calls) }))
    .map(({ program, calls }) => ({ program, calls, favourite: findFavourite(calls) }))
    .filter(({ favourite }) => favourite !== undefined)
    .map(({ program, calls, favourite }) =>
      writeJob(context, `${setName}-${program}`, { options: optionSets[setName](favourite, context.directory), calls }),
    );

export const createMonorepoJob = (context, { calls, changed }) =>
  writeJob(context, 'monorepo', { options: optionSets.none(), calls, changed });
