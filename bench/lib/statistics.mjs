// The few statistics that the demo prints.

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
