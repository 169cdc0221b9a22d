// The programs of ES modules: each starts up for real, does one small piece of work, and exits by itself.
import path from 'node:path';

const program = (name, about) => ({ name, about, entry: path.join(import.meta.dirname, 'programs', `${name}.mjs`) });

export const esmPrograms = [
  program('date-fns', 'formats a date'),
  program('lodash-es', 'calls a few functions'),
  program('effect', 'runs an effect'),
  program('remark', 'formats Markdown'),
  program('viem', 'encodes a call of a contract'),
  program('ethers', 'the same, with another SDK'),
  program('ink', 'renders to a terminal'),
  program('apollo-server', 'answers a query'),
  program('vite', 'bundles two modules'),
  program('hono', 'answers a request'),
  program('openai', 'asks a client of an API'),
  program('markdownlint', 'checks a file by the functions of a command-line tool'),
  program('vitest', 'makes the configuration of a test runner'),
];
