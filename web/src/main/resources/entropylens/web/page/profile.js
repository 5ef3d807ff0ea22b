// The entropy profile beside the map: mean over the chosen tokens, with its spread. The line has the
// colour of expansion where entropy rises from one layer to the next, of pruning where it falls.

import { element, shown, svg, tick } from './dom.js';
import { drawingSvg, keepSvg } from './svg.js';
import { profileOf } from './text.js';

const WIDTH = 320;
const HEIGHT = 300;
const LEFT = 34;
const RIGHT = 40;
const TOP = 20;
const BOTTOM = 30;

export function showProfile(figure, text, brush, other) {
  if (!text || text.columns.length === 0) {
    figure.replaceChildren();
    return;
  }
  const [from, to] = brush ?? [0, text.columns.length - 1];
  const points = profileOf(text, from, to);
  const base = other && other.columns.length > 0 ? profileOf(other, from, to) : null;
  const most = Math.max(...[...points, ...(base ?? [])].map((p) => p.mean + p.spread).filter(Number.isFinite), 0.1);
  const x = (value) => LEFT + (Math.max(0, value) / most) * (WIDTH - LEFT - RIGHT);
  const y = (layer) =>
    points.length === 1 ? (TOP + HEIGHT - BOTTOM) / 2 : HEIGHT - BOTTOM - (layer / (points.length - 1)) * (HEIGHT - TOP - BOTTOM);
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': summary(points, text) },
    axes(text, x, y, most),
    svg('path', { class: 'band', d: band(points, x, y) }),
    base && svg('path', { class: 'intact', 'stroke-dasharray': '4 3', d: line(base, x, y) }),
    points.slice(1).map((point, at) => step(points[at], point, at, x, y)),
    points.map((point, layer) => svg('circle', { cx: x(point.mean), cy: y(layer), r: points.length > 40 ? 1.5 : 3, class: kind(points, layer) })),
  );
  figure.replaceChildren(
    drawing,
    element(
      'figcaption',
      {},
      `Mean entropy ± sd over ${to - from + 1} of ${text.columns.length} tokens. `,
      element('span', { class: 'expands' }, '▲ expansion'),
      ' ',
      element('span', { class: 'prunes' }, '▼ pruning'),
      base ? ' · dashed: intact model' : '',
      ' ',
      keepSvg('profile', () => drawingSvg(drawing)),
    ),
  );
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
  text.layers.forEach((layer, at) => {
    if (at % every === 0 || at === text.layers.length - 1) {
      const skipped = text.skipped.includes(layer) ? '⊘' : '';
      marks.push(
        svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(at), y2: y(at) }),
        svg('text', { x: LEFT - 6, y: y(at) + 4, 'text-anchor': 'end' }, skipped + layer),
        svg('text', { x: WIDTH - RIGHT + 6, y: y(at) + 4 }, text.depth[at].toFixed(2)),
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
  return `Entropy profile: largest, ${shown(points[peak].mean)} ${text.start.unit ?? 'nats'}, at layer ${text.layers[peak]}`;
}
