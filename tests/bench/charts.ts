/** Figures as drawings: plain SVG, readable on light and on dark pages. */

export interface Series {
  name: string;
  /** One value for each place on the axis; null = not measured. */
  values: (number | null)[];
}

export interface Chart {
  title: string;
  unit: string;
  places: string[];
  series: Series[];
  /** Lines across, such as an aim. */
  aims?: { name: string; value: number }[];
}

const WIDTH = 720;
const HEIGHT = 340;
const FRAME = { left: 62, right: 16, top: 52, bottom: 44 };
const COLOURS = ['#2f6fde', '#e07a1f', '#2e9e5b', '#b0419a', '#7a7f8a', '#c23b3b', '#8a6d1f'];

/** Bars side by side at each place. */
export function barChart(chart: Chart): string {
  const most = niceAbove(Math.max(...valuesOf(chart)));
  const { x, y } = scales(chart.places.length, most);
  const width = Math.min(46, (x.step * 0.8) / chart.series.length);
  const bars = chart.series.flatMap(({ values }, series) =>
    values.map((value, place) => {
      if (value === null) return '';
      const left = x.middle(place) + (series - chart.series.length / 2) * width;
      return `<rect x="${n(left)}" y="${n(y(value))}" width="${n(width - 3)}" height="${n(y(0) - y(value))}" fill="${colour(series)}"/>
<text x="${n(left + width / 2 - 1.5)}" y="${n(y(value) - 4)}" text-anchor="middle" font-size="11">${shown(value)}</text>`;
    }),
  );
  return drawing(chart, most, bars);
}

/** Bars upon each other: parts of a whole. */
export function stackedChart(chart: Chart): string {
  const totals = chart.places.map((_, place) =>
    chart.series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
  );
  const most = niceAbove(Math.max(...totals, ...(chart.aims ?? []).map(({ value }) => value)));
  const { x, y } = scales(chart.places.length, most);
  const width = Math.min(80, x.step * 0.6);
  const bars = chart.places.map((_, place) => {
    let below = 0;
    const parts = chart.series.map(({ values }, series) => {
      const value = values[place] ?? 0;
      below += value;
      return `<rect x="${n(x.middle(place) - width / 2)}" y="${n(y(below))}" width="${n(width)}" height="${n(y(below - value) - y(below))}" fill="${colour(series)}"/>`;
    });
    return `${parts.join('')}<text x="${n(x.middle(place))}" y="${n(y(below) - 5)}" text-anchor="middle" font-size="11">${shown(below)}</text>`;
  });
  return drawing(chart, most, bars);
}

function drawing(chart: Chart, most: number, marks: readonly string[]): string {
  const { x, y } = scales(chart.places.length, most);
  const right = WIDTH - FRAME.right;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = most * share;
    return `<line x1="${String(FRAME.left)}" x2="${String(right)}" y1="${n(y(value))}" y2="${n(y(value))}" stroke="#8884"/>
<text x="${String(FRAME.left - 8)}" y="${n(y(value) + 4)}" text-anchor="end" font-size="11">${shown(value)}</text>`;
  });
  const places = chart.places.map(
    (name, place) =>
      `<text x="${n(x.middle(place))}" y="${String(HEIGHT - 22)}" text-anchor="middle" font-size="12">${escaped(name)}</text>`,
  );
  const legend = chart.series.map(
    ({ name }, series) =>
      `<rect x="${String(FRAME.left + series * 130)}" y="32" width="10" height="10" fill="${colour(series)}"/><text x="${String(FRAME.left + series * 130 + 15)}" y="41" font-size="12">${escaped(name)}</text>`,
  );
  const aims = (chart.aims ?? []).map(
    ({ name, value }) =>
      `<line x1="${String(FRAME.left)}" x2="${String(right)}" y1="${n(y(value))}" y2="${n(y(value))}" stroke="#c23b3b" stroke-dasharray="5 4"/>
<text x="${String(FRAME.left + 4)}" y="${n(y(value) - 4)}" font-size="11" fill="#c23b3b">${escaped(name)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" font-family="system-ui, sans-serif" fill="#5a6472" role="img" aria-label="${escaped(chart.title)}">
<text x="${String(FRAME.left)}" y="20" font-size="15" font-weight="600">${escaped(chart.title)}</text>
<text x="${String(right)}" y="20" font-size="12" text-anchor="end">${escaped(chart.unit)}</text>
${[...grid, ...legend, ...marks, ...aims, ...places].join('\n')}
</svg>
`;
}

function scales(places: number, most: number) {
  const step = (WIDTH - FRAME.left - FRAME.right) / places;
  const high = HEIGHT - FRAME.top - FRAME.bottom;
  return {
    x: { step, middle: (place: number) => FRAME.left + (place + 0.5) * step },
    y: (value: number) => FRAME.top + high * (1 - value / most),
  };
}

const valuesOf = ({ series, aims }: Chart): number[] => [
  0,
  ...series.flatMap(({ values }) => values.flatMap((value) => value ?? [])),
  ...(aims ?? []).map(({ value }) => value),
];

/** A round number a little above, whose quarters are round as well. */
function niceAbove(value: number): number {
  const wanted = Math.max(value * 1.12, 1e-9);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= wanted) ?? 10) * power;
}

const colour = (series: number): string => COLOURS[series % COLOURS.length] ?? '#888';
const n = (value: number): string => (Math.round(value * 10) / 10).toString();
const shown = (value: number): string =>
  value >= 100 || Number.isInteger(value) ? Math.round(value).toString() : value.toFixed(1);
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
