// Runs replay.cjs in a fresh process, and makes the snapshots that some of those processes begin with.
import fs from 'node:fs';
import path from 'node:path';
import { fileOf, ours, peers, withoutSnapshot, withSnapshot } from './implementations.mjs';
import { childScript, runChild, runCommand } from './run-child.mjs';

const snapshotRuns = 2;

/**
 * @param {'first' | 'ready' | 'hot' | 'turns' | 'idle'} mode
 * @param {{ environment?: object }} options Without one, nothing is kept on the disk.
 */
export const replayIn = ({ node, directory }, mode, name, trace, { environment = withoutSnapshot } = {}) =>
  runChild(node.path, 'replay.cjs', [mode, fileOf(name), trace.file, directory], environment);

/** A function that gives the directory with the snapshot of a trace, made by two earlier processes. */
export const createReplaySnapshots = (context) => {
  const directories = new Map();
  return (trace) => {
    if (!directories.has(trace.program)) {
      const snapshot = fs.mkdtempSync(path.join(context.directory, 'replay-snapshot-'));
      for (let run = 0; run < snapshotRuns; run += 1) {
        // Everything that any of the later processes asks for, so that none learns something new and writes again.
        replayIn(context, 'ready', ours, trace, { environment: withSnapshot(snapshot) });
      }
      directories.set(trace.program, snapshot);
    }
    return directories.get(trace.program);
  };
};

/** How much a snapshot directory holds; nothing means that exit wrote nothing. */
export const snapshotBytes = (directory) =>
  fs.readdirSync(directory).reduce((sum, name) => sum + fs.statSync(path.join(directory, name)).size, 0);

const isLoadable = (context, peer, trace, log) => {
  const childArguments = [childScript('replay.cjs'), 'idle', peer, trace.file, context.directory];
  try {
    runCommand(context.node.path, childArguments);
    return true;
  } catch (error) {
    log(`${peer} is left out, because it does not run here: ${error.message}`);
    return false;
  }
};

/** The other resolvers that run on this platform and Node: two of them are addons, which are not made for every one. */
export const findPeers = (context, log) => peers.filter((peer) => isLoadable(context, peer, context.traces[0], log));
