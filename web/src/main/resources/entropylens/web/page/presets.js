// Which blocks a preset means.

import { blockRows } from './rows.js';

// The k blocks of largest or most negative ΔH, k random ones, or one for each of `chosen` that is about
// as deep. ΔH of a block is the mean, over a text, of the entropy after it less that before; block 1 is
// never chosen by it, for its ΔH starts from the embedding.
export function presetBlocks(preset, { k, text, layers, chosen, random }) {
  if (preset === 'none') {
    return [];
  }
  if (preset === 'random') {
    return sorted(shuffled(range(1, layers), random).slice(0, k));
  }
  if (preset === 'as-deep') {
    return asDeep(chosen, layers, random);
  }
  const sign = preset === 'largest' ? -1 : 1;
  const deltas = deltasOf(text);
  deltas.sort((one, other) => sign * (one.delta - other.delta) || one.block - other.block);
  return sorted(deltas.slice(0, k).map((one) => one.block));
}

function deltasOf(text) {
  const rows = blockRows(text);
  return [...rows.keys()].filter((block) => block > 1).map((block) => ({ block, delta: mean(text, rows.get(block)) - mean(text, rows.get(block - 1)) }));
}

function mean(text, row) {
  return text.columns.reduce((sum, column) => sum + column.values.entropy[row], 0) / text.columns.length;
}

// For each chosen block, in random order, another one: the likelier the nearer, with weights of one by
// the distance, as `study skip` draws them.
function asDeep(chosen, layers, random) {
  const left = range(2, layers).filter((block) => !chosen.includes(block));
  const taken = [];
  for (const block of shuffled([...chosen], random)) {
    if (left.length > 0) {
      taken.push(left.splice(drawn(left, block, random), 1)[0]);
    }
  }
  return sorted(taken);
}

function drawn(blocks, near, random) {
  const weights = blocks.map((block) => 1 / Math.abs(block - near));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  return at < 0 ? blocks.length - 1 : at;
}

function range(from, to) {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
}

function sorted(blocks) {
  return blocks.sort((a, b) => a - b);
}

// Random numbers of a seed (mulberry32).
export function randomOf(seed) {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Fisher and Yates.
function shuffled(list, random) {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}
