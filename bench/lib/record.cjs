// A preload that writes down what a program asks of Module._resolveFilename and which modules it has loaded at exit.
// Give it after the hook's preload (`node -r fast-resolve/register -r .../record.cjs app.js`): it wraps whatever stands
// there, so it sees the answers that the program sees. FAST_RESOLVE_RECORD names the JSON file to write.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

/** What the preload loads by itself, early or late, is not the program's. */
const ownDirectory = path.resolve(__dirname, '../../dist') + path.sep;

const recordFile = process.env.FAST_RESOLVE_RECORD;
// Children and worker threads inherit the preload; without the variable theirs does nothing and the file stays whole.
delete process.env.FAST_RESOLVE_RECORD;

const describeError = (error) => ({
  name: error?.name,
  code: error?.code,
  message: String(error?.message).split('\n', 1)[0],
});

const startRecording = () => {
  // The program may patch what it likes, fs included, before the file is written.
  const { writeFileSync } = fs;
  const { bigint: now } = process.hrtime;
  const { stringify } = JSON;
  const resolveFilename = Module._resolveFilename;
  const loadedBefore = new Set(Object.keys(require.cache));
  const calls = [];
  let depth = 0;
  let nanoseconds = 0n;

  const resolveAndTime = (receiver, resolveArguments) => {
    const start = now();
    depth += 1;
    try {
      return Reflect.apply(resolveFilename, receiver, resolveArguments);
    } finally {
      depth -= 1;
      // A call from within a call is part of the outer one's time already.
      if (depth === 0) {
        nanoseconds += now() - start;
      }
    }
  };

  Module._resolveFilename = function recordedResolveFilename(...resolveArguments) {
    const [request, parent, , options] = resolveArguments;
    const call = [request, parent?.filename ?? null, null];
    if (options?.paths !== undefined) {
      call.push({ paths: options.paths });
    }
    calls.push(call);
    try {
      const answer = resolveAndTime(this, resolveArguments);
      call[2] = answer;
      return answer;
    } catch (error) {
      call[2] = describeError(error);
      throw error;
    }
  };

  process.on('exit', () => {
    const milliseconds = performance.now();
    const modules = Object.keys(require.cache).filter(
      (filename) => !loadedBefore.has(filename) && !filename.startsWith(ownDirectory),
    );
    writeFileSync(
      recordFile,
      stringify({
        count: calls.length,
        resolveMilliseconds: Number(nanoseconds) / 1e6,
        processMilliseconds: milliseconds,
        // Node's own lookups leave entries here, so this tells how much was left to Node.
        nodeLookups: Object.keys(Module._pathCache).length,
        modules: modules.sort(),
        calls,
      }),
    );
  });
};

if (recordFile !== undefined && isMainThread) {
  startRecording();
}
