// Crossover: from which length on bytes are quicker through shared memory than through the pipe. What lib/pool has as its
// threshold rests on this.
import path from 'node:path';
import { createContestSection } from '../lib/contest-section.mjs';
import { ensureLibrary } from './library.mjs';

const kibibyte = 1024;
const lengths = [4, 8, 16, 32, 64, 128, 256, 1024].map((kibibytes) => kibibytes * kibibyte);

const shared = 'shared memory';
const piped = 'pipe';
const thresholds = { [shared]: '1', [piped]: 'Infinity' };

const createContest = (length) => ({
  name: `${length / kibibyte}-KiB`,
  title: `${length / kibibyte} KiB to a worker and back`,
  figures: [
    { name: 'rate', title: 'per second, 8 in flight', isMoreBetter: true },
    { name: 'latency', title: 'µs, one at a time', isMoreBetter: false },
  ],
  ours: shared,
  kinds: [shared, piped],
  isOurs: () => true,
  run: (context, kind) => ({
    script: path.join(import.meta.dirname, 'children', 'echo.cjs'),
    arguments: [ensureLibrary(context.directory, thresholds[kind]), length],
  }),
});

export const crossover = createContestSection({
  name: 'crossover',
  title: 'Crossover: shared memory or the pipe',
  peers: [],
  contests: lengths.map(createContest),
  reasonToSkip: () => undefined,
  explanation: [
    'The pool as it is but for its threshold, one worker, Buffers. ours is better: how many times as good shared memory is, median',
    '(quartiles) of the pairs.',
  ],
});
