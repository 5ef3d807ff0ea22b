// A text that was measured: a column for each position.

import { changesOf, described, patchesDescribed } from './changes.js';
import { rowsOf } from './rows.js';

export class MeasuredText {
  // start: the header of a profile, with the prompt's ids and tokens
  constructor(start, asked) {
    this.start = start;
    this.asked = asked; // the request that made it
    this.rows = rowsOf(start); // from the lowest to the highest
    this.layers = this.rows.map((row) => row.layer);
    this.depth = this.rows.map((row) => row.depth);
    this.changes = changesOf(start);
    this.promptIds = start.prompt_ids;
    this.promptTokens = start.prompt_tokens;
    this.ofPrompt = start.positions === 'prompt';
    this.columns = [];
    this.ended = null;
  }

  get isChanged() {
    return this.changes.size > 0 || Boolean(this.start.patched);
  }

  // What was done to the model or to its stream, in words.
  get changedWords() {
    return [described(this.changes), patchesDescribed(this.start.patched)].filter(Boolean).join('; ');
  }

  // The patch in the words of the API, wherever the prompt comes from.
  get patchAsked() {
    const { patch, patch_at } = this.asked ?? {};
    return patch ? { patch, patch_at, patch_from_ids: this.start.patched.from_ids } : {};
  }

  // Every position of a prompt, from a whole profile.
  static ofProfile(profile, tokens, asked) {
    const text = new MeasuredText({ ...profile, prompt_tokens: tokens }, asked);
    profile.prompt_ids.forEach((id, at) => {
      const next = at + 1 < tokens.length ? { id: profile.prompt_ids[at + 1], token: tokens[at + 1] } : null;
      text.columns.push(column(text, at, { id, token: tokens[at] }, next, profile, at));
    });
    text.ended = 'measured';
    return text;
  }

  // What was generated, from a whole profile: a row is read where the token before was written.
  static ofGenerated(profile, promptTokens, generatedTokens) {
    const text = new MeasuredText({ ...profile, prompt_tokens: promptTokens }, null);
    const ids = [...profile.prompt_ids, ...profile.generated_ids];
    const tokens = [...promptTokens, ...generatedTokens];
    const first = profile.prompt_ids.length - 1;
    generatedTokens.forEach((_, row) => {
      const [input, next] = [first + row, first + row + 1].map((at) => ({ id: ids[at], token: tokens[at] }));
      text.columns.push(column(text, first + row, input, next, profile, row));
    });
    text.ended = 'measured';
    return text;
  }

  // What a run keeps of a text: rows at some positions of it.
  static ofRows(stored, tokens) {
    const before = stored.prompt_ids.length;
    const ids = [...stored.prompt_ids, ...stored.generated_ids];
    // rows of what was generated begin where the prompt ends
    const ofPrompt = stored.position[0] < before - 1 || stored.generated_ids.length === 0;
    const text = new MeasuredText({ ...stored, prompt_tokens: tokens.slice(0, before), positions: ofPrompt ? 'prompt' : 'generated' }, null);
    stored.position.forEach((position, row) => {
      const token = (at) => (at < ids.length ? { id: ids[at], token: tokens[at] } : null);
      text.columns.push(column(text, position, token(position), token(position + 1), stored, row));
    });
    text.ended = 'measured';
    return text;
  }

  // A token that arrived, with the rows of the position that predicts it.
  add(event, edited = false) {
    const before = this.columns.at(-1);
    const input = before ? before.next : { id: this.promptIds.at(-1), token: this.promptTokens.at(-1) };
    const next = { id: event.id, token: event.token, edited };
    this.columns.push(column(this, event.position, input, next, event, 0));
  }

  get generatedIds() {
    return this.ofPrompt ? [] : this.columns.map((one) => one.next.id);
  }

  // Ids of all that was read and written.
  get allIds() {
    return [...this.promptIds, ...this.generatedIds];
  }
}

const NOT_STATISTICS = new Set(['position', 'id', 'token', 'text', 'top_ids', 'top_tokens', 'top_probabilities', 'profile', 'spread', 'delta', 'depth', 'layer', 'prompt_ids', 'generated_ids', 'skip_blocks']);

function column(text, position, input, next, rows, row) {
  const byPoint = text.start.points ? rows.points : { [text.rows[0].point]: rows };
  const values = {};
  for (const [name, table] of Object.entries(Object.values(byPoint)[0])) {
    if (!NOT_STATISTICS.has(name) && Array.isArray(table) && (Array.isArray(table[row]) || table[row] === null)) {
      values[name] = text.rows.map(({ point, at }) => byPoint[point][name][row]?.[at] ?? null);
    }
  }
  const all = (name) => text.rows.map(({ point, at }) => byPoint[point][name]?.[row]?.[at] ?? []);
  return { position, input, next, values, topIds: all('top_ids'), topTokens: all('top_tokens'), topProbabilities: all('top_probabilities') };
}

// The first column whose texts before it differ: up to there, columns of two texts compare.
export function partedAt(one, other) {
  if (one.promptIds.join() !== other.promptIds.join()) {
    return 0;
  }
  const most = Math.min(one.columns.length, other.columns.length);
  for (let at = 0; at < most; at++) {
    if (one.columns[at].next?.id !== other.columns[at].next?.id) {
      return at + 1; // this column still reads the same text
    }
  }
  return most;
}

// Mean and standard deviation of the entropy over some columns, for each row; over all where none are
// named.
export function profileOf(text, columns = null) {
  return text.rows.map((_, row) => {
    const values = (columns ?? text.columns).map((column) => column.values.entropy[row]).filter((value) => value !== null);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, spread: Math.sqrt(squares / Math.max(1, values.length - 1)) };
  });
}
