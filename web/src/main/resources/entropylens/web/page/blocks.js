// The switches of the blocks: the whole of one, its halves, and factors on what they add.

import { factorsIn } from './changes.js';
import { byId, element } from './dom.js';

const KINDS = [
  { id: 'switches', what: (block) => `Skip block ${block}`, isOff: ([a, m]) => a === 0 && m === 0, toggled: ([a, m]) => (a === 0 && m === 0 ? [1, 1] : [0, 0]) },
  { id: 'attention-switches', what: (block) => `Skip attention of block ${block}`, half: 0 },
  { id: 'mlp-switches', what: (block) => `Skip the MLP of block ${block}`, half: 1 },
];

// onChange(block, factors); hasHalves: whether a block adds to the stream twice
export function showSwitches(layers, hasHalves, changes, onChange) {
  for (const kind of KINDS) {
    const box = byId(kind.id);
    const focused = [...box.children].indexOf(document.activeElement);
    const blocks = Array.from({ length: layers }, (_, at) => at + 1);
    box.replaceChildren(...blocks.map((block) => button(kind, block, factorsIn(changes, block), hasHalves, onChange)));
    box.children[focused]?.focus();
  }
  showFactors(changes, hasHalves);
}

function button(kind, block, factors, hasHalves, onChange) {
  const { half } = kind;
  const off = half === undefined ? kind.isOff(factors) : factors[half] === 0;
  const factor = half === undefined ? 1 : factors[half];
  const scaled = factor !== 0 && factor !== 1;
  const toggled = half === undefined ? kind.toggled(factors) : factors.map((one, at) => (at !== half ? one : one === 1 ? 0 : 1));
  return element(
    'button',
    {
      type: 'button',
      class: scaled ? 'scaled' : null,
      disabled: half !== undefined && !hasHalves ? '' : null,
      'aria-pressed': String(off),
      'aria-label': kind.what(block) + (scaled ? `; now times ${factor}` : ''),
      title: kind.what(block) + (scaled ? `; now times ${factor}` : ''),
      click: () => onChange(block, toggled),
    },
    String(block) + (scaled ? '×' : ''),
  );
}

// The fields that have a block's factors; they follow what the switches do.
function showFactors(changes, hasHalves) {
  const block = byId('factor-block').valueAsNumber;
  const factors = factorsIn(changes, block);
  [byId('factor-attention'), byId('factor-mlp')].forEach((field, half) => {
    field.disabled = !hasHalves;
    if (document.activeElement !== field) {
      field.value = factors[half];
    }
  });
}

// The block and the factors that the fields hold; null where they hold none.
export function factorsAsked(layers) {
  const block = byId('factor-block').valueAsNumber;
  const factors = [byId('factor-attention').valueAsNumber, byId('factor-mlp').valueAsNumber];
  const valid = Number.isInteger(block) && block >= 1 && block <= layers && factors.every((factor) => Number.isFinite(factor) && Math.abs(factor) < 1e9);
  return valid ? { block, factors: factors.map((factor) => Number(factor.toFixed(6))) } : null;
}
