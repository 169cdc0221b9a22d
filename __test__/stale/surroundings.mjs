// What resolution depends on besides the tree: what a process is started with, and what a program changes later.

import { GLOBAL_FOLDERS, HOME } from './places.mjs';

const DEFAULT_EXTENSIONS = ['.js', '.json', '.node'];
const EXTENSIONS = [
  DEFAULT_EXTENSIONS,
  ['.js', '.json', '.node', '.extra'],
  ['.json', '.js', '.node'],
  ['.extra', '.js'],
];
const NODE_ARGUMENTS = [[], [], [], ['-C', 'special'], ['--preserve-symlinks']];

/** What a process is started with: mostly the same as the one before, for otherwise nothing would be handed on. */
export function drawStart(random, root, before) {
  if (before !== undefined && random.chance(0.7)) return before;
  return {
    execArgv: random.pick(NODE_ARGUMENTS),
    home: `${root}/${HOME}`,
    nodePath: drawNodePath(random, root),
    trust: random.chance(0.2) ? 'install' : undefined,
  };
}

/** What holds when a process has just been started. */
export function initialSurroundings({ nodePath }) {
  return { nodePath, extensions: DEFAULT_EXTENSIONS };
}

/** What a program makes of it. */
export function changeSurroundings(surroundings, random, root) {
  return random.chance(0.5)
    ? { ...surroundings, nodePath: drawNodePath(random, root) }
    : { ...surroundings, extensions: random.pick(EXTENSIONS) };
}

function drawNodePath(random, root) {
  const folders = random.pick([[], [], GLOBAL_FOLDERS.slice(0, 1), GLOBAL_FOLDERS]);
  return folders.map((folder) => `${root}/${folder}`).join(':');
}

/** The variables of a process or thread that is started so. */
export function environmentOf({ home, nodePath }) {
  return { HOME: home, NODE_PATH: nodePath };
}
