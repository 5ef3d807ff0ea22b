// One cell in words: the most probable tokens, every statistic, which tokens came and went.

import { element, shown, signed, visible } from './dom.js';
import { deltaOf } from './measures.js';
import { rowName } from './rows.js';

// The content of the tip beside the pointer.
export function tip(text, at, layer) {
  const column = text.columns[at];
  return [heading(text, column, layer), topTable(column, layer, 5, null), statistics(column, layer), moves(text, column, layer)];
}

// The panel of the pinned cell. `follow(token)` is called for a token whose rank is to be followed.
export function panel(text, at, layer, followed, follow) {
  const column = text.columns[at];
  return [
    element('div', {}, heading(text, column, layer), topTable(column, layer, column.topIds[layer].length, { followed, follow })),
    element('div', {}, statistics(column, layer), moves(text, column, layer)),
  ];
}

function heading(text, column, layer) {
  return element('h3', {}, `Position ${column.position + 1} `, word(column.input.token), ', ' + rowName(text, layer));
}

function word(token) {
  return element('bdi', { class: 'word' }, '‘' + visible(token, 30) + '’');
}

function topTable(column, layer, most, following) {
  const rows = column.topIds[layer].slice(0, most).map((id, rank) => {
    const token = { id, token: column.topTokens[layer][rank] };
    const shownToken = visible(token.token, 30);
    const control = following
      ? element(
          'button',
          {
            type: 'button',
            class: 'word',
            'aria-pressed': String(following.followed?.id === id),
            title: 'Follow its rank down the layers',
            click: () => following.follow(token),
          },
          shownToken,
        )
      : element('div', { class: 'word' }, shownToken);
    return element(
      'tr',
      { class: column.next?.id === id ? 'next' : null },
      element('td', {}, control),
      element('td', { class: 'p' }, percent(column.topProbabilities[layer][rank])),
      element('td', { class: 'id' }, String(id)),
    );
  });
  return element('table', { class: 'ranking' }, element('tbody', {}, ...rows));
}

function percent(p) {
  return p >= 0.0005 ? (100 * p).toFixed(1) + ' %' : shown(p);
}

function statistics(column, layer) {
  const entries = [['ΔH', signed(deltaOf(column, layer))]];
  for (const [name, values] of Object.entries(column.values)) {
    entries.push([name.replaceAll('_', ' '), shown(values?.[layer] ?? null)]);
  }
  return element('dl', { class: 'stats' }, ...entries.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

// Against the layer before, among the most probable tokens that are kept.
function moves(text, column, layer) {
  if (layer === 0) {
    return element('p', { class: 'moves faint' }, 'The first layer that was read.');
  }
  const before = new Set(column.topIds[layer - 1]);
  const now = new Set(column.topIds[layer]);
  const entered = column.topTokens[layer].filter((_, rank) => !before.has(column.topIds[layer][rank]));
  const left = column.topTokens[layer - 1].filter((_, rank) => !now.has(column.topIds[layer - 1][rank]));
  const list = (tokens) => (tokens.length === 0 ? ['none'] : tokens.flatMap((token, at) => [at ? ' ' : '', word(token)]));
  return element(
    'div',
    { class: 'moves' },
    element('div', { class: 'in' }, `▲ enter the top ${now.size} since ${rowName(text, layer - 1)}: `, ...list(entered)),
    element('div', { class: 'out' }, '▼ leave: ', ...list(left)),
  );
}
