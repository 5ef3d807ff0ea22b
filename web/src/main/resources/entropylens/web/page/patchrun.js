// Rows of one text in the place of another's: what is asked of the server, what can change by it, and
// what does.

import { post } from './api.js';
import { MeasuredText } from './text.js';

const UNMOVED = ['entropy', 'logit_std', 'h_norm']; // of a cell alone; others compare with other cells

// A patch, as options name it: { layer, from, to } at a point of the stream.
export function parsePatch(word) {
  const [, layer, to, from] = /^([1-9]\d{0,5}):(\d{1,6})(?:=(\d{1,6}))?$/.exec(word) ?? [];
  return layer ? { layer: Number(layer), to: Number(to), from: Number(from ?? to) } : null;
}

export function patchWord({ layer, from, to }) {
  return `${layer}:${to}` + (from === to ? '' : '=' + from);
}

// The layer and the point of a row of the map. The embedding is what block 1 reads.
export function placeOf(text, row) {
  const { layer, point } = text.rows[row];
  return layer === 0 ? { layer: 1, point: 'resid_pre' } : { layer, point };
}

// The row of the map that a patch replaces.
export function rowOf(text, { layer }, point) {
  const at = point === 'resid_pre' ? { layer: layer - 1, point: 'resid_post' } : { layer, point };
  return text.rows.findIndex((row) => row.layer === at.layer && row.point === at.point);
}

// Whether a cell could change: later rows of the position that is patched, and of later positions the
// rows that read it through attention of a later block.
export function couldChange(text, patches, point) {
  const bounds = patches.map((patch) => {
    const row = rowOf(text, patch, point);
    const block = text.rows.findIndex((one) => one.layer === text.rows[row]?.layer && one.point === 'resid_post');
    return { to: patch.to, row, after: Math.max(row, block) };
  });
  return (at, row) => bounds.some((patch) => (at === patch.to && row >= patch.row) || (at > patch.to && row > patch.after));
}

// Whether a cell did change.
export function didChange(before, after) {
  return (at, row) => {
    const [one, other] = [before.columns[at], after.columns[at]];
    return UNMOVED.some((name) => one.values[name][row] !== other.values[name][row]) || one.topIds[row].join() !== other.topIds[row].join();
  };
}

export function topChanged(before, after) {
  return (at, row) => before.columns[at].topIds[row][0] !== after.columns[at].topIds[row][0];
}

// Cells for which each holds.
export function count(text, ...conditions) {
  const counts = conditions.map(() => 0);
  text.columns.forEach((_, at) => text.rows.forEach((__, row) => conditions.forEach((holds, i) => (counts[i] += holds(at, row) ? 1 : 0))));
  return counts;
}

// A prompt, every position of it measured.
export async function measured(asked, signal) {
  const profile = await post('profile', asked, signal);
  const { tokens } = await post('tokenise', { model: asked.model, token_ids: profile.prompt_ids }, signal);
  return MeasuredText.ofProfile(profile, tokens, { ...asked, skip_blocks: [], scale_blocks: [] });
}

// What a cell's value is less that without the patch; nothing where it could not change.
export function patchDifference(before, measure, could) {
  return {
    ...measure,
    name: measure.name + '-patched',
    label: measure.label + ', less that without the patch',
    kind: 'diverging',
    from: undefined,
    to: undefined,
    reversed: false,
    words: ['lower', 'higher than without · grey: cannot change'],
    value: (column, row, at) => {
      const value = could(at, row) ? measure.value(column, row, at) : null;
      const base = value === null ? null : measure.value(before.columns[at], row, at);
      return base === null ? null : value - base;
    },
  };
}
