// Holds the recordings of two runs of one program against each other.

const count = (texts) => {
  const counts = new Map();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
};

// Both directions at once: what one list has more often than the other, as "stock only" and "hook only" lines.
const differingLines = (what, stockTexts, hookTexts) => {
  const stockCounts = count(stockTexts);
  const hookCounts = count(hookTexts);
  const lines = [];
  for (const text of new Set([...stockCounts.keys(), ...hookCounts.keys()])) {
    const stockCount = stockCounts.get(text) ?? 0;
    const hookCount = hookCounts.get(text) ?? 0;
    if (stockCount !== hookCount) {
      lines.push(`${what}: ${stockCount} times stock, ${hookCount} times with the hook: ${text}`);
    }
  }
  return lines;
};

/**
 * What an ES module imports is CommonJS now and then, and Node asks for its path without a parent; where a hook for imports is in place, it
 * loads it by other functions. The modules that were loaded say the same.
 */
const isOfImport = ([request, parent, answer]) => parent === null && request === answer;

const callTexts = (recording) =>
  recording.calls.filter((call) => !isOfImport(call)).map((call) => JSON.stringify(call));

/**
 * Lists what differs between the two runs: loaded modules, and calls with their answers. Programs wait for files and
 * sockets, which makes the order of calls a matter of luck, so calls are compared as a multiset.
 */
export const compareRecordings = (stock, hook) => [
  ...differingLines('module', stock.modules, hook.modules),
  ...differingLines('call', callTexts(stock), callTexts(hook)),
];
