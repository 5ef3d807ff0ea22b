// Runs texts: generated token by token, or the prompt measured; one at a time, until stopped.

import { generate, post } from './api.js';
import { MeasuredText } from './text.js';

export class Live {
  // changed(): a text has new columns; said(words, wrong): what is going on; settings(): tokens,
  // temperature and seed with which a text goes on
  constructor(changed, said, settings) {
    this.changed = changed;
    this.said = said;
    this.settings = settings;
    this.now = null; // the text with what is asked for
    this.intact = null; // beside it, that of the model as it is
    this.controller = null;
  }

  get running() {
    return this.controller !== null;
  }

  stop() {
    this.controller?.abort();
  }

  // Generates, or measures the prompt; with `beside`, first the same with no block changed, and then,
  // with `same`, on the text which that gave.
  run(asked, beside, same) {
    const before = { now: this.now, intact: this.intact };
    return this.alone(async (signal) => {
      Object.assign(this, { now: null, intact: null });
      if (beside) {
        const { patch: _, patch_at: __, patch_from: ___, ...unpatched } = asked;
        await this.one({ ...unpatched, skip_blocks: [], scale_blocks: [] }, signal, (text) => (this.intact = text));
      }
      const forced = beside && same && asked.positions !== 'prompt';
      const how = forced ? { ...asked, given_ids: this.intact.generatedIds, given_known: 0, tokens: 1, ignore_eos: true } : asked;
      await this.one(how, signal, (text) => (this.now = text), this.intact?.columns.length);
    }, before);
  }

  // The text again from the token at a column on, which is replaced. What stood before it is kept, and
  // its columns too.
  goOn(at, words) {
    const text = this.now;
    return this.alone(async (signal) => {
      const { ids } = await post('tokenise', { model: text.asked.model, prompt: words, bare: true }, signal);
      const given = [...text.generatedIds.slice(0, at), ...ids];
      const original = { ...text.asked, ...this.settings() };
      const tokens = Math.max(1, original.tokens - given.length);
      const asked = { ...original, tokens, given_ids: given, given_known: at };
      await this.stream(asked, original, signal, (next) => (this.now = next), text.columns.slice(0, at), ids.length);
    });
  }

  // One run at a time: a new one stops the one before. Where nothing comes of it, what was there
  // before stays.
  async alone(work, before = {}) {
    this.stop();
    const controller = new AbortController();
    this.controller = controller;
    this.said('Waiting for the model …', false);
    this.changed();
    try {
      await work(controller.signal);
      this.said(this.finished(), false);
    } catch (failure) {
      if (controller.signal.aborted) {
        this.said('Stopped.', false);
      } else {
        this.said(failure.message, true);
      }
    } finally {
      if (this.controller === controller) {
        this.controller = null;
        Object.assign(this, this.now || this.intact ? {} : before);
      }
      this.changed();
    }
  }

  // The ranks of a token in all layers: the text up to a column, then the token, read in one go.
  async ranksOf(text, column, id, signal) {
    const ids = text.allIds.slice(0, text.columns[column].position + 1);
    const { model, skip_blocks, scale_blocks, at, embedding } = text.asked;
    const asked = { model, token_ids: [...ids, id], positions: 'prompt', stats: ['next'], skip_blocks, scale_blocks, at, embedding, ...text.patchAsked };
    const profile = await post('profile', asked, signal);
    return text.rows.map((row) => {
      const { next_rank } = profile.points?.[row.point] ?? profile;
      return { rank: next_rank[ids.length - 1][row.at], exact: true };
    });
  }

  finished() {
    const text = this.now;
    if (text.ofPrompt) {
      return `${text.columns.length} positions measured.`;
    }
    return `${text.columns.length} tokens${text.ended === 'end token' ? '; the text has ended' : ''}.`;
  }

  // most: columns that are kept, where the text is given
  async one(asked, signal, keep, most = Infinity) {
    if (asked.positions === 'prompt') {
      const { tokens: _, temperature: __, seed: ___, ...rest } = asked;
      const profile = await post('profile', rest, signal);
      const { tokens } = await post('tokenise', { model: asked.model, token_ids: profile.prompt_ids }, signal);
      keep(MeasuredText.ofProfile(profile, tokens, asked));
      this.changed();
    } else {
      await this.stream(asked, asked, signal, keep, [], 0, most);
    }
  }

  async stream(asked, original, signal, keep, columns, edited, most = Infinity) {
    const { positions: _, ...body } = asked;
    let text = null;
    await generate(body, signal, (name, data) => {
      if (signal.aborted) {
        return;
      }
      if (name === 'error') {
        throw new Error(data.error);
      }
      if (name === 'start') {
        text = new MeasuredText(data, original);
        text.columns = columns;
        keep(text);
      } else if (name === 'token' && text.columns.length < most) {
        text.add(data, edited-- > 0);
        this.said(`${text.columns.length} tokens …`, false);
      } else if (name === 'end') {
        text.ended = data.ended;
      }
      this.changed();
    });
    if (text && !text.ended && !signal.aborted) {
      throw new Error('the explorer broke off; was it stopped?');
    }
  }
}
