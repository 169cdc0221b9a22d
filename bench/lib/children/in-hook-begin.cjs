// The first preload: from here on, the preloads are timed. It asks for nothing, so that what follows it meets a fresh process.
'use strict';

globalThis[Symbol.for('fast-resolve.bench.in-hook')] = process.hrtime.bigint();
