// The text beside another: of another prompt, of another model, through another lens, or one that was kept
// in a run. Maps side by side, and the difference where both read the same token.

import { post } from './api.js';
import { tip } from './cell.js';
import { aligned, lessThat, sameDepths } from './difference.js';
import { element } from './dom.js';
import { Heatmap } from './heatmap.js';
import { showLegend } from './legend.js';
import { measureNamed, scaleOf } from './measures.js';
import { pointsOf, textAfterPrompt } from './overlays.js';
import { showProfile } from './profile.js';
import { state, writeHash } from './state.js';
import { MeasuredText } from './text.js';
import { hideTip, showTip } from './tip.js';

const KINDS = [
  ['prompt', 'another prompt'],
  ['model', 'another model'],
  ['lens', 'another lens'],
];

export class Compare {
  // known: the models; said(words, wrong): what is going on
  constructor(box, known, said) {
    this.known = known;
    this.said = said;
    this.one = null;
    this.two = null;
    this.name = '';
    const listen = (own) => ({
      hover: (at, row, cell) => this.hover(own, at, row, cell),
      leave: hideTip,
      pin: () => {},
      brush: () => {},
      scroll: (left, top) => this.maps.forEach((map) => map.scroller.scrollTo(left, top)),
    });
    this.maps = ['A', 'B', 'A − B'].map((title, at) => new Heatmap(title, listen(at)));
    this.build(box);
  }

  build(box) {
    const changed = () => {
      Object.assign(state, { against: this.kind.value, other: '' });
      writeHash();
      this.offer();
    };
    this.kind = element('select', { id: 'against-kind', change: changed }, KINDS.map(([value, words]) => element('option', { value }, words)));
    this.prompt = element('input', { id: 'against-prompt', class: 'wide', spellcheck: 'false', 'aria-label': 'The other prompt', placeholder: 'The other prompt' });
    this.select = element('select', { id: 'against-which', 'aria-label': 'Which one' });
    this.go = element('button', { type: 'submit', id: 'against-go' }, 'Compare');
    this.note = element('p', { class: 'faint', role: 'status', id: 'against-note' });
    this.legend = element('div', { class: 'legend' });
    this.figure = element('figure', {});
    this.shownBox = element('div', { class: 'against', hidden: '' }, element('div', { class: 'pair' }, this.maps.map((map) => map.element)), element('div', {}, this.legend, this.figure));
    const submit = (event) => {
      event.preventDefault();
      Object.assign(state, { against: this.kind.value, other: this.kind.value === 'prompt' ? this.prompt.value : this.select.value });
      writeHash();
      this.run();
    };
    box.replaceChildren(
      element('form', { class: 'toolbar', submit, autocomplete: 'off' }, element('h2', { id: 'against-title' }, 'Compare'), element('label', { class: 'field' }, 'with ', this.kind), this.prompt, this.select, this.go),
      this.note,
      this.shownBox,
    );
    this.offer();
  }

  // What there is to choose from.
  offer() {
    this.kind.value = state.against || 'prompt';
    const of = this.kind.value;
    this.prompt.hidden = of !== 'prompt';
    this.select.hidden = of === 'prompt';
    this.prompt.value = of === 'prompt' ? state.other : '';
    const model = this.known.find((one) => one.name === (state.model || this.known[0]?.name));
    const names = of === 'lens' ? (model?.lenses ?? []) : this.known.filter((one) => !one.error && one.name !== model?.name).map((one) => one.name);
    this.select.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
    this.select.value = names.includes(state.other) ? state.other : (names[0] ?? '');
    this.offered = model?.name;
    const none = of !== 'prompt' && names.length === 0;
    this.go.disabled = none || !this.one;
    this.note.textContent = none ? this.why(of) : this.two ? this.note.textContent : 'Both stand beside each other, and their difference where they read the same token.';
  }

  why(of) {
    return of === 'lens' ? 'No lens of this model was given: start the explorer with --lens FILE.' : 'There is one model: start the explorer with --model several times.';
  }

  // The text of the page; what was compared with another one is put away.
  show(text, running) {
    const some = text && text.columns.length > 0 && !running ? text : null;
    const wasOne = this.one;
    this.one = some;
    if (this.two && some !== this.of) {
      this.two = null;
      this.shownBox.hidden = true;
    }
    if (wasOne !== some || this.offered !== (state.model || this.known[0]?.name)) {
      this.offer();
    }
    if (this.two) {
      this.draw();
    }
  }

  async run() {
    const { one } = this;
    if (!one) {
      return;
    }
    this.note.textContent = 'Waiting for the model …';
    this.go.disabled = true;
    try {
      if (!one.asked) {
        throw new Error('This text comes from a run: “Compare” at another text of a run puts that beside it.');
      }
      const [name, two] = await { prompt: otherPrompt, model: otherModel, lens: otherLens }[state.against](one, state.other, this.known);
      if (this.one === one) {
        this.with(name, two);
      }
    } catch (failure) {
      this.note.textContent = failure.message;
    }
    this.go.disabled = false;
  }

  // Puts a text beside that of the page.
  with(name, two) {
    if (!this.one) {
      this.said('Open a text first, or generate one; then another is put beside it.', true);
      return;
    }
    this.of = this.one;
    this.two = two;
    this.name = name;
    this.shownBox.hidden = false;
    this.draw();
  }

  draw() {
    const { one, two } = this;
    const { pairs, same, moved } = aligned(one, two);
    const rows = sameDepths(one, two);
    const plain = measureNamed(state.measure);
    const scale = scaleOf(plain, [one, two]);
    const less = lessThat(plain, two, pairs, rows);
    this.less = less;
    const own = scaleOf(less, [one]);
    this.maps[0].title.textContent = 'A: ' + titleOf(one);
    this.maps[1].title.textContent = 'B: ' + this.name;
    const views = [
      [one, plain, scale],
      [two, plain, scale],
      [one, less, own],
    ];
    this.maps.forEach((map, at) => {
      map.cellWidth = state.zoom;
      map.show(...views[at]);
    });
    showLegend(this.legend, less, own);
    const columns = pairs.filter((pair) => pair !== null).map((pair) => two.columns[pair]);
    showProfile(this.figure, one, null, columns.length > 0 ? [{ name: 'B: ' + this.name, kind: 'model', text: two, columns }] : []);
    this.note.textContent = words(one, two, same, moved, rows);
  }

  hover(own, at, row, cell) {
    const text = own === 1 ? this.two : this.one;
    if (!text || at >= text.columns.length) {
      return;
    }
    const { less } = this;
    const difference = own === 2 ? less.value(text.columns[at], row, at) : null;
    showTip([...tip(text, at, row), ...(own === 2 ? [element('p', { class: 'difference' }, `${less.label}: ${difference === null ? 'nothing to compare' : Number(difference.toPrecision(4))}`)] : [])], cell);
  }
}

function titleOf(text) {
  return text.label ?? text.start.model.name;
}

function words(one, two, same, moved, rows) {
  const elsewhere = moved > 0 ? `, ${moved} of them at another position` : '';
  const positions = `${same} of ${one.columns.length} positions of A read the same token in B${elsewhere}`;
  const other = one.columns.length - same;
  const differ = other > 0 ? `; at ${other} the tokens differ, and nothing is compared there` : '';
  const lost = rows.filter((row) => row === null).length;
  const depth = lost > 0 ? ` A has ${one.rows.length} layers, B ${two.rows.length}: layers are compared at the same relative depth, ${one.rows.length - lost} of them.` : '';
  return positions + differ + '.' + depth;
}

// What A was asked for, without what it was given or patched with.
function again(one) {
  const { given_ids: _, given_known: __, patch: ___, patch_at: ____, patch_from: _____, ...asked } = one.asked;
  return asked;
}

async function tokensOf(model, ids) {
  return ids.length === 0 ? [] : (await post('tokenise', { model, token_ids: ids })).tokens;
}

async function otherPrompt(one, prompt) {
  if (!prompt) {
    throw new Error('Write the other prompt.');
  }
  const { tokens, temperature, seed, positions, token_ids: _, messages: __, ...rest } = again(one);
  const sampled = positions === 'prompt' ? { positions } : { tokens, temperature, seed };
  const profile = await post('profile', { ...rest, ...sampled, prompt });
  const [before, after] = [await tokensOf(rest.model, profile.prompt_ids), await tokensOf(rest.model, profile.generated_ids)];
  const text = positions === 'prompt' ? MeasuredText.ofProfile(profile, before, null) : MeasuredText.ofGenerated(profile, before, after);
  return ['another prompt', text];
}

// The text of A, read by another model in its own tokens.
async function otherModel(one, name, known) {
  const { prompt, chat, system } = one.asked;
  const { has_chat_template: template, points } = known.find((model) => model.name === name);
  const before = (await post('tokenise', { model: name, prompt, ...(chat && template ? { chat, system } : {}) })).ids;
  const after = one.ofPrompt ? '' : await textAfterPrompt(one);
  const written = after === '' ? [] : (await post('tokenise', { model: name, prompt: after, bare: true })).ids;
  const text = await reading(one, { model: name, untrained: undefined, skip_blocks: [], scale_blocks: [], at: pointsOf(one, points) }, [...before, ...written]);
  if (!one.ofPrompt) {
    // as A's, from the position that predicts the first token that was written
    text.columns = text.columns.slice(before.length - 1, -1);
  }
  return [name, text];
}

async function otherLens(one, lens) {
  const text = await reading(one, { lens, ...one.patchAsked }, one.allIds);
  const positions = new Set(one.columns.map((column) => column.position));
  text.columns = text.columns.filter((column) => positions.has(column.position));
  return [lens, text];
}

// Every position of some ids, measured as A was.
async function reading(one, change, ids) {
  const { prompt: _, chat: __, system: ___, messages: ____, tokens: _____, temperature: ______, seed: _______, ignore_eos: ________, ...rest } = again(one);
  const asked = { ...rest, ...change, token_ids: ids, positions: 'prompt' };
  const profile = await post('profile', asked);
  return MeasuredText.ofProfile(profile, await tokensOf(asked.model, ids), null);
}
