// Runs real programs with and without the hook and prints what it does and what it brings.
//
//   node bench/demo.mjs [--rounds <pairs, default 7>] [--only <program>]... [--json] [--help]
//
// The exit code is 1 if a program fails, loads other modules with the hook, or gets another answer to a request.
import { parseArgs } from 'node:util';
import { setUp } from '../scripts/setup.mjs';
import { ensureCorpus } from './corpus/install.mjs';
import { programs } from './corpus/programs.mjs';

const requireProcesses = 15;

const help = `npm run demo -- [options]

Runs ${programs.length} real programs with and without the hook, in turn, and prints what it does and what it brings. It installs and builds
what is missing first.

  --rounds <pairs>   how often each program is run with and without (7)
  --only <program>   this program alone; may be given several times:
                     ${programs.map(({ name }) => name).join(', ')}
  --json             the measurements as JSON
  --help             this text

The exit code is 1 if a program fails, loads other modules with the hook, or gets another answer to a request.
`;

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      only: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new TypeError(`--rounds must be a whole number above 0, not ${values.rounds}`);
  }
  const names = new Set(programs.map(({ name }) => name));
  const unknown = values.only?.find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new TypeError(`--only must be one of ${[...names].join(', ')}, not ${unknown}`);
  }
  const selected = programs.filter(({ name }) => values.only?.includes(name) ?? true);
  return { rounds, selected, isJson: values.json, isHelp: values.help };
};

const measureAll = (measureProgram, selected, rounds) =>
  selected.map((program, index) => {
    process.stderr.write(`[${index + 1}/${selected.length}] ${program.name}: ${program.about}\n`);
    return measureProgram(program, rounds);
  });

const measure = async ({ rounds, isJson, selected }) => {
  setUp();
  orEnd(ensureCorpus, '');
  // What these need was not there before.
  const { addonFiles, measureRequire } = await import('./lib/measure-addon.mjs');
  const { measureProgram } = await import('./lib/measure-program.mjs');
  const report = await import('./lib/report.mjs');
  const machine = report.describeMachine();
  const addons = addonFiles();
  const requireTime = measureRequire(requireProcesses);
  if (!isJson) {
    process.stdout.write([report.formatMachine(machine), ...report.formatAddon(addons, requireTime), ''].join('\n'));
  }
  const results = measureAll(measureProgram, selected, rounds);
  process.stdout.write(
    isJson
      ? `${JSON.stringify({ machine, addons, requireTime, rounds, results }, null, 2)}\n`
      : [report.formatTable(results), report.legend(rounds), ...report.formatFindings(results, rounds), ''].join('\n'),
  );
  process.exitCode = results.every(({ identical }) => identical) ? 0 : 1;
};

/** What the caller can mend is said without a stack. */
const orEnd = (action, advice) => {
  try {
    return action();
  } catch (error) {
    process.stderr.write(`${error.message}\n${advice}`);
    return process.exit(1);
  }
};

const options = orEnd(readOptions, `\n${help}`);
if (options.isHelp) process.stdout.write(help);
else await measure(options);
