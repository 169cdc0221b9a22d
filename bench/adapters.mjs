// The adapters beside what they take the place of, in runs of the tools that they are for:
// `node bench/adapters.mjs eslint|rollup [rounds]`. Each round runs both, the first one in turns; of all rounds the medians are told.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { bundle } from '../__test__/adapters/bundling.mjs';
import { createLinter, findingsOf, resolvers } from '../__test__/adapters/linting.mjs';
import { copySources, ensureTools, toolsModules } from '../__test__/adapters/tools.mjs';
import { workspace } from '../__test__/adapters/workspace.mjs';
import { removeTree, writeTree } from '../__test__/helpers/tree.mjs';
import { median, pairedRatios } from './lib/statistics.mjs';

const WHOSE = ['ours', 'theirs'];
const PACKAGES = ['@mui/material', 'lodash', 'rxjs', 'date-fns', 'viem', 'react-dom/client', 'graphql'];

const MEASURES = {
  /** Two real packages in TypeScript are linted; the resolver's own time is that within its function. */
  async eslint(whose) {
    const root = writeTree(workspace);
    try {
      copySources(root, { rxjs: 'src', effect: 'src' });
      process.chdir(root);
      const resolver = resolvers[whose]();
      const spent = { resolver: 0, calls: 0 };
      const timed = {
        ...resolver,
        resolve(source, file) {
          const start = performance.now();
          const answer = resolver.resolve(source, file);
          spent.resolver += performance.now() - start;
          spent.calls++;
          return answer;
        },
      };
      const linter = createLinter(root, 'import-x', { 'import-x/resolver-next': [timed] });
      const { wall, cpu, value } = await timeOf(() => findingsOf(linter, root, ['packages']));
      return { wall, cpu, ...spent, findings: value.length };
    } finally {
      process.chdir('/');
      removeTree(root);
    }
  },

  /** Real packages are bundled for a browser. */
  async rollup(whose) {
    const entries = PACKAGES.map((name, index) => [`entry${index}.js`, `export * from '${name}';\n`]);
    const root = writeTree({ ...Object.fromEntries(entries), node_modules: { link: toolsModules } });
    try {
      const input = entries.map(([name]) => path.join(root, name));
      const options = { browser: true, preferBuiltins: false, rootDir: root };
      const { wall, cpu, value } = await timeOf(() => bundle(whose, options, { input }));
      return { wall, cpu, modules: value.modules, bytes: value.files.reduce((sum, [, text]) => sum + text.length, 0) };
    } finally {
      removeTree(root);
    }
  },
};

async function timeOf(run) {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const value = await run();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall, cpu: (user + system) / 1000, value };
}

function measureInProcess(tool, whose) {
  const output = execFileSync(process.execPath, [import.meta.filename, '--measure', tool, whose], { encoding: 'utf8' });
  return JSON.parse(output);
}

function compare(tool, rounds) {
  const results = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    for (const whose of round % 2 === 0 ? WHOSE : WHOSE.toReversed())
      results[whose].push(measureInProcess(tool, whose));
  }
  for (const name of Object.keys(results.ours[0])) {
    const [ours, theirs] = WHOSE.map((whose) => results[whose].map((result) => result[name]));
    const ratio = median(pairedRatios(theirs, ours));
    console.log(
      `${name}: ours ${round1(median(ours))}, theirs ${round1(median(theirs))}; theirs / ours by pairs ${ratio.toFixed(3)}`,
    );
  }
}

const round1 = (value) => Math.round(value * 10) / 10;

const [first, second, third] = process.argv.slice(2);
if (first === '--measure') {
  fs.writeSync(1, JSON.stringify(await MEASURES[second](third)));
} else if (Object.hasOwn(MEASURES, first)) {
  ensureTools();
  compare(first, Number(second ?? 7));
} else {
  console.error('node bench/adapters.mjs eslint|rollup [rounds]');
  process.exitCode = 2;
}
