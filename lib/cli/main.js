'use strict';

// `npx fast-resolve <command>`.

const { Failure, UsageError } = require('./failures.js');

const USAGE = `Usage: fast-resolve <command> [options]

  run         runs a program with the hook and Node's compile cache
  bench       measures what they are worth for a program
  doctor      tells where the start of a program goes, and what is wrong with it
  explain     tells how a request is worked out
  precompile  fills the caches before the first start of a program
  stats       tells what is kept, and where
  clear       takes away what is kept

Each command tells more with --help. Exit codes: 0, done; 1, it failed; 2, wrong usage. \`run\` ends as the program does.
`;

/** Loaded when they are run: a command is a start, too. */
const COMMANDS = {
  __proto__: null,
  bench: () => require('./bench.js'),
  clear: () => require('./clear.js'),
  doctor: () => require('./doctor.js'),
  explain: () => require('./explain.js'),
  precompile: () => require('./precompile.js'),
  run: () => require('./run.js'),
  stats: () => require('./stats.js'),
};

async function main([name, ...rest]) {
  if (name === undefined) throw new UsageError('a command is missing', USAGE);
  if (name === '--help' || name === '-h' || name === 'help') return process.stdout.write(USAGE);
  if (name === '--version' || name === '-v') return process.stdout.write(`${PACKAGE_VERSION}\n`);
  const load = COMMANDS[name];
  if (load === undefined) throw new UsageError(`there is no command \`${name}\``, USAGE);
  const { run, usage } = load();
  if (rest[0] === '--help' || rest[0] === '-h') return process.stdout.write(usage);
  await run(rest);
}

function tell(error) {
  const name = process.argv[2];
  if (error instanceof UsageError) {
    process.stderr.write(`fast-resolve: ${error.message}\n\n${error.usage ?? COMMANDS[name]().usage}`);
    process.exitCode = 2;
  } else if (error instanceof Failure) {
    process.stderr.write(`fast-resolve ${name}: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

// Who reads no further wants nothing told.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});
main(process.argv.slice(2)).catch(tell);
