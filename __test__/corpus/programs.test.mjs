import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { ensureCorpus } from '../../bench/corpus/install.mjs';
import { programs } from '../../bench/corpus/programs.mjs';
import { compareRecordings } from '../../bench/lib/compare-recordings.mjs';
import { hook, recordProgram } from '../../bench/lib/run-program.mjs';
import { treeFor } from '../helpers/tree.mjs';

// The whole corpus is well above this; fewer calls would mean that the recorder missed them.
const leastResolves = 10_000;

const counter = path.join(import.meta.dirname, 'count-core-answers.cjs');

const total = { resolves: 0, stockLookups: 0, core: 0, node: 0 };

test.before('the corpus is installed', (t) => {
  t.timeout(600_000);
  ensureCorpus();
});

for (const program of programs) {
  test.serial(`${program.name} loads the same modules and gets the same answers with the hook`, (t) => {
    t.timeout(300_000);
    const stock = recordProgram(program);
    const countFile = path.join(treeFor(t, {}), 'counts');
    const environment = { FAST_RESOLVE_CACHE: '0', FAST_RESOLVE_WAIT: '0', COUNT_CORE_ANSWERS: countFile };
    const hooked = recordProgram(program, { preloads: [hook, counter], environment });
    t.true(stock.recording.modules.includes(program.entry), 'the recorder saw the program itself');
    t.deepEqual(compareRecordings(stock.recording, hooked.recording), []);
    t.is(hooked.stdout, stock.stdout);
    total.resolves += stock.recording.count;
    total.stockLookups += stock.recording.nodeLookups;
    for (const line of fs.readFileSync(countFile, 'utf8').trim().split('\n')) {
      const { core, node } = JSON.parse(line);
      total.core += core;
      total.node += node;
    }
  });
}

test.serial('the programs made enough requests for this to mean something', (t) => {
  t.log(`${total.resolves} calls of Module._resolveFilename in ${programs.length} programs`);
  t.true(total.resolves >= leastResolves, `${total.resolves} calls`);
});

test.serial('the hook, and not Node behind it, gave most of the answers', (t) => {
  const { stockLookups, core, node } = total;
  t.log(`Node looked up ${stockLookups} files in the stock runs; with the hook, the core ${core} and Node ${node}`);
  t.true(core > stockLookups * 0.9, `the core answered ${core} of ${stockLookups} lookups`);
  t.true(node < stockLookups / 10, `${node} of ${stockLookups} lookups were left to Node`);
});
