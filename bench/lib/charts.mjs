// Draws the charts that the README shows.
import {
  bars,
  colours,
  fromTop,
  grid,
  legend,
  namesAxis,
  powerOfTenBelow,
  render,
  titled,
  valueLabel,
  valuesAxis,
} from './chart-parts.mjs';
import { oursTrusting } from './implementations.mjs';
import { drawPoolTasks, drawSpawnBlock } from './process-charts.mjs';
import { median } from './statistics.mjs';

const drawResolveTimes = (node, { hot, cold }) => {
  const names = hot.names.filter((name) => name !== oursTrusting && cold.names.includes(name));
  const microsecondsIn = (section) => names.map((name) => section.overall[name].nanoseconds.median / 1e3);
  const [hotTimes, coldTimes] = [hot, cold].map(microsecondsIn);
  const series = { cold: 'first time (cold)', hot: 'again (hot)' };
  // A logarithmic axis has no zero for the bars to begin at.
  const start = powerOfTenBelow(Math.min(...hotTimes, ...coldTimes));
  return render(
    {
      title: titled(
        'Time per resolve, µs (logarithmic)',
        `geometric mean over ${hot.programs.length} real programs, Node ${node.version}; shorter is better`,
      ),
      legend: legend([series.hot, series.cold]),
      grid,
      xAxis: valuesAxis({ type: 'log', min: start, startValue: start }),
      yAxis: namesAxis(names),
      series: [
        bars(series.cold, coldTimes, colours.second, { label: valueLabel }),
        bars(series.hot, hotTimes, colours.first, { label: valueLabel }),
      ],
    },
    names.length,
    44,
  );
};

const drawStartUp = (node, { programs }, what, axis) => {
  const byIdeal = [...programs].sort((left, right) => median(right.ratios.ideal) - median(left.ratios.ideal));
  const ratios = (kind) => byIdeal.map(({ ratios: ofProgram }) => median(ofProgram[kind]));
  const [warm, ideal] = ['warm', 'ideal'].map(ratios);
  const series = { warm: 'fast-resolve', ideal: 'limit: every answer known beforehand' };
  return render(
    {
      title: titled(
        `How many times as fast ${what} start`,
        `whole process, stock Node ${node.version} = 1 (dashed), snapshot there; longer is better`,
      ),
      legend: legend([series.warm, { name: series.ideal, icon: 'rect' }]),
      grid,
      xAxis: valuesAxis(axis),
      yAxis: [
        namesAxis(byIdeal.map(({ program }) => program)),
        {
          ...namesAxis(warm.map((value, index) => `${value.toFixed(2)} / ${ideal[index].toFixed(2)}`)),
          axisLine: { show: false },
        },
      ],
      series: [
        bars(series.warm, warm, colours.first, {
          barWidth: 14,
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: colours.text, type: 'dashed', width: 1 },
            data: [{ xAxis: 1 }],
          },
        }),
        {
          name: series.ideal,
          type: 'scatter',
          silent: true,
          symbol: 'rect',
          symbolSize: [4, 20],
          itemStyle: { color: colours.second },
          data: fromTop(ideal),
        },
      ],
    },
    byIdeal.length,
    28,
  );
};

const drawProgramsStartUp = (node, { programs }) => drawStartUp(node, programs, 'programs', { type: 'value', min: 0 });

/** One of them is an order of magnitude ahead of the others. */
const drawImportsStartUp = (node, { imports }) =>
  imports.skipped === undefined
    ? drawStartUp(node, imports, 'programs of ES modules (logarithmic)', {
        type: 'log',
        logBase: 2,
        min: 0.5,
        startValue: 0.5,
      })
    : undefined;

const charts = {
  resolve: { needs: ['hot', 'cold'], draw: drawResolveTimes },
  'start-up': { needs: ['programs'], draw: drawProgramsStartUp },
  imports: { needs: ['imports'], draw: drawImportsStartUp },
  spawn: { needs: ['spawn'], draw: drawSpawnBlock },
  pool: { needs: ['pool'], draw: drawPoolTasks },
};

/**
 * @param {{ version: string }} node
 * @param {Record<string, object>} sections Results by section.
 * @returns {Record<string, string>} By name, the SVG of each chart whose sections have been measured.
 */
export const drawCharts = (node, sections) =>
  Object.fromEntries(
    Object.entries(charts)
      .filter(([, { needs }]) => needs.every((name) => sections[name] !== undefined))
      .map(([name, { draw }]) => [name, draw(node, sections)])
      .filter(([, svg]) => svg !== undefined),
  );
