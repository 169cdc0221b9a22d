import test from 'ava';
import { parseOptions } from '../../bench/lib/options.mjs';

const known = {
  sections: ['hot', 'cold', 'slow'],
  defaultSections: ['hot', 'cold'],
  programs: ['lodash', 'express', 'mui', 'jest'],
  rows: ['block'],
};

const parse = (...commandLine) => parseOptions(commandLine, known);

test('without options, everything is measured, and may be shown', (t) => {
  const options = parse();
  t.deepEqual(options.sections, known.defaultSections);
  t.deepEqual(options.programs, known.programs);
  t.is(options.rounds, 5);
  t.true(options.isComplete);
});

test('sections are named with and without --only', (t) => {
  t.deepEqual(parse('cold').sections, ['cold']);
  t.deepEqual(parse('--only', 'cold').sections, ['cold']);
  t.deepEqual(parse('slow').sections, ['slow']);
  t.true(parse('cold').isComplete, 'a section alone replaces only itself');
});

test('what is less than the whole corpus, all rows or five rounds is not for showing', (t) => {
  t.false(parse('--quick').isComplete);
  t.false(parse('--rounds', '4').isComplete);
  t.false(parse('--program', 'mui').isComplete);
  t.false(parse('slow', '--row', 'block').isComplete);
  t.true(parse('--quick').programs.length < known.programs.length);
});

test('what is not known is said', (t) => {
  t.throws(() => parse('warm'), { message: 'a section must be one of hot, cold, slow, not warm' });
  t.throws(() => parse('--program', 'vue'), { message: /^--program must be one of lodash/ });
  t.throws(() => parse('--row', 'http'), { message: '--row must be one of block, not http' });
  t.throws(() => parse('--rounds', '0'), { message: '--rounds must be a whole number above 0, not 0' });
});
