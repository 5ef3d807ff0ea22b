// Colours that the colour-blind tell apart (after Okabe and Ito), and what else tells series apart: the
// members of a group share its colour and differ in lightness, symbol and line; controls are dashed and pale.

const COLOURS = {
  light: ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#555555', '#9A8C00'],
  dark: ['#4BA3E3', '#F28344', '#2FC59C', '#E3A1C8', '#F2BC4B', '#9AD7FA', '#C4C4C4', '#EDE26A'],
};
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'arrow'];
const MEMBER_DASHES = ['solid', [12, 3], [12, 3, 2, 3], [12, 3, 2, 3, 2, 3]];
const CONTROL_DASH = [4, 4];
const SHADES = [0, -0.35, 0.38, -0.6, 0.6];

const THEMES = {
  light: {
    name: 'light',
    text: '#1b1f24',
    faint: '#59636e',
    line: '#d5d9de',
    surface: '#ffffff',
    sequential: ['#f4f8fc', '#c3dbee', '#73b2d8', '#2171b5', '#08306b'],
    diverging: ['#a34500', '#e8965a', '#f7f7f7', '#6aaed6', '#08519c'],
  },
  dark: {
    name: 'dark',
    text: '#e8eaed',
    faint: '#a2abb5',
    line: '#3a424b',
    surface: '#171b20',
    sequential: ['#16202b', '#12405f', '#16709f', '#4fabd8', '#d8effc'],
    diverging: ['#ffb27d', '#b05a1e', '#262b31', '#2478ad', '#9bd4fa'],
  },
};

// Which colour a group has wherever it appears: the order of first appearance in the report.
function groupOrder(report) {
  const order = new Map();
  for (const section of report.sections) {
    for (const chart of section.charts) {
      for (const series of chart.series) {
        if (!order.has(series.group)) {
          order.set(series.group, order.size);
        }
      }
    }
  }
  return order;
}

// The group's own colour, or the next that is free in this chart.
function chartColours(chart, order) {
  const colours = new Map();
  const taken = new Set();
  const count = COLOURS.light.length;
  for (const group of new Set(chart.series.map((series) => series.group))) {
    let index = order.get(group) % count;
    for (let tried = 0; tried < count && taken.has(index); tried++) {
      index = (index + 1) % count;
    }
    taken.add(index);
    colours.set(group, index);
  }
  return colours;
}

// One style per series: colour, symbol, line, and how opaque.
function seriesStyles(chart, order, theme) {
  const colours = chartColours(chart, order);
  const members = new Map();
  return chart.series.map((series) => {
    const key = (series.control ? 'control ' : 'member ') + series.group;
    const member = members.get(key) ?? 0;
    members.set(key, member + 1);
    const base = COLOURS[theme.name][colours.get(series.group)];
    return {
      colour: shade(base, SHADES[member % SHADES.length], theme),
      symbol: (series.control ? 'empty' : '') + capital(SYMBOLS[member % SYMBOLS.length], series.control),
      dash: series.control ? CONTROL_DASH : MEMBER_DASHES[member % MEMBER_DASHES.length],
      width: series.control ? 1.5 : 2.25,
      opacity: series.control ? 0.7 : 1,
    };
  });
}

function capital(word, wanted) {
  return wanted ? word[0].toUpperCase() + word.slice(1) : word;
}

// Positive: towards the paper; negative: towards the ink.
function shade(colour, amount, theme) {
  return mixed(colour, amount > 0 ? theme.surface : theme.text, Math.abs(amount));
}

function mixed(from, to, share) {
  const a = channels(from);
  const b = channels(to);
  return (
    '#' +
    a
      .map((c, i) =>
        Math.round(c + (b[i] - c) * share)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')
  );
}

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

// The colour at a share between 0 and 1 of the scale.
function onScale(scale, share) {
  const at = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const below = Math.min(scale.length - 2, Math.floor(at));
  return mixed(scale[below], scale[below + 1], at - below);
}

function inkOn(colour) {
  const [red, green, blue] = channels(colour);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? '#111111' : '#ffffff';
}
