// A tree with a few switches. Each has two states, is thrown by a single rename, and decides what one request is answered.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { write } from './world.mjs';

const exporting = (target) => JSON.stringify({ name: 'exporting', exports: target });

/**
 * `prepare` writes what both states share and gives the function that throws the switch. `isRemembered` says that Node, once
 * it has been asked and has found something, may say so again in the same thread.
 */
const SWITCHES = [
  {
    name: 'a target of exports is there or not',
    request: 'exporting',
    isRemembered: false,
    prepare(root) {
      write(`${root}/node_modules/exporting/package.json`, exporting('./index.js'));
      return moving(`${root}/node_modules/exporting/index.js`, `${root}/node_modules/exporting/away.js`);
    },
  },
  {
    name: 'there is a nearer node_modules or not',
    request: 'exporting',
    isRemembered: false,
    prepare(root) {
      for (const folder of [`${root}/away`, `${root}/../node_modules`]) {
        write(`${folder}/exporting/package.json`, exporting('./index.js'));
        write(`${folder}/exporting/index.js`);
      }
      return moving(`${root}/node_modules`, `${root}/away`);
    },
  },
  {
    name: 'a file is there or not',
    request: './file',
    isRemembered: true,
    prepare: (root) => moving(`${root}/file.js`, `${root}/away`),
  },
  {
    name: 'a directory of modules is there or not',
    request: 'plain/sub',
    isRemembered: true,
    prepare(root) {
      write(`${root}/away/sub.js`);
      return moving(`${root}/node_modules/plain`, `${root}/away`);
    },
  },
  {
    name: 'a link leads here or there',
    request: 'exporting',
    isRemembered: true,
    prepare(root) {
      for (const version of ['one', 'two']) {
        write(`${root}/${version}/package.json`, exporting('./index.js'));
        write(`${root}/${version}/index.js`);
      }
      fs.mkdirSync(`${root}/node_modules`);
      return (state) => {
        fs.symlinkSync(`../${['one', 'two'][state]}`, `${root}/node_modules/next`);
        fs.renameSync(`${root}/node_modules/next`, `${root}/node_modules/exporting`);
      };
    },
  },
  {
    name: 'exports says this or that',
    request: 'exporting',
    isRemembered: true,
    prepare(root) {
      const directory = `${root}/node_modules/exporting`;
      for (const name of ['one', 'two']) write(`${directory}/${name}.js`);
      return (state) => {
        write(`${directory}/next.json`, exporting(`./${['one', 'two'][state]}.js`));
        fs.utimesSync(`${directory}/next.json`, 1e9, 1e9);
        fs.renameSync(`${directory}/next.json`, `${directory}/package.json`);
      };
    },
  },
];

/** A function that has something at `place` in state 1, and out of the way in state 0. */
function moving(place, away) {
  fs.mkdirSync(path.dirname(place), { recursive: true });
  if (!fs.existsSync(away)) write(away);
  let isThere = false;
  return (state) => {
    if (isThere === (state === 1)) return;
    isThere = state === 1;
    if (isThere) fs.renameSync(away, place);
    else fs.renameSync(place, away);
  };
}

/** Writes the tree: { base, switches }, where each switch has `request`, `fromDir`, `isRemembered` and `turn(state)`. */
export function createSwitches() {
  const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-stale-')));
  const switches = SWITCHES.map(({ name, request, isRemembered, prepare }, index) => {
    const fromDir = `${base}/${index}/app`;
    fs.mkdirSync(fromDir, { recursive: true });
    const turn = prepare(fromDir);
    turn(0);
    return { name, request, fromDir, isRemembered, turn };
  });
  return { base, switches };
}
