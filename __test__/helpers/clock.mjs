// The package with a clock of its own, which stands still: how long a turn is believed is no matter of how quick a test is.

import { createRequire } from 'node:module';

const { now } = Date;
let time = now();

Date.now = () => time;
/** The package. Whoever tests it in this process takes it from here. */
export const library = createRequire(import.meta.url)('../../index.js');
Date.now = now;

/** How long a turn is believed, in milliseconds. */
export const LONGEST_TURN = 250;

/** Lets time pass, within the turn. */
export function letPass(milliseconds) {
  time += milliseconds;
}

/** Begins another turn of JavaScript. */
export const laterTurn = () => new Promise((resolve) => setImmediate(resolve));
