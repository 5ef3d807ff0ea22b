// The entropy profile beside the map: mean over the chosen tokens, with its spread. The line has the
// colour of expansion where entropy rises from one layer to the next, of pruning where it falls. Others
// lie beside it by their depth.

import { element, shown, svg, tick } from './dom.js';
import { drawingSvg, keepSvg } from './svg.js';
import { place, rowName, shortName } from './rows.js';
import { profileOf } from './text.js';

const WIDTH = 320;
const HEIGHT = 300;
const LEFT = 34;
const RIGHT = 40;
const TOP = 20;
const BOTTOM = 30;

// others: { name, kind, text, columns }, each a line of its own; columns: which of its text's are meant,
// all where null
export function showProfile(figure, text, brush, others) {
  if (!text || text.columns.length === 0) {
    // as large as it will be, so that nothing moves when it comes
    figure.replaceChildren(svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' }), element('figcaption', {}, 'Mean entropy by layer, of the tokens in the map.'));
    return;
  }
  const [from, to] = brush ?? [0, text.columns.length - 1];
  const points = profileOf(text, text.columns.slice(from, to + 1));
  const lines = others.map((other) => ({ ...other, points: profileOf(other.text, other.columns) }));
  const means = [...points.map((p) => p.mean + p.spread), ...lines.flatMap((other) => other.points.map((p) => p.mean))];
  const most = Math.max(...means.filter(Number.isFinite), 0.1);
  const x = (value) => LEFT + (Math.max(0, value) / most) * (WIDTH - LEFT - RIGHT);
  const height = heights([text, ...others.map((other) => other.text)]);
  const y = (row) => height(text, row);
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': summary(points, text) },
    axes(text, x, y, most),
    svg('path', { class: 'band', d: band(points, x, y) }),
    lines.map((other) => svg('path', { class: 'other ' + other.kind, 'data-means': other.points.map((p) => p.mean).join(), d: line(other.points, x, (row) => height(other.text, row)) })),
    points.slice(1).map((point, at) => step(points[at], point, at, x, y)),
    points.map((point, layer) => svg('circle', { cx: x(point.mean), cy: y(layer), r: points.length > 40 ? 1.5 : 3, class: kind(points, layer) })),
  );
  figure.replaceChildren(drawing, caption(`Mean entropy ± sd over ${to - from + 1} of ${text.columns.length} tokens. `, lines, keepSvg('profile', () => drawingSvg(drawing))));
}

function caption(words, lines, keep) {
  return element(
    'figcaption',
    {},
    words,
    element('span', { class: 'expands' }, '▲ expansion'),
    ' ',
    element('span', { class: 'prunes' }, '▼ pruning'),
    ...lines.flatMap((other) => [' ', key(other)]),
    ' ',
    keep,
  );
}

function key({ kind, name }) {
  return element('span', { class: 'key' }, svg('svg', { viewBox: '0 0 28 8', 'aria-hidden': 'true' }, svg('path', { class: 'other ' + kind, d: 'M0 4H28' })), name);
}

// Where the row of a text lies: by depth, from the lowest of all to the last.
function heights(texts) {
  const least = Math.min(...texts.map((text) => place(text, 0)));
  return (text, row) => {
    const share = least === 1 ? 0.5 : (place(text, row) - least) / (1 - least);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  };
}

// As drawn: a layer has the colour of the change that leads to it.
function kind(points, layer) {
  if (layer === 0) {
    return 'first';
  }
  return points[layer].mean > points[layer - 1].mean ? 'expand' : 'prune';
}

function step(from, to, at, x, y) {
  return svg('line', {
    x1: x(from.mean),
    y1: y(at),
    x2: x(to.mean),
    y2: y(at + 1),
    'stroke-width': 2.5,
    class: to.mean > from.mean ? 'expand' : 'prune',
  });
}

function line(points, x, y) {
  return points.map((point, layer) => `${layer ? 'L' : 'M'}${x(point.mean).toFixed(1)} ${y(layer).toFixed(1)}`).join('');
}

function band(points, x, y) {
  const right = points.map((p, layer) => `${x(p.mean + p.spread).toFixed(1)} ${y(layer).toFixed(1)}`);
  const left = points.map((p, layer) => `${x(p.mean - p.spread).toFixed(1)} ${y(layer).toFixed(1)}`).reverse();
  return 'M' + [...right, ...left].join('L') + 'Z';
}

function axes(text, x, y, most) {
  const every = Math.ceil(text.layers.length / 16);
  const marks = [];
  text.rows.forEach((_, at) => {
    if (at % every === 0 || at === text.layers.length - 1) {
      marks.push(
        svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(at), y2: y(at) }),
        svg('text', { x: LEFT - 6, y: y(at) + 4, 'text-anchor': 'end' }, shortName(text, at)),
        svg('text', { x: WIDTH - RIGHT + 6, y: y(at) + 4 }, place(text, at).toFixed(2)),
      );
    }
  });
  for (const share of [0, 0.5, 1]) {
    marks.push(svg('text', { x: x(most * share), y: HEIGHT - BOTTOM + 16, 'text-anchor': 'middle' }, tick(Number((most * share).toPrecision(2)))));
  }
  return [
    ...marks,
    svg('text', { x: LEFT - 6, y: 10, 'text-anchor': 'end' }, 'layer'),
    svg('text', { x: WIDTH - RIGHT + 6, y: 10 }, 'depth'),
    svg('text', { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 2, 'text-anchor': 'middle' }, 'H, ' + (text.start.unit ?? 'nats')),
  ];
}

function summary(points, text) {
  const peak = points.reduce((best, point, at) => (point.mean > points[best].mean ? at : best), 0);
  return `Entropy profile: largest, ${shown(points[peak].mean)} ${text.start.unit ?? 'nats'}, at ${rowName(text, peak)}`;
}
