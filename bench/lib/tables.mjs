// Numbers and tables as text.
import Table from 'cli-table3';

/** Three significant digits, without an exponent. */
export const significant = (value) => {
  const digits = value === 0 ? 1 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(Math.max(digits, 0), 3));
};

export const microseconds = (nanoseconds) => significant(nanoseconds / 1e3);

export const formatRatio = (ratio) => significant(ratio);

/** A ratio of whole-program times, in which hundredths matter. */
export const formatStartUpRatio = (ratio) => ratio.toFixed(3);

export const percent = (share) => `${(share * 100).toFixed(0)} %`;

/** Median and quartiles. */
export const formatSummary = ({ median, lowerQuartile, upperQuartile }, format) =>
  `${format(median)} (${format(lowerQuartile)}–${format(upperQuartile)})`;

/** A table whose first column is text and whose others are numbers. */
export const formatTable = (head, rows) => {
  const table = new Table({
    head,
    colAligns: head.map((_title, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return table.toString();
};
