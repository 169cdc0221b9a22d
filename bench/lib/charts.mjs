// Draws the charts that the README shows. They have no background of their own, and colours that can be told apart on white
// and on black.
import { createRequire } from 'node:module';
import { oursTrusting } from './implementations.mjs';
import { median } from './statistics.mjs';
import { significant } from './tables.mjs';

const colours = { text: '#7d8590', line: '#7d859055', first: '#2f81f7', second: '#db6d28' };

const text = { color: colours.text, fontFamily: 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif' };

const width = 760;
const heightAround = 126;

/** Charts are read from top to bottom; echarts counts from the bottom. */
const fromTop = (rows) => rows.toReversed();

const render = (option, rowCount, heightPerRow) => {
  // Only a run that draws loads the library.
  const { init } = createRequire(import.meta.url)('echarts');
  const height = heightAround + rowCount * heightPerRow;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, backgroundColor: 'transparent', textStyle: text, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // For those who hear it read.
  return `${svg.replace(/<svg[^>]*>/, (tag) => `${tag.slice(0, -1)} role="img">\n<title>${option.title.text}</title>`)}\n`;
};

const titled = (title, subtitle) => ({
  text: title,
  subtext: subtitle,
  left: 8,
  top: 4,
  textStyle: { ...text, fontSize: 16, fontWeight: 600 },
  subtextStyle: { ...text, fontSize: 12 },
});

// Widths of text differ from font to font; what the library would reckon is too narrow for some.
const grid = { left: 136, right: 84, top: 86, bottom: 32 };

const legend = (items) => ({
  data: items,
  left: 130,
  top: 54,
  itemGap: 36,
  itemWidth: 14,
  itemHeight: 10,
  textStyle: text,
});

const namesAxis = (names) => ({
  type: 'category',
  data: fromTop(names),
  axisLine: { lineStyle: { color: colours.line } },
  axisTick: { show: false },
  axisLabel: { ...text, fontSize: 13 },
});

const valuesAxis = (axis) => ({
  axisLabel: { ...text, formatter: (value) => String(value) },
  splitLine: { lineStyle: { color: colours.line, width: 0.5 } },
  ...axis,
});

const bars = (name, values, colour, extra) => ({
  name,
  type: 'bar',
  silent: true,
  data: fromTop(values),
  itemStyle: { color: colour, borderRadius: [0, 3, 3, 0] },
  ...extra,
});

const valueLabel = {
  show: true,
  position: 'right',
  ...text,
  fontSize: 12,
  formatter: ({ value }) => significant(value),
};

const powerOfTenBelow = (value) => 10 ** Math.floor(Math.log10(value));

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

const drawStartUp = (node, { programs: { programs } }) => {
  const byIdeal = [...programs].sort((left, right) => median(right.ratios.ideal) - median(left.ratios.ideal));
  const ratios = (kind) => byIdeal.map(({ ratios: ofProgram }) => median(ofProgram[kind]));
  const [warm, ideal] = ['warm', 'ideal'].map(ratios);
  const series = { warm: 'fast-resolve', ideal: 'limit: every answer known beforehand' };
  return render(
    {
      title: titled(
        'How many times as fast programs start',
        `whole process, stock Node ${node.version} = 1 (dashed), snapshot there; longer is better`,
      ),
      legend: legend([series.warm, { name: series.ideal, icon: 'rect' }]),
      grid,
      xAxis: valuesAxis({ type: 'value', min: 0 }),
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

const charts = {
  resolve: { needs: ['hot', 'cold'], draw: drawResolveTimes },
  'start-up': { needs: ['programs'], draw: drawStartUp },
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
      .map(([name, { draw }]) => [name, draw(node, sections)]),
  );
