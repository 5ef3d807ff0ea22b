// Curves over the layers, the last layer at the top, as in the map.

import { shown, svg, tick } from './dom.js';
import { shortName } from './rows.js';

// series: [{ values, spreads, kind, opacity }], values by layer, null where there is none; kind: a class
// of the line, or 'change' for the colours of expansion and pruning. most: the end of the axis.
export function curve(text, series, { width, height, most, label, least = 0, unit = null }) {
  const left = 26;
  const right = width - 10;
  const bottom = height - (unit ? 32 : 20);
  const count = text.layers.length;
  const x = (value) => left + ((Math.min(most, Math.max(least, value)) - least) / (most - least || 1)) * (right - left);
  const y = (layer) => (count === 1 ? (8 + bottom) / 2 : bottom - (layer / (count - 1)) * (bottom - 8));
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    grid(text, { left, right, bottom, x, y, least, most, unit, height }),
    series.flatMap((one) => (one.kind === 'change' ? changing(one, x, y) : plain(one, x, y))),
  );
}

// In words, for those who do not see it.
export function inWords(values) {
  return values.map((value) => shown(value)).join(', ');
}

function grid(text, { left, right, bottom, x, y, least, most, unit, height }) {
  const every = Math.ceil((text.layers.length * 13) / (bottom - 8));
  const marks = text.layers.flatMap((_, at) =>
    at % every === 0 || at === text.layers.length - 1
      ? [svg('line', { class: 'grid', x1: left, x2: right, y1: y(at), y2: y(at) }), svg('text', { x: left - 5, y: y(at) + 4, 'text-anchor': 'end' }, shortName(text, at))]
      : [],
  );
  const ticks = least < 0 ? [least, 0, most] : [least, most];
  const under = ticks.map((value, at) =>
    svg('text', { x: x(value), y: bottom + 15, 'text-anchor': at === 0 ? 'start' : at === ticks.length - 1 ? 'end' : 'middle' }, tick(Number(value.toPrecision(2)))),
  );
  const zero = least < 0 ? [svg('line', { class: 'zero', x1: x(0), x2: x(0), y1: 4, y2: bottom })] : [];
  return [...marks, ...zero, ...under, unit && svg('text', { x: (left + right) / 2, y: height - 3, 'text-anchor': 'middle' }, unit)];
}

function plain({ values, spreads, kind, opacity }, x, y) {
  const points = values.map((value, layer) => (value === null ? null : [x(value).toFixed(1), y(layer).toFixed(1)])).filter(Boolean);
  const path = svg('path', { class: 'curve ' + kind, opacity, d: 'M' + points.map((point) => point.join(' ')).join('L') });
  return [spreads && band(values, spreads, x, y), path];
}

function band(values, spreads, x, y) {
  const side = (sign) => values.map((value, layer) => `${x(value + sign * spreads[layer]).toFixed(1)} ${y(layer).toFixed(1)}`);
  return svg('path', { class: 'band', d: 'M' + [...side(1), ...side(-1).reverse()].join('L') + 'Z' });
}

function changing({ values, spreads }, x, y) {
  const lines = values.slice(1).map((value, at) =>
    svg('line', { x1: x(values[at]), y1: y(at), x2: x(value), y2: y(at + 1), 'stroke-width': 2.5, class: value > values[at] ? 'expand' : 'prune' }),
  );
  return [spreads && band(values, spreads, x, y), ...lines];
}
