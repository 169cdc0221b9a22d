// The few statistics that the demo and the benchmark print.

const ascending = (values) => [...values].sort((left, right) => left - right);

/** The value below which the given share of the values lies, interpolated between neighbours. */
export const quantile = (values, share) => {
  const sorted = ascending(values);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  return below + (above - below) * (position - Math.floor(position));
};

export const median = (values) => quantile(values, 0.5);

/** Median with the quartiles as spread: one interrupted run of a busy machine must not widen it. */
export const summarise = (values) => ({
  median: median(values),
  lowerQuartile: quantile(values, 0.25),
  upperQuartile: quantile(values, 0.75),
});

/** The mean of ratios: a program twice as fast and one twice as slow make 1. */
export const geometricMean = (values) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** Round by round, so that both values of a ratio met the same neighbours on the machine. */
export const pairedRatios = (dividends, divisors) => dividends.map((dividend, round) => dividend / divisors[round]);

/** As `pairedRatios`. */
export const pairedDifferences = (minuends, subtrahends) =>
  minuends.map((minuend, round) => minuend - subtrahends[round]);

/** From one list of rounds for each program: in each round, the geometric mean over the programs. */
export const geometricMeansByRound = (roundsByProgram) =>
  (roundsByProgram[0] ?? []).map((_value, round) => geometricMean(roundsByProgram.map((rounds) => rounds[round])));

/** As `geometricMeansByRound`, for differences, which may be below zero. */
export const mediansByRound = (roundsByProgram) =>
  (roundsByProgram[0] ?? []).map((_value, round) => median(roundsByProgram.map((rounds) => rounds[round])));
