// The last preload, above every hook: what the preloads between in-hook-begin.cjs and this one took, and each call of
// Module._resolveFilename. FAST_RESOLVE_IN_HOOK names the JSON file to write.
'use strict';

const now = process.hrtime.bigint;
const begin = globalThis[Symbol.for('fast-resolve.bench.in-hook')];
const preload = Number(now() - begin);

const { writeFileSync } = require('node:fs');
const Module = require('node:module');
const { isMainThread } = require('node:worker_threads');

const file = process.env.FAST_RESOLVE_IN_HOOK;
// Children and worker threads inherit the preload; without the variable theirs does nothing and the file stays whole.
delete process.env.FAST_RESOLVE_IN_HOOK;

const startTiming = () => {
  const resolveFilename = Module._resolveFilename;
  const times = [];
  const isForFile = [];
  let depth = 0;

  Module._resolveFilename = function timedResolveFilename(request, parent) {
    depth += 1;
    const start = now();
    try {
      return Reflect.apply(resolveFilename, this, arguments);
    } finally {
      const end = now();
      depth -= 1;
      // A call from within a call is part of the outer one's time already.
      if (depth === 0) {
        times.push(Number(end - start));
        isForFile.push(typeof parent?.filename === 'string' && !Module.isBuiltin(request));
      }
    }
  };

  process.on('exit', () => {
    writeFileSync(file, JSON.stringify({ preload, times, isForFile: isForFile.map(Number) }));
  });
};

if (file !== undefined && isMainThread) {
  startTiming();
}
