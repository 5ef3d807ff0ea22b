// What a cell may be coloured by.

import { Scale } from './colour.js';

const TOP_P = 'top_p_size_0.9';

// value: of a column and a layer's index, or null; kind: how colours run
export const MEASURES = [
  measure('entropy', 'Entropy H', 'nats', 'linear', { from: 0 }),
  {
    name: 'delta',
    label: 'ΔH from the layer before',
    unit: 'nats',
    kind: 'diverging',
    words: ['pruning', 'expansion'],
    value: (column, layer) => deltaOf(column, layer),
  },
  {
    name: 'top_probability',
    label: 'Top probability',
    unit: '',
    kind: 'linear',
    from: 0,
    to: 1,
    value: (column, layer) => column.topProbabilities[layer]?.[0] ?? null,
  },
  measure('next_probability', 'Probability of the next token', '', 'linear', { from: 0, to: 1 }),
  measure('next_rank', 'Rank of the next token', '', 'log', { from: 1, reversed: true, words: ['likely', 'unlikely'] }),
  measure('kl_to_last', 'KL to the last layer', 'nats', 'linear', { from: 0, reversed: true, words: ['decided', 'far from it'] }),
  measure(TOP_P, 'Top-p set (0.9)', 'tokens', 'log', { from: 1 }),
  measure('logit_std', 'Standard deviation of the logits', '', 'linear', {}),
  measure('h_norm', 'Norm ‖h‖', '', 'log', {}),
];

function measure(name, label, unit, kind, more) {
  return { name, label, unit, kind, ...more, value: (column, layer) => column.values[name]?.[layer] ?? null };
}

export function deltaOf(column, layer) {
  const entropy = column.values.entropy;
  return layer === 0 ? null : entropy[layer] - entropy[layer - 1];
}

export function measureNamed(name, among = MEASURES) {
  return among.find((measure) => measure.name === name) ?? among[0];
}

// What some texts have: the measures that are known, and all other statistics by their names.
export function measuresOf(texts) {
  const has = (measure) => texts.some((text) => text.columns.some((column) => text.layers.some((_, layer) => measure.value(column, layer) !== null)));
  const names = new Set(texts.flatMap((text) => Object.keys(text.columns[0]?.values ?? {})));
  const others = [...names].filter((name) => !MEASURES.some((one) => one.name === name));
  return [...MEASURES, ...others.map((name) => measure(name, name.replaceAll('_', ' '), '', 'linear', {}))].filter(has);
}

// The scale that fits some texts; one for all, so that maps side by side compare.
export function scaleOf(measure, texts) {
  let least = Infinity;
  let most = -Infinity;
  for (const text of texts) {
    for (let at = 0; at < text.columns.length; at++) {
      for (let layer = 0; layer < text.layers.length; layer++) {
        const value = measure.value(text.columns[at], layer, at);
        if (value !== null && Number.isFinite(value) && (measure.kind !== 'log' || value > 0)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
    }
  }
  if (least > most) {
    least = measure.from ?? (measure.kind === 'log' ? 1 : 0);
    most = measure.to ?? least + 1;
  }
  return new Scale(measure.kind, measure.from ?? least, measure.to ?? most, measure.reversed);
}

// The same measure, less that of another text in the same cell; nothing where the texts have parted.
export function differenceTo(other, measure, parted) {
  return {
    ...measure,
    name: measure.name + '-difference',
    label: measure.label + ', less the intact model’s',
    kind: 'diverging',
    from: undefined,
    to: undefined,
    reversed: false,
    words: ['lower', 'higher than intact · grey: the texts have parted'],
    value: (column, layer, at) => {
      const there = at < parted ? other.columns[at] : undefined;
      const value = measure.value(column, layer);
      const base = there ? measure.value(there, layer) : null;
      return value === null || base === null ? null : value - base;
    },
  };
}
