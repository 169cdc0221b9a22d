// Finds a way from a node of a graph back to it.

/**
 * @param {Map<string, string[]>} graph The nodes that each node leads to; others than its keys lead nowhere.
 * @returns {string[] | undefined} The nodes on the way, the first again at the end.
 */
export function cycleIn(graph) {
  const finished = new Set();
  for (const node of graph.keys()) {
    const cycle = cycleFrom(node, [], { graph, finished });
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function cycleFrom(node, trail, state) {
  const start = trail.indexOf(node);
  if (start !== -1) return [...trail.slice(start), node];
  if (state.finished.has(node)) return undefined;
  for (const next of state.graph.get(node) ?? []) {
    const cycle = cycleFrom(next, [...trail, node], state);
    if (cycle !== undefined) return cycle;
  }
  state.finished.add(node);
  return undefined;
}
