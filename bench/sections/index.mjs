// The sections of the benchmark, in the order in which they are run. A new one only has to be added here.
//
// A section has a name for the command line, a title, and three functions: measure(context) gives what goes into
// bench/results, format(result) its tables, findFailures(result) what must not be (an answer of ours that is not Node's).
// One that takes long has isOnDemand, and is only run when it is named. One that is alone needs nothing of the resolvers (the
// corpus, its traces, their peers), and has a file of its own in bench/results.
import { crossover } from '../crossover/section.mjs';
import { imports } from '../esm/section.mjs';
import { pool } from '../pool/section.mjs';
import { spawn } from '../spawn/section.mjs';
import { tools } from '../tools/section.mjs';
import { cold } from './cold.mjs';
import { empty } from './empty.mjs';
import { exit } from './exit.mjs';
import { hot } from './hot.mjs';
import { inHook } from './in-hook.mjs';
import { instructions } from './instructions.mjs';
import { laterTurn } from './later-turn.mjs';
import { memory } from './memory.mjs';
import { misses } from './misses.mjs';
import { programs } from './programs.mjs';
import { systemCalls } from './system-calls.mjs';
import { warm } from './warm.mjs';
import { withoutAddon } from './without-addon.mjs';

export const sections = [
  hot,
  laterTurn,
  cold,
  warm,
  misses,
  systemCalls,
  memory,
  exit,
  empty,
  programs,
  inHook,
  instructions,
  withoutAddon,
  spawn,
  pool,
  crossover,
  imports,
  tools,
];
