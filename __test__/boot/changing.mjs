// Programs that change what is everybody's.

import { LIBRARY_REPORT, only, REPORT, TOOLS } from './programs.mjs';

export const program = (title, source, rest) => ({
  title,
  stdout: [...REPORT, ...LIBRARY_REPORT],
  ...rest,
  files: { 'app.js': `${TOOLS}${source}`, ...rest?.files },
});

/**
 * Programs that change something, and change it back: with what waits loaded in the meantime, and with what waits loaded already.
 * What the change itself makes Node do differently is left out of them.
 */
export const changing = (title, change, back) => [
  program(title, `ask(1); ${change}; ask(400); ${back}; report(); reportLibrary();`, {
    preloads: only('register', 'register at once'),
  }),
  program(`${title}, later`, `ask(40); ${change}; ask(400); ${back}; report(); reportLibrary();`, {
    preloads: only('both'),
  }),
];

/** With an option, since what becomes of one may be found out when it is first used. */
const CHILD = `
  const { spawn } = require('child_process');
  const startChild = () => new Promise((resolve) => spawn('true', [], { windowsHide: true }).on('close', resolve));
`;

/** Programs that change something for good, and start a child after it, or one before it, too. */
export const changed = (title, change) => [
  program(title, `${CHILD} ${change}; ask(400); report(); startChild().then((code) => console.log(code));`, {
    stdout: [...REPORT, '0'],
    preloads: only('register', 'spawn/register'),
  }),
  program(
    `${title}, later`,
    `${CHILD} ask(40); startChild().then((code) => { ${change}; ask(400); report(); startChild().then(() => console.log(code)); });`,
    { stdout: [...REPORT, '0'], preloads: only('both') },
  ),
];
