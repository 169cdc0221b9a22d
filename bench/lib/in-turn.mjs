// Takes the kinds of a measurement in turn, so that all see the same neighbours on the machine.

/**
 * Calls `measure(kind, round)` for every kind in every round; who comes first changes from round to round.
 * @returns {Record<string, unknown[]>} By kind, what was measured in each round.
 */
export const measureInTurn = (rounds, kinds, measure) => {
  const measured = Object.fromEntries(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < kinds.length; index += 1) {
      const kind = kinds[(index + round) % kinds.length];
      measured[kind].push(measure(kind, round));
    }
  }
  return measured;
};
