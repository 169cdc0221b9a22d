// Numbers that look random and come again with the same seed, so that a run which failed can be repeated.

/** A generator of its own for each seed (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;

  /** At least 0, less than 1. */
  function fraction() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const integerBelow = (limit) => Math.floor(fraction() * limit);
  const chance = (probability) => fraction() < probability;
  const pick = (items) => items[integerBelow(items.length)];
  const sample = (items, count) => Array.from({ length: count }, () => pick(items));

  /** Of [[weight, item], …], each as often as its weight says. */
  function pickWeighted(items) {
    let rest = fraction() * items.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return items.at(-1)[1];
  }

  return { chance, integerBelow, pick, pickWeighted, sample };
}
