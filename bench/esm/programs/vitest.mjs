// Parses the command line of a test runner, and makes its configuration.
import { createVitest, parseCLI } from 'vitest/node';

const { options } = parseCLI('vitest run --bail 1');
const vitest = await createVitest(
  'test',
  { ...options, root: import.meta.dirname, config: false, watch: false },
  { configFile: false },
);
console.log(vitest.config.bail);
await vitest.close();
