// Spawn: what starting child processes costs, with Node's own spawn, with ours under the same API, and with CommandPool.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createContestSection } from '../lib/contest-section.mjs';

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;

/** A parent of 4 GiB, and what it is made next to. */
const neededBytes = 6 * gibibyte;

const outputBytes = 64 * mebibyte;
const outputLine = 'a line of the text that a command writes, as long as others are\n';

/** Enough of Node's own: 500 of them stop the event loop for most of a minute. */
const delayed = { commands: 500, seconds: 3 };

const script = (name) => path.join(import.meta.dirname, 'children', name);

const perSecond = (what) => ({ name: 'rate', title: `${what} per second`, isMoreBetter: true });

/** What runs commands where the core can't, on our spawn all the same: what the core has to be worth its lines against. */
const nodeEngine = 'CommandPool, Node engine';

const isOurs = (kind) => ['seam', 'execFile, seam', 'CommandPool', nodeEngine].includes(kind);

const createSpawnContest = (mebibytes, size) => ({
  name: `spawn-${mebibytes}`,
  title: `spawn(), ${size} resident`,
  figures: [{ name: 'block', title: 'ms of event loop a call', isMoreBetter: false }, perSecond('spawns')],
  ours: 'seam',
  kinds: ['seam', 'node'],
  isOurs,
  run: (_context, kind) => ({ script: script('block.cjs'), arguments: [kind, mebibytes] }),
});

const createDelayContest = (name, mebibytes, size) => ({
  name,
  title: `event loop delay while up to ${delayed.commands} commands run, ${size}`,
  figures: [
    { name: 'idleP99', title: 'ms, p99, idle' },
    { name: 'p99', title: 'ms, p99', isMoreBetter: false },
    { name: 'added', title: 'ms more than idle' },
    { name: 'longest', title: 'ms, longest', isMoreBetter: false },
  ],
  ours: 'CommandPool',
  kinds: ['CommandPool', nodeEngine, 'execFile'],
  isOurs,
  run: (_context, kind) => ({
    script: script('delay.cjs'),
    arguments: [kind, mebibytes, delayed.commands, delayed.seconds],
  }),
});

const throughput = {
  name: 'throughput',
  title: 'echo, 8 at a time, 50 MiB',
  figures: [perSecond('commands')],
  ours: 'CommandPool',
  kinds: ['CommandPool', nodeEngine, 'execFile', 'execFile, seam', 'execa', 'nano-spawn'],
  isOurs,
  run: (_context, kind) => ({ script: script('throughput.cjs'), arguments: [kind, 50] }),
};

const http = {
  name: 'http',
  title: 'HTTP server, echo for each request, 8 connections, 1 GiB',
  figures: [perSecond('requests')],
  ours: 'seam',
  kinds: ['seam', 'node', 'CommandPool'],
  isOurs,
  run: (_context, kind) => ({ script: script('http.cjs'), arguments: [kind, 1024, 8] }),
};

/** A file with what the command is to write. */
const ensureOutputFile = ({ directory }) => {
  const file = path.join(directory, 'output.txt');
  if (!fs.existsSync(file)) fs.writeFileSync(file, outputLine.repeat(Math.ceil(outputBytes / outputLine.length)));
  return file;
};

const createOutputContest = (encoding, kinds) => ({
  name: `output-${encoding}`,
  title: `64 MiB of output, encoding '${encoding}'`,
  figures: [perSecond('MiB'), { name: 'memory', title: 'MiB, most resident', isMoreBetter: false }],
  ours: 'CommandPool',
  kinds,
  isOurs,
  run: (context, kind) => ({ script: script('output.cjs'), arguments: [kind, encoding, ensureOutputFile(context)] }),
});

const reasonToSkip = () => {
  if (process.platform !== 'linux') return 'the spawn under Node’s API is only there on Linux';
  const available = fs.readFileSync('/proc/meminfo', 'utf8').match(/^MemAvailable:\s+(\d+) kB$/m);
  const bytes = available === null ? os.freemem() : Number(available[1]) * 1024;
  if (bytes >= neededBytes) return undefined;
  return `it takes ${neededBytes / gibibyte} GiB of memory, and there are ${(bytes / gibibyte).toFixed(1)}`;
};

export const spawn = createContestSection({
  name: 'spawn',
  title: 'Spawn: starting child processes',
  peers: ['execa', 'nano-spawn', 'autocannon'],
  contests: [
    createSpawnContest(50, '50 MiB'),
    createSpawnContest(1024, '1 GiB'),
    createSpawnContest(4096, '4 GiB'),
    createDelayContest('delay', 4096, '4 GiB'),
    createDelayContest('delay-50', 50, '50 MiB'),
    throughput,
    http,
    createOutputContest('buffer', ['CommandPool', nodeEngine, 'execFile', 'execa']),
    createOutputContest('utf8', ['CommandPool', nodeEngine, 'execFile', 'execa', 'nano-spawn']),
  ],
  reasonToSkip,
  explanation: [
    'node: Node’s own spawn; seam: ours under the same API; of spawn(), /bin/true with its three pipes, 8 at a time a second.',
    'CommandPool, Node engine: on Node’s child_process, as where the core can’t run a command, with the seam under it.',
    'delay: perf_hooks.monitorEventLoopDelay, whose interval of 1 ms is in it, /bin/true as many at a time as there are CPUs;',
    `  ${delayed.commands} of them, or those of ${delayed.seconds} s; idle: the same process before, which tells how busy others keep the machine.`,
    `  ours is better: by this factor, median (quartiles) of the pairs.`,
  ],
});
