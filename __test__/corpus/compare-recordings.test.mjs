import test from 'ava';
import { compareRecordings } from '../../bench/lib/compare-recordings.mjs';

const recording = {
  modules: ['/app.js', '/lib.js'],
  calls: [
    ['./lib', '/app.js', '/lib.js'],
    ['fs', '/app.js', 'fs'],
  ],
};

test('calls in another order are no difference', (t) => {
  const reordered = { ...recording, calls: recording.calls.toReversed() };
  t.deepEqual(compareRecordings(recording, reordered), []);
});

test('another answer is a difference', (t) => {
  const calls = [['./lib', '/app.js', '/other.js'], recording.calls[1]];
  t.deepEqual(compareRecordings(recording, { ...recording, calls }), [
    'call: 1 times stock, 0 times with the hook: ["./lib","/app.js","/lib.js"]',
    'call: 0 times stock, 1 times with the hook: ["./lib","/app.js","/other.js"]',
  ]);
});

test('a call made once more is a difference', (t) => {
  const calls = [...recording.calls, recording.calls[1]];
  t.deepEqual(compareRecordings(recording, { ...recording, calls }), [
    'call: 1 times stock, 2 times with the hook: ["fs","/app.js","fs"]',
  ]);
});

test('a module that is missing is a difference', (t) => {
  t.deepEqual(compareRecordings(recording, { ...recording, modules: ['/app.js'] }), [
    'module: 1 times stock, 0 times with the hook: /lib.js',
  ]);
});
