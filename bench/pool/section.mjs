// Pool: what tasks in other processes cost, with our pool, with the pools in use, and with nothing but fork().
import path from 'node:path';
import { createContestSection } from '../lib/contest-section.mjs';
import { ensureModules } from './modules.mjs';

const ours = 'fast-resolve';
const allocated = 'fast-resolve, alloc()';
const oneSpare = 'fast-resolve, 1 spare';
const withoutResolver = 'fast-resolve, resolver: false';

const isOurs = (kind) => kind.startsWith(ours);

const script = (name) => path.join(import.meta.dirname, 'children', name);

const perSecond = (what) => ({ name: 'rate', title: `${what} per second`, isMoreBetter: true });

const milliseconds = (title) => ({ name: 'milliseconds', title: `ms ${title}`, isMoreBetter: false });

const small = {
  name: 'small',
  title: 'small tasks, 2 workers',
  figures: [
    { ...perSecond('tasks'), title: 'per second, 64 in flight' },
    { name: 'cpu', title: 'µs of the parent’s CPU a task', isMoreBetter: false },
  ],
  ours,
  kinds: [ours, 'fork, json', 'fork, advanced', 'tinypool', 'jest-worker', 'workerpool', 'piscina (threads)'],
  isOurs,
  run: (_context, kind) => ({ script: script('small.cjs'), arguments: [kind] }),
};

const createLatency = (workers, loops) => ({
  name: loops === 0 ? `latency-${workers}` : `latency-${workers}-loaded`,
  title: `one task at a time, ${workers} ${workers === 1 ? 'worker' : 'workers'}${loops === 0 ? '' : `, beside ${loops} busy loops`}`,
  figures: [
    { name: 'median', title: 'µs, median', isMoreBetter: false },
    { name: 'p99', title: 'µs, p99', isMoreBetter: false },
  ],
  ours,
  kinds: [ours, 'fork, json'],
  isOurs,
  run: (_context, kind) => ({ script: script('latency.cjs'), arguments: [kind, workers, loops] }),
});

const createEcho = (mebibytes, kinds) => ({
  name: `echo-${mebibytes}`,
  title: `${mebibytes} MiB to a worker and back, 2 workers`,
  figures: [perSecond('echoes')],
  ours,
  kinds,
  others: [[allocated, 'tinypool']],
  isOurs,
  run: (_context, kind) => ({
    script: script('bytes.cjs'),
    arguments: kind === allocated ? [ours, mebibytes, 'alloc'] : [kind, mebibytes, 'own'],
  }),
});

const crash = {
  name: 'crash',
  title: 'kill -9 of the only worker, which is busy',
  figures: [milliseconds('to the next result')],
  ours: oneSpare,
  kinds: [oneSpare, ours, 'tinypool'],
  isOurs,
  run: ({ directory }, kind) => ({
    script: script('crash.cjs'),
    arguments: kind === oneSpare ? [ours, 1, directory] : [kind, 0, directory],
  }),
};

const start = {
  name: 'start',
  title: 'start of a worker that loads 500 modules',
  figures: [milliseconds('to the first result')],
  ours,
  kinds: [ours, withoutResolver, 'fork, json', 'tinypool', 'jest-worker', 'workerpool'],
  isOurs,
  run: (context, kind) => {
    const { file, count, environment } = ensureModules(context);
    return { script: script('start.cjs'), arguments: [kind, file, count], environment };
  },
};

const startBlock = {
  name: 'start-block',
  title: 'a process of 1 GiB starts 8 workers',
  figures: [
    { name: 'longest', title: 'ms, the longest block', isMoreBetter: false },
    { name: 'held', title: 'ms of event loop', isMoreBetter: false },
    { name: 'workers', title: 'workers used' },
  ],
  ours,
  kinds: [ours, 'fork, json', 'tinypool', 'jest-worker'],
  isOurs,
  run: (_context, kind) => ({ script: script('start-block.cjs'), arguments: [kind, 1024] }),
};

const reasonToSkip = () => undefined;

export const pool = createContestSection({
  name: 'pool',
  title: 'Pool: tasks in other processes',
  peers: ['tinypool', 'jest-worker', 'workerpool', 'piscina'],
  contests: [
    small,
    ...[0, 2].flatMap((loops) => [1, 2].map((workers) => createLatency(workers, loops))),
    createEcho(1, [ours, allocated, 'fork, advanced', 'tinypool', 'jest-worker', 'workerpool', 'piscina (threads)']),
    createEcho(64, [ours, allocated, 'fork, advanced', 'tinypool', 'piscina (threads)']),
    crash,
    start,
    startBlock,
  ],
  reasonToSkip,
  explanation: [
    'Each library with the messages that it has by itself, and told to use the advanced serialization for bytes; all workers are',
    '  started before what is timed. fork: a worker of four lines, and the tasks to the workers one after the other.',
    'echo: two at a time, the first and the last compared byte by byte. alloc(): the buffer lies in shared memory all along.',
    'kill -9: the worker is in an endless loop; from the signal to the result of a task that is given right after it.',
    '  (jest-worker and workerpool are not there: of a task whose worker is killed or of the next, nothing came.)',
    'start: 100 packages of 5 modules, a snapshot from a run before for all that have a use for one; the library is loaded already.',
    'block: perf_hooks.monitorEventLoopDelay, and the time that the event loop was busy until all 8 had answered.',
    'ours is better: by this factor, median (quartiles) of the pairs.',
  ],
});
