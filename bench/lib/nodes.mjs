// Which Nodes are measured: the oldest and the newest supported where they can be installed, else the running one.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './run-program.mjs';

const installScript = path.join(import.meta.dirname, 'install-nodes.mjs');
const nodeModules = path.join(repositoryRoot, 'tools', 'nodes', 'node_modules');

const describeNode = (file) => {
  const { stdout, status, error } = spawnSync(file, ['-p', 'process.version'], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) {
    throw new Error(`${file} is not a Node that can be run: ${error?.message ?? `exit code ${status}`}`);
  }
  const version = stdout.trim();
  return { path: file, version, major: Number(version.match(/^v(\d+)/)[1]) };
};

const running = () => describeNode(process.execPath);

const oldestAndNewest = () => {
  const majors = fs
    .readdirSync(nodeModules)
    .map((name) => Number(name.match(/^node(\d+)$/)?.[1]))
    .filter((major) => !Number.isNaN(major))
    .sort((left, right) => left - right);
  return [...new Set([majors[0], majors.at(-1)])].map((major) =>
    describeNode(path.join(nodeModules, `node${major}`, 'bin', 'node')),
  );
};

/** The Nodes given by their paths; all, or only the running one, where none is given. */
export const findNodes = ({ paths, isOnlyRunning, log }) => {
  if (paths.length > 0) return paths.map((file) => describeNode(path.resolve(file)));
  if (isOnlyRunning) return [running()];
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    log('Only the running Node is measured: the others are npm packages for Linux x64 (--node <path> names one).');
    return [running()];
  }
  if (spawnSync(process.execPath, [installScript], { stdio: ['ignore', 2, 2] }).status !== 0) {
    log('Only the running Node is measured: the others could not be installed (--node <path> names one).');
    return [running()];
  }
  return oldestAndNewest();
};
