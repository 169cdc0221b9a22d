// The charts of starting processes and of pools.
import {
  bars,
  colours,
  grid,
  legend,
  namesAxis,
  powerOfTenBelow,
  render,
  titled,
  valueLabel,
  valuesAxis,
} from './chart-parts.mjs';

const sizes = { 'spawn-50': '50 MiB', 'spawn-1024': '1 GiB', 'spawn-4096': '4 GiB' };

/** The median of a figure; undefined where it was not measured. */
const medianOf = (row, kind, figure) => row?.[kind]?.[figure]?.median;

/** @returns {string | undefined} Undefined where the section was left out. */
export const drawSpawnBlock = (node, { spawn }) => {
  const series = { node: 'Node', seam: 'fast-resolve/spawn' };
  const timesOf = (kind) => Object.keys(sizes).map((row) => medianOf(spawn[row], kind, 'block'));
  const [nodeTimes, seamTimes] = [timesOf('node'), timesOf('seam')];
  if ([...nodeTimes, ...seamTimes].includes(undefined)) return undefined;
  const start = powerOfTenBelow(Math.min(...nodeTimes, ...seamTimes));
  return render(
    {
      title: titled(
        'Event loop stopped by one spawn(), ms (logarithmic)',
        `by the memory that the parent has resident, Node ${node.version}; shorter is better`,
      ),
      legend: legend([series.seam, series.node]),
      grid,
      xAxis: valuesAxis({ type: 'log', min: start, startValue: start }),
      yAxis: namesAxis(Object.values(sizes)),
      series: [
        bars(series.node, nodeTimes, colours.second, { label: valueLabel }),
        bars(series.seam, seamTimes, colours.first, { label: valueLabel }),
      ],
    },
    nodeTimes.length,
    52,
  );
};

/** @returns {string | undefined} As above. */
export const drawPoolTasks = (node, { pool }) => {
  const rates = Object.keys(pool.small ?? {})
    .map((kind) => [kind, medianOf(pool.small, kind, 'rate')])
    .filter(([, rate]) => rate !== undefined)
    .sort(([, left], [, right]) => right - left);
  if (rates.length === 0) return undefined;
  const name = 'thousand tasks per second';
  return render(
    {
      title: titled(
        'Small tasks, thousands per second',
        `two workers, 64 tasks in flight, Node ${node.version}; longer is better`,
      ),
      grid: { ...grid, top: 62 },
      xAxis: valuesAxis({ type: 'value', min: 0 }),
      yAxis: namesAxis(rates.map(([kind]) => kind)),
      series: [
        bars(
          name,
          rates.map(([, rate]) => rate / 1e3),
          colours.first,
          { label: valueLabel, barWidth: 16 },
        ),
      ],
    },
    rates.length,
    30,
  );
};
