// The command line of the benchmark.
import { parseArgs } from 'node:util';

const quick = {
  rounds: 3,
  // A small program, a middling one, and the one with the most modules.
  programs: ['lodash', 'express', 'mui'],
};

const checkNames = (option, names, known) => {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${option} must be one of ${known.join(', ')}, not ${unknown}`);
  }
};

/**
 * @param {string[]} commandLine
 * @param {{ sections: string[], defaultSections: string[], programs: string[], rows: string[] }} known Names that may be
 *   given, and the sections that are run if none is.
 */
export const parseOptions = (commandLine, known) => {
  const { values, positionals } = parseArgs({
    args: commandLine,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      program: { type: 'string', multiple: true, default: [] },
      row: { type: 'string', multiple: true, default: [] },
      node: { type: 'string', multiple: true, default: [] },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? quick.rounds : 5));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new TypeError(`--rounds must be a whole number above 0, not ${values.rounds}`);
  }
  const chosenSections = [...positionals, ...values.only];
  checkNames('a section', chosenSections, known.sections);
  checkNames('--program', values.program, known.programs);
  checkNames('--row', values.row, known.rows);
  const defaultPrograms = values.quick ? quick.programs : known.programs;
  return {
    isQuick: values.quick,
    rounds,
    sections: chosenSections.length === 0 ? known.defaultSections : chosenSections,
    programs: values.program.length === 0 ? defaultPrograms : values.program,
    rows: values.row,
    nodes: values.node,
    // Figures of a part of the corpus or of a section, or of fewer rounds, are not for showing.
    isComplete: !values.quick && values.program.length === 0 && values.row.length === 0 && rounds >= 5,
  };
};
