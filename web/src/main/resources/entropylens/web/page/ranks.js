// A token's rank, followed from the first layer to the last.

import { element, svg, visible } from './dom.js';
import { drawingSvg, keepSvg } from './svg.js';
import { shortName } from './rows.js';

const WIDTH = 320;
const HEIGHT = 210;
const LEFT = 34;
const TOP = 16;
const BOTTOM = 26;

// Ranks that the columns know: of the token that follows all, of others those among the top k.
export function knownRanks(text, column, id) {
  if (column.next?.id === id && column.values.next_rank) {
    return column.values.next_rank.map((rank) => ({ rank, exact: true }));
  }
  return text.layers.map((_, layer) => {
    const rank = column.topIds[layer].indexOf(id);
    return rank < 0 ? { rank: column.topIds[layer].length + 1, exact: false } : { rank: rank + 1, exact: true };
  });
}

export function rankChart(text, token, ranks) {
  const most = Math.max(10, ...ranks.map((one) => one.rank));
  const x = (rank) => LEFT + 10 + (Math.log(rank) / Math.log(most)) * (WIDTH - LEFT - 30);
  const y = (layer) => (ranks.length === 1 ? HEIGHT / 2 : HEIGHT - BOTTOM - (layer / (ranks.length - 1)) * (HEIGHT - TOP - BOTTOM));
  const every = Math.ceil(ranks.length / 12);
  const path = ranks.map((one, layer) => `${layer ? 'L' : 'M'}${x(one.rank).toFixed(1)} ${y(layer).toFixed(1)}`).join('');
  const ticks = [1, 10, 100, 1000, 10000, 100000].filter((rank) => rank <= most);
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `Rank of ${visible(token.token)} by layer: ${ranks.map((one) => one.rank).join(', ')}` },
    ticks.map((rank) => [
      svg('line', { class: 'grid', x1: x(rank), x2: x(rank), y1: TOP, y2: HEIGHT - BOTTOM }),
      svg('text', { x: x(rank), y: HEIGHT - BOTTOM + 15, 'text-anchor': 'middle' }, String(rank)),
    ]).flat(),
    ranks.map((_, at) => (at % every === 0 || at === ranks.length - 1 ? svg('text', { x: LEFT - 4, y: y(at) + 4, 'text-anchor': 'end' }, shortName(text, at)) : null)),
    svg('path', { class: 'rank-line', d: path }),
    ranks.map((one, layer) => svg('circle', { class: one.exact ? 'rank-dot' : 'rank-dot beyond', cx: x(one.rank), cy: y(layer), r: ranks.length > 40 ? 2 : 3.5 })),
  );
  const beyond = ranks.some((one) => !one.exact);
  return element(
    'figure',
    { class: 'ranks' },
    element('figcaption', {}, 'Rank of ', element('bdi', { class: 'word' }, '‘' + visible(token.token, 24) + '’'), ', by layer', beyond ? ' (open: beyond the top)' : '', ' ', keepSvg('ranks', () => drawingSvg(drawing))),
    drawing,
  );
}
