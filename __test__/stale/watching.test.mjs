// Eight threads resolve while one changes the tree: every answer was true in the turn in which it was given, and what has been
// finished before the turn is never unknown.

import test from 'ava';
import { WATCHING_KINDS, watchSwitches } from './watching.mjs';

const supported = process.platform === 'win32' ? test.skip : test;

const seed = Math.floor(Math.random() * 2 ** 31);

supported.serial('eight threads are never behind a change', async (t) => {
  const results = await watchSwitches({ seed, kinds: WATCHING_KINDS });
  t.deepEqual(
    results.flatMap(({ wrong }) => wrong.slice(0, 3)),
    [],
  );
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  t.log(`${sum('answers')} answers, ${sum('changes')} times another than before`);
  for (const { kind, changes } of results) t.true(changes >= 3, `a thread (${kind}) has seen nothing change`);
});

for (const liar of ['remembersAnswers', 'remembersFailures', 'believesTooLong', 'remembersFailuresInTurn']) {
  supported.serial(`the watch catches one that ${liar}`, async (t) => {
    const results = await watchSwitches({ seed, kinds: [liar, liar], turns: 5, pause: 0 });
    for (const { wrong } of results) t.not(wrong.length, 0);
  });
}
