// What lies beside the profile: the untrained twin of the model, or another model, on the same text.

import { post } from './api.js';
import { byId, element } from './dom.js';
import { state, writeHash } from './state.js';
import { MeasuredText } from './text.js';

const TWIN = 'untrained';
const SEED = 1;

export class Overlay {
  // known: the models, as the server lists them; changed(): there is a new line; said(words, wrong)
  constructor(known, changed, said) {
    this.known = known;
    this.changed = changed;
    this.said = said;
    this.of = null; // the text that is measured, with what
    this.line = null;
    this.offer();
  }

  offer() {
    const select = byId('overlay');
    select.append(element('option', { value: '' }, 'nothing'), element('option', { value: TWIN }, 'its untrained twin'));
    select.append(...this.known.filter((one) => !one.error).map((one) => element('option', { value: one.name }, one.name)));
    select.addEventListener('change', () => {
      state.overlay = select.value;
      writeHash();
      this.changed();
    });
  }

  // TWIN, or the name of a model.
  get wanted() {
    const select = byId('overlay');
    select.value = state.overlay;
    return select.value;
  }

  // The line beside a text, or null; asks for it when the text is whole.
  beside(text, brush, whole) {
    const { wanted } = this;
    if (!wanted || !text || !whole || text.columns.length === 0) {
      return null;
    }
    if (this.of?.text !== text || this.of.wanted !== wanted) {
      this.of = { text, wanted };
      this.line = null;
      this.measure(this.of);
    }
    return this.line && { ...this.line, columns: this.chosen(text, brush) };
  }

  // The columns that are brushed, where both read the same tokens; else all that go with the text's.
  chosen(text, brush) {
    const { text: other, sameTokens, first } = this.line;
    if (!sameTokens) {
      return other.columns.slice(first, other.columns.length - (text.ofPrompt ? 0 : 1));
    }
    const [from, to] = brush ?? [0, text.columns.length - 1];
    return text.columns.slice(from, to + 1).map((column) => other.columns[column.position]);
  }

  async measure(of) {
    try {
      const line = of.wanted === TWIN ? await twin(of.text) : await another(of.text, this.known.find((one) => one.name === of.wanted));
      if (this.of === of) {
        this.line = line;
        this.changed();
      }
    } catch (failure) {
      this.said('Beside the profile: ' + failure.message, true);
    }
  }
}

async function twin(text) {
  const measured = await read(text, { model: text.asked.model, untrained: SEED, token_ids: text.allIds });
  return { name: `untrained twin (seed ${SEED})`, kind: 'twin', text: measured, sameTokens: true };
}

// In its own tokens, where they are others.
async function another(text, { name, points, has_chat_template }) {
  const { prompt, chat, system } = text.asked;
  const asChat = chat && has_chat_template ? { chat, system } : {};
  const before = (await post('tokenise', { model: name, prompt, ...asChat })).ids;
  const after = text.ofPrompt ? '' : await textAfterPrompt(text);
  const written = after === '' ? [] : (await post('tokenise', { model: name, prompt: after, bare: true })).ids;
  const ids = [...before, ...written];
  const measured = await read(text, { model: name, token_ids: ids }, points);
  const sameTokens = ids.join() === text.allIds.join();
  return { name: name + (sameTokens ? '' : ', in its own tokens'), kind: 'model', text: measured, sameTokens, first: text.ofPrompt ? 0 : before.length - 1 };
}

export async function textAfterPrompt(text) {
  const { model } = text.asked;
  const whole = await post('tokenise', { model, token_ids: text.allIds });
  const before = await post('tokenise', { model, token_ids: text.promptIds });
  return whole.text.startsWith(before.text) ? whole.text.slice(before.text.length) : whole.text;
}

// The points of a text, as far as the blocks of another model have them.
export function pointsOf(text, points) {
  return text.asked.at?.filter((point) => points.includes(point));
}

async function read(text, asked, points = text.asked.at) {
  const profile = await post('profile', { ...asked, positions: 'prompt', at: pointsOf(text, points), embedding: text.asked.embedding });
  return MeasuredText.ofProfile(profile, profile.prompt_ids.map(String), asked);
}
