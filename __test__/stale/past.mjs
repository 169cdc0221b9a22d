// What was answered before in the life of a process, so that a wrong answer can be seen coming.

/** Remembers, for each thread and question, the steps in which an answer was another than before. */
export function createPast() {
  const records = new Map();
  return {
    /** The step that is being recorded: the number of the line in the history that it follows. */
    step: 0,
    /** Adds what was answered now, and gives what was answered before. */
    record(thread, { request, fromDir, ours, fresh, lasting }) {
      const key = [thread, request, fromDir].join('\0');
      const earlier = records.get(key) ?? [];
      const text = `ours ${ours}, fresh ${fresh}, lasting ${lasting}`;
      if (earlier.at(-1)?.text !== text) records.set(key, [...earlier, { step: this.step, text }]);
      return earlier.map(({ step, text: answered }) => `${step}: ${answered}`);
    },
  };
}
