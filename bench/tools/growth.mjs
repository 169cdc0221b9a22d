// What an answer of a resolver for tools takes in memory, and whether that grows where files are forgotten and resolved again:
// `node bench/tools/growth.mjs [requests, default 100000]`, in a generated monorepo of 2,000 packages.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureInstalled } from '../../scripts/setup.mjs';
import { withoutSnapshot } from '../lib/implementations.mjs';
import { runCommand } from '../lib/run-child.mjs';
import { formatTable } from '../lib/tables.mjs';
import { createMonorepo } from './monorepo.mjs';

const script = path.join(import.meta.dirname, 'children', 'growth.cjs');
const kinds = ['fast-resolve', 'fast-resolve, turn', 'oxc-resolver'];
const size = { packages: 2000, files: 50, installed: 100 };

const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(1);

const row = (kind, count, { before, passes }) => {
  const [first] = passes;
  const last = passes.at(-1);
  const perEntry = (figure) => ((first[figure] - before[figure]) / count).toFixed(0);
  return [kind, perEntry('rss'), perEntry('heap'), perEntry('held'), ...[first, last].map(({ rss }) => mebibytes(rss))];
};

const main = (count) => {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-growth-')));
  try {
    const calls = createMonorepo(root, size).createCalls(count);
    const job = path.join(root, 'job.json');
    fs.writeFileSync(job, JSON.stringify({ options: { conditionNames: ['require', 'node'] }, calls }));
    const measure = (kind) =>
      JSON.parse(runCommand(process.execPath, ['--expose-gc', script, kind, job], withoutSnapshot).stdout);
    const head = [
      `${count} requests`,
      'RSS, bytes each',
      'heap',
      'held by the core',
      'RSS then, MiB',
      'RSS after ten passes',
    ];
    console.log(
      formatTable(
        head,
        kinds.map((kind) => row(kind, count, measure(kind))),
      ),
    );
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
};

ensureInstalled('bench');
main(Number(process.argv[2] ?? 100_000));
