// What was answered before in the life of a process, so that a wrong answer can be seen coming.

/** Remembers, for each thread and question, the steps in which an answer was another than before. */
export function createPast() {
  const records = new Map();
  return {
    /** The step that is being recorded: the number of the line in the history that it follows. */
    step: 0,
    /** Adds what was answered now; gives what was answered before, and whether it was something else. */
    record(thread, { request, fromDir, ours, source, fresh, lasting }) {
      const key = [thread, request, fromDir].join('\0');
      const earlier = records.get(key) ?? [];
      const last = earlier.at(-1);
      const text = `${ours} (${source}), a fresh Node's ${fresh}${lasting === undefined ? '' : `, a stock one's ${lasting}`}`;
      if (last?.text !== text) records.set(key, [...earlier, { step: this.step, ours, text }]);
      return {
        earlier: earlier.map(({ step, text: answered }) => `${step}: ${answered}`),
        isOther: last !== undefined && last.ours !== ours,
      };
    },
  };
}
