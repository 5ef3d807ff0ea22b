// What the blocks do: factors on what attention and the MLP of a block add, 1 and 1 where nothing is
// changed. In a request: `skip_blocks` where both are 0, `scale_blocks` with `L:A:M` otherwise.

export const isWhole = (factor) => factor === 1;

export function factorsIn(changes, block) {
  return changes.get(block) ?? [1, 1];
}

// By block, of a profile's header.
export function changesOf({ skip_blocks, scale_blocks }) {
  const changes = new Map((skip_blocks ?? []).map((block) => [block, [0, 0]]));
  (scale_blocks ?? []).forEach(({ block, attention, mlp }) => changes.set(block, [attention, mlp]));
  return changes;
}

// By block, as the address has them.
export function changesFrom(skip, scale) {
  const changes = new Map(skip.map((block) => [block, [0, 0]]));
  for (const word of scale) {
    const [block, attention, mlp] = word.split(':').map(Number);
    changes.set(block, [attention, mlp]);
  }
  return changes;
}

// As the address has them: { skip, scale }.
export function wordsOf(changes) {
  const skip = [];
  const scale = [];
  for (const [block, [attention, mlp]] of [...changes].sort((one, other) => one[0] - other[0])) {
    if (attention === 0 && mlp === 0) {
      skip.push(block);
    } else if (attention !== 1 || mlp !== 1) {
      scale.push(`${block}:${attention}:${mlp}`);
    }
  }
  return { skip, scale };
}

// In words, for a heading.
export function described(changes) {
  const { skip, scale } = wordsOf(changes);
  const parts = skip.length > 0 ? ['without block ' + skip.join(', ')] : [];
  for (const word of scale) {
    const [block, attention, mlp] = word.split(':');
    const halves = [half('attention', attention), half('MLP', mlp)].filter(Boolean);
    parts.push(`block ${block} ${halves.join(' and ')}`);
  }
  const words = parts.join('; ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function half(name, factor) {
  if (Number(factor) === 1) {
    return null;
  }
  return Number(factor) === 0 ? 'without ' + name : `with ${name} × ${factor}`;
}

// What a profile's header says of rows that came from another text, in words.
export function patchesDescribed(patched) {
  const places = (patched?.rows ?? []).map(({ at, layer, position }) => `${at === 'resid_post' ? '' : at + ' of '}layer ${layer} at position ${position}`);
  return places.length === 0 ? '' : 'Patched: ' + places.join(', ');
}
