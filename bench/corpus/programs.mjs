// The programs of the corpus: each starts up for real, does one small piece of work, and exits by itself.
import path from 'node:path';
import { corpusDirectory } from './install.mjs';

const program = (name, about) => ({ name, about, entry: path.join(corpusDirectory, 'programs', `${name}.js`) });

export const programs = [
  program('eslint', 'lints a file'),
  program('webpack', 'bundles two modules'),
  program('express', 'serves a request'),
  program('nest', 'serves a request through @nestjs/core on express'),
  program('typeorm', 'opens a database, writes and reads a row'),
  program('jest', 'runs a project of one test, in its own process'),
  program('mocha', 'runs one test file'),
  program('mui', 'renders @mui/material on the server'),
  program('typescript', 'compiles a module'),
  program('prettier', 'formats four languages'),
  program('babel', 'compiles with @babel/preset-env'),
  program('fastify', 'serves a request'),
  program('rxjs', 'runs numbers through operators'),
  program('graphql', 'builds a schema and answers a query'),
  program('knex', 'builds queries for three databases'),
  program('opentelemetry', 'traces an operation'),
  program('googleapis', 'asks a client of Google Drive for files'),
  program('lodash', 'calls a few functions'),
  program('date-fns', 'formats a date'),
  program('rollup', 'bundles two modules with its native parser'),
  program('esm-only', 'requires and imports ES modules (chalk, uuid)'),
];
