// What the charts are made of. They have no background of their own, and colours that can be told apart on white and on black.
import { createRequire } from 'node:module';
import { significant } from './tables.mjs';

export const colours = { text: '#7d8590', line: '#7d859055', first: '#2f81f7', second: '#db6d28' };

const text = { color: colours.text, fontFamily: 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif' };

const width = 760;
const heightAround = 126;

/** Charts are read from top to bottom; echarts counts from the bottom. */
export const fromTop = (rows) => rows.toReversed();

export const render = (option, rowCount, heightPerRow) => {
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

export const titled = (title, subtitle) => ({
  text: title,
  subtext: subtitle,
  left: 8,
  top: 4,
  textStyle: { ...text, fontSize: 16, fontWeight: 600 },
  subtextStyle: { ...text, fontSize: 12 },
});

// Widths of text differ from font to font; what the library would reckon is too narrow for some.
export const grid = { left: 136, right: 84, top: 86, bottom: 32 };

export const legend = (items) => ({
  data: items,
  left: 130,
  top: 54,
  itemGap: 36,
  itemWidth: 14,
  itemHeight: 10,
  textStyle: text,
});

export const namesAxis = (names) => ({
  type: 'category',
  data: fromTop(names),
  axisLine: { lineStyle: { color: colours.line } },
  axisTick: { show: false },
  axisLabel: { ...text, fontSize: 13 },
});

export const valuesAxis = (axis) => ({
  axisLabel: { ...text, formatter: (value) => String(value) },
  splitLine: { lineStyle: { color: colours.line, width: 0.5 } },
  ...axis,
});

export const bars = (name, values, colour, extra) => ({
  name,
  type: 'bar',
  silent: true,
  data: fromTop(values),
  itemStyle: { color: colour, borderRadius: [0, 3, 3, 0] },
  ...extra,
});

export const valueLabel = {
  show: true,
  position: 'right',
  ...text,
  fontSize: 12,
  formatter: ({ value }) => significant(value),
};

export const powerOfTenBelow = (value) => 10 ** Math.floor(Math.log10(value));
