// The pool's own queue.

import { createRequire } from 'node:module';
import test from 'ava';

const { TaskQueue } = createRequire(import.meta.url)('../../lib/pool/parent/task_queue.js');

test('as many priorities as tasks leave nothing behind', (t) => {
  const queue = new TaskQueue();
  const tasks = Array.from({ length: 100 }, (_, index) => ({ priority: (index * 7) % 100 }));
  for (const task of tasks) queue.push(task);
  for (const task of tasks.slice(0, 10)) queue.remove(task);
  const rest = tasks.slice(10).sort((left, right) => right.priority - left.priority);
  for (const task of rest) t.is(queue.shift(), task);
  t.is(queue.size, 0);
  t.is(queue.priorityCount, 1);
});
