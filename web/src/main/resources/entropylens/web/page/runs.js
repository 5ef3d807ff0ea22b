// The runs that the explorer was started with: their conditions, the mean profile of each, the texts
// behind it; a text opens in the map, or beside the one that is there.

import { allRuns, post } from './api.js';
import { curve, inWords } from './curve.js';
import { element, shown, visible } from './dom.js';
import { state, writeHash } from './state.js';
import { drawingSvg, keepSvg } from './svg.js';
import { MeasuredText } from './text.js';

const PAGE = 20;

export class Runs {
  // open(text): shows a text in the map; beside(name, text): puts it beside that one; said(words, wrong)
  constructor(box, { open, beside, said }) {
    Object.assign(this, { box, open, beside, said });
    this.parts = [];
    this.from = 0;
  }

  async start() {
    const found = await allRuns();
    this.parts = found.flatMap((run) => run.parts.map((part) => ({ ...part, run: run.name })));
    this.box.hidden = this.parts.length === 0;
    if (this.parts.length > 0) {
      this.build();
      await this.choose(Math.min(Math.max(0, state.part), this.parts.length - 1), state.by);
    }
  }

  build() {
    this.which = element('select', { id: 'run-part', change: () => this.choose(Number(this.which.value), '') }, this.parts.map((part, at) => element('option', { value: at }, nameOf(part))));
    this.by = element('select', { id: 'run-by', change: () => this.choose(state.part, this.by.value) });
    this.cards = element('div', { class: 'cards', role: 'group', 'aria-label': 'Conditions' });
    this.list = element('div', { class: 'texts-of-run' });
    this.box.replaceChildren(
      element(
        'div',
        { class: 'toolbar' },
        element('h2', { id: 'runs-title' }, 'Runs'),
        element('label', { class: 'field' }, 'Run ', this.which),
        element('label', { class: 'field' }, 'by ', this.by),
      ),
      this.cards,
      this.list,
    );
  }

  get part() {
    const { run, study, model, lens, point } = this.parts[state.part];
    return { run, study, model, lens, point };
  }

  async choose(part, by) {
    const { by: all } = this.parts[part];
    Object.assign(state, { part, by: all.includes(by) ? by : all[0] });
    writeHash();
    this.which.value = part;
    this.by.replaceChildren(...all.map((name) => element('option', { value: name }, visible(name))));
    this.by.value = state.by;
    this.list.replaceChildren();
    await this.guarded(async () => {
      this.groups = (await post('runs/groups', { ...this.part, by: state.by })).groups;
      this.showGroups();
    });
  }

  async guarded(work) {
    try {
      await work();
    } catch (failure) {
      this.said('Runs: ' + failure.message, true);
    }
  }

  showGroups() {
    const most = Math.max(...this.groups.flatMap((group) => group.mean.map((mean, at) => mean + group.spread[at])), 0.1);
    this.cards.replaceChildren(...this.groups.map((group) => this.card(group, most)));
  }

  card(group, most) {
    const drawing = curve(asText(group, this.part), [{ values: group.mean, spreads: group.spread, kind: 'change' }], {
      width: 190,
      height: 150,
      most,
      label: `Mean entropy by layer: ${inWords(group.mean)}`,
    });
    return element(
      'div',
      { class: 'card', 'data-value': visible(group.value ?? '', 90) },
      element('button', { type: 'button', class: 'pick', 'aria-pressed': 'false', click: (event) => this.pick(group, event.currentTarget) }, element('bdi', {}, visible(group.value ?? 'none', 60))),
      element('span', { class: 'faint' }, `${shown(group.texts)} text${group.texts === 1 ? '' : 's'}, ${shown(group.tokens)} tokens`),
      drawing,
      keepSvg('condition', () => drawingSvg(drawing)),
    );
  }

  // From a mean profile to the texts behind it.
  async pick(group, button) {
    this.cards.querySelectorAll('.pick').forEach((one) => one.setAttribute('aria-pressed', String(one === button)));
    this.list.replaceChildren();
    await this.more(group, 0);
  }

  async more(group, offset) {
    await this.guarded(async () => {
      const value = group.value === null ? {} : { value: group.value };
      const { texts } = await post('runs/texts', { ...this.part, by: state.by, ...value, offset, limit: PAGE });
      this.list.querySelector('.more')?.remove();
      this.list.append(...texts.map((text) => this.row(text)));
      if (offset + texts.length < group.texts) {
        this.list.append(element('button', { type: 'button', class: 'more', click: () => this.more(group, offset + texts.length) }, `${offset + texts.length} of ${group.texts}; more`));
      }
    });
  }

  row(text) {
    const open = (show) => () => this.guarded(async () => show(await this.read(text.text_id)));
    return element(
      'div',
      { class: 'row', 'data-text': text.text_id },
      element('button', { type: 'button', click: open((found) => this.open(found)) }, 'Open'),
      element('button', { type: 'button', click: open((found) => this.beside(found.label, found)), title: 'Beside the text in the map' }, 'Compare'),
      element('span', { class: 'facts' }, element('bdi', {}, visible(text.text_id, 30)), ` · ${text.tokens} tokens · H ${shown(text.entropy)} at the last layer`),
      element('bdi', { class: 'words' }, visible(text.prompt ?? '', 120), ' ', element('strong', {}, visible(text.generated_text ?? '', 120))),
    );
  }

  async read(id) {
    const { part } = this;
    const found = await post('runs/text', { ...part, text_id: id });
    const { tokens, ...stored } = found;
    const text = MeasuredText.ofRows({ ...header(part), ...stored, model: { name: part.model } }, tokens);
    text.label = visible(`${part.run}, ${id}`, 60);
    text.stored = { ...part, text_id: id };
    return text;
  }
}

function nameOf(part) {
  const through = part.lens === 'logit' ? '' : ` through ${part.lens}`;
  const at = part.point === 'resid_post' ? '' : ` at ${part.point}`;
  return visible(`${part.run}: ${part.study}, ${part.model}${through}${at}, ${part.texts} texts`, 100);
}

function header({ model, lens, point }) {
  return { model: { name: model }, lens: { kind: lens }, at: [point], skip_blocks: [], unit: 'nats', generated_ids: [] };
}

// As far as a curve needs it.
function asText(group, part) {
  const last = group.layer.at(-1);
  return new MeasuredText({ ...header(part), layer: group.layer, depth: group.layer.map((layer) => layer / last), prompt_ids: [], prompt_tokens: [] }, null);
}
