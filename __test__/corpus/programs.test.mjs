import test from 'ava';
import { ensureCorpus } from '../../bench/corpus/install.mjs';
import { programs } from '../../bench/corpus/programs.mjs';
import { compareRecordings } from '../../bench/lib/compare-recordings.mjs';
import { hook, recordProgram } from '../../bench/lib/run-program.mjs';

// The whole corpus is well above this; fewer calls would mean that the recorder missed them.
const leastResolves = 10_000;

const total = { resolves: 0, stockLookups: 0, hookedLookups: 0 };

test.before('the corpus is installed', (t) => {
  t.timeout(600_000);
  ensureCorpus();
});

for (const program of programs) {
  test.serial(`${program.name} loads the same modules and gets the same answers with the hook`, (t) => {
    t.timeout(300_000);
    const stock = recordProgram(program);
    const hooked = recordProgram(program, { preloads: [hook] });
    t.true(stock.recording.modules.includes(program.entry), 'the recorder saw the program itself');
    t.deepEqual(compareRecordings(stock.recording, hooked.recording), []);
    t.is(hooked.stdout, stock.stdout);
    total.resolves += stock.recording.count;
    total.stockLookups += stock.recording.nodeLookups;
    total.hookedLookups += hooked.recording.nodeLookups;
  });
}

test.serial('the programs made enough requests for this to mean something', (t) => {
  t.log(`${total.resolves} calls of Module._resolveFilename in ${programs.length} programs`);
  t.true(total.resolves >= leastResolves, `${total.resolves} calls`);
});

test.serial('the hook, and not Node behind it, gave most of the answers', (t) => {
  const { stockLookups, hookedLookups } = total;
  t.log(`Node itself looked up ${stockLookups} files in the stock runs and ${hookedLookups} with the hook`);
  t.true(hookedLookups < stockLookups / 10, `${hookedLookups} of ${stockLookups} lookups were left to Node`);
});
