// Supervisors for tests: each is stopped when its test is over.

import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FakeClock } from './fake_clock.mjs';

const require = createRequire(import.meta.url);
const { supervise } = require('../../dist/pool.js');
const { Supervisor } = require('../../lib/supervise/supervisor.js');
const { createSettings } = require('../../lib/supervise/settings.js');

/** A net against hanging; nothing is expected to take that long. */
const LIMIT = 120_000;

export const fixture = (name) => path.join(import.meta.dirname, 'fixtures', `${name}.cjs`);

/** A supervisor as users have it. What is printed is thrown away unless the options say otherwise. */
export function superviseFor(t, target, options) {
  const supervisor = supervise(target, { stdout: 'ignore', stderr: 'ignore', ...options });
  t.teardown(() => supervisor.stop());
  return supervisor;
}

/** A supervisor whose time passes when the test says so. */
export function superviseWithClock(t, target, options) {
  const clock = new FakeClock();
  const settings = createSettings(target, { stdout: 'ignore', stderr: 'ignore', ...options });
  const supervisor = new Supervisor(settings, clock);
  t.teardown(() => stopWithClock(supervisor, clock));
  return { supervisor, clock };
}

function stopWithClock(supervisor, clock) {
  const stopped = supervisor.stop();
  clock.advance(1e9);
  return stopped;
}

/** The next event of this name: its first argument. */
export async function next(emitter, event) {
  const [detail] = await once(emitter, event, { signal: AbortSignal.timeout(LIMIT) });
  return detail;
}

/** The names of the events of a supervisor from now on. */
export function eventsOf(supervisor) {
  const names = [];
  for (const name of ['start', 'ready', 'exit', 'restart', 'failed', 'stop'])
    supervisor.on(name, () => names.push(name));
  return names;
}
