// Real programs of ES modules load the same modules with the hook.
import Module from 'node:module';
import test from 'ava';
import { ensureEsmCorpus } from '../../bench/corpus/install.mjs';
import { esmPrograms } from '../../bench/esm/programs.mjs';
import { recordImports, sorted } from '../../bench/esm/recording.mjs';
import { hook, runProgram } from '../../bench/lib/run-program.mjs';
import { treeFor } from '../helpers/tree.mjs';

const hasHooks = Module.registerHooks !== undefined;

test.before('the packages are installed', (t) => {
  t.timeout(600_000);
  ensureEsmCorpus();
});

let total = 0;

for (const program of esmPrograms) {
  const title = `${program.name} prints the same with the hook`;
  test.serial(hasHooks ? `${title}, and imports the same, without a snapshot and with one` : title, (t) => {
    t.timeout(300_000);
    const options = {
      preloads: [hook],
      environment: { FAST_RESOLVE_CACHE: `${treeFor(t, {})}/cache`, FAST_RESOLVE_WAIT: '0' },
    };
    if (!hasHooks) {
      t.is(runProgram(program, options).stdout, runProgram(program).stdout);
      return;
    }
    const stock = recordImports(program);
    total += stock.imports.length;
    for (let run = 0; run < 2; run++) {
      const hooked = recordImports(program, options);
      t.is(hooked.stdout, stock.stdout);
      t.deepEqual(sorted(hooked.imports), sorted(stock.imports));
    }
  });
}

test.serial('the programs import enough for this to mean something', (t) => {
  t.true(!hasHooks || total > 8000, `${total} imports`);
});
