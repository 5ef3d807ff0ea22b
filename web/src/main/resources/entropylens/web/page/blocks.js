// Which blocks are skipped.

import { element } from './dom.js';

export function showSwitches(box, layers, skipped, onChange) {
  const focused = [...box.children].indexOf(document.activeElement);
  box.replaceChildren(
    ...Array.from({ length: layers }, (_, at) => at + 1).map((block) =>
      element(
        'button',
        {
          type: 'button',
          'aria-pressed': String(skipped.includes(block)),
          'aria-label': `Skip block ${block}`,
          title: `Skip block ${block}`,
          click: () => onChange(skipped.includes(block) ? skipped.filter((one) => one !== block) : [...skipped, block].sort((a, b) => a - b)),
        },
        String(block),
      ),
    ),
  );
  box.children[focused]?.focus();
}

// The k blocks that a preset means. ΔH of a block is the mean, over a text, of the entropy after it less
// that before; the first block has none, since the stream before it is not read.
export function presetBlocks(preset, k, text, layers, seed) {
  if (preset === 'none') {
    return [];
  }
  if (preset === 'random') {
    return shuffled(Array.from({ length: layers }, (_, at) => at + 1), seed).slice(0, k).sort((a, b) => a - b);
  }
  const deltas = text.layers.map((layer, at) => ({ block: layer, delta: at === 0 ? null : mean(text, at) - mean(text, at - 1) }));
  const sign = preset === 'largest' ? -1 : 1;
  return deltas
    .filter((one) => one.delta !== null)
    .sort((a, b) => sign * (a.delta - b.delta) || a.block - b.block)
    .slice(0, k)
    .map((one) => one.block)
    .sort((a, b) => a - b);
}

function mean(text, layer) {
  return text.columns.reduce((sum, column) => sum + column.values.entropy[layer], 0) / text.columns.length;
}

// Fisher and Yates, with random numbers of the seed (mulberry32), so that a link shows the same blocks.
function shuffled(list, seed) {
  let state = (seed * 2654435761 + 1) >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}
