// The rows of a map: what was read of every block, from the lowest to the highest.

import { factorsIn, isWhole } from './changes.js';

const ORDER = ['resid_pre', 'attn_out', 'resid_mid', 'mlp_out', 'resid_post'];
const LETTERS = { resid_mid: 'a' }; // after attention
const WORDS = { resid_mid: ', after attention', resid_post: '' };

// point, layer, depth, and at: the row in that point's tables
export function rowsOf(start) {
  const points = start.points ?? { [start.at[0]]: start };
  const rows = Object.entries(points).flatMap(([point, { layer, depth }]) => layer.map((number, at) => ({ point, layer: number, depth: depth[at], at })));
  return rows.sort((one, other) => one.layer - other.layer || ORDER.indexOf(one.point) - ORDER.indexOf(other.point));
}

// Beside a row of the map: 3 after block 3, 3a after its attention.
export function shortName(text, row) {
  const { layer, point } = text.rows[row];
  return mark(text, row) + layer + (LETTERS[point] ?? '');
}

// In words.
export function rowName(text, row) {
  const { layer, point } = text.rows[row];
  return layer === 0 ? 'the embedding' : `layer ${layer}${WORDS[point] ?? ', ' + point}`;
}

// What is left out of a block, or scaled.
function mark(text, row) {
  const { layer, point } = text.rows[row];
  const [attention, mlp] = factorsIn(text.changes, layer);
  const halves = text.rows.some((one) => one.point === 'resid_mid');
  const factors = !halves ? [attention, mlp] : point === 'resid_mid' ? [attention] : [mlp];
  if (factors.every(isWhole)) {
    return '';
  }
  return factors.every((factor) => factor === 0) ? '⊘' : '×';
}

// Where a row lies between the embedding, 0, and the last block, 1.
export function place(text, row) {
  const { point, layer, depth } = text.rows[row];
  return point === 'resid_mid' ? (depth * (layer - 0.5)) / layer : depth;
}

// The row after each block, by its number.
export function blockRows(text) {
  return new Map(text.rows.map((row, at) => [row, at]).filter(([row]) => row.point === 'resid_post').map(([row, at]) => [row.layer, at]));
}
