'use strict';

// How what is to be started is described to the addon, by the seam and by command pools alike: strings with NUL bytes between
// them, and an array of numbers. `src/binding/process/request.rs` has the constants; a test holds these against them.

/** Where things stand in the array. */
const AT = {
  ID: 0,
  ARGUMENT_COUNT: 1,
  ENVIRONMENT_COUNT: 2,
  FLAGS: 3,
  UID: 4,
  GID: 5,
  PARENT_DEATH_SIGNAL: 6,
  STDIO_COUNT: 7,
  /** A descriptor, or 0. */
  ANNOUNCED_TO: 8,
  /** As many are common to all. */
  COMMON: 9,
};

/** Bits from 64 on are those of commands. */
const FLAG = { DETACHED: 1, OWN_GROUP: 2, UID: 4, GID: 8, CWD: 16, LASTING_THREAD: 32 };

/** In place of a descriptor. */
const IGNORE = -1;
const PIPE = -2;

module.exports = { AT, FLAG, IGNORE, PIPE };
