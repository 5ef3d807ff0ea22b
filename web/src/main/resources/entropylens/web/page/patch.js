// Patching: two prompts side by side; a cell of the first is put onto the second, by dragging it there
// or by choosing both; a third map shows what follows.

import { tip } from './cell.js';
import { byId, element, visible } from './dom.js';
import { Carry } from './carry.js';
import { Heatmap } from './heatmap.js';
import { showLegend } from './legend.js';
import { MEASURES, measureNamed, scaleOf } from './measures.js';
import { couldChange, count, didChange, measured, parsePatch, patchDifference, patchWord, placeOf, rowOf, topChanged } from './patchrun.js';
import { rowName } from './rows.js';
import { command } from './save.js';
import { state, writeHash } from './state.js';
import { hideTip, showTip } from './tip.js';

const TOP_K = 10;

export class Patching {
  // page: model(), chat() in the words of the API, goOn(): generates after the patched text
  constructor(page) {
    this.page = page;
    this.how = ''; // what both texts were measured with
    this.texts = { from: null, to: null, patched: null };
    this.chosen = null; // { at, row } of the first text
    this.maps = {
      from: this.map('The first text: take a cell', { pin: (at, row) => this.choose(at, row) }),
      to: this.map('The second text: put it here', { pin: (at) => this.put(at), scroll: (left, top) => this.maps.patched.scroller.scrollTo(left, top) }),
      patched: this.map('The second text with it', { scroll: (left, top) => this.maps.to.scroller.scrollTo(left, top) }),
    };
    byId('patch-maps').append(this.maps.from.element, this.maps.to.element, this.maps.patched.element);
    this.carry = new Carry(this.maps.from, this.maps.to, (cell, at) => {
      this.choose(cell.at, cell.layer);
      this.put(at);
    });
    this.listen();
  }

  map(title, listeners) {
    const map = new Heatmap(title, {
      hover: (at, row, box) => this.hover(map, at, row, box),
      leave: hideTip,
      pin: () => {},
      brush: (from) => from === null && this.letGo(),
      scroll: hideTip,
      ...listeners,
    });
    map.empty.textContent = 'Measure two texts, then take a cell of the first.';
    return map;
  }

  listen() {
    byId('patch-measure').append(...MEASURES.map((measure) => element('option', { value: measure.name }, measure.label)));
    byId('patch-ask').addEventListener('submit', (event) => {
      event.preventDefault();
      this.start([]);
    });
    byId('patch-halves').addEventListener('change', () => this.start(state.patch.map(parsePatch)));
    byId('patch-undo').addEventListener('click', () => this.apply([]));
    byId('patch-go-on').addEventListener('click', () => this.page.goOn());
    byId('patch-measure').addEventListener('change', (event) => this.set({ patchMeasure: event.target.value }));
    byId('patch-difference').addEventListener('change', (event) => this.set({ patchDifference: event.target.checked }));
    byId('zoom').addEventListener('input', () => this.show());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.show());
  }

  set(change) {
    Object.assign(state, change);
    writeHash();
    this.show();
  }

  // As the address says.
  restore() {
    byId('patch-from').value = state.patchFrom;
    byId('patch-to').value = state.patchTo;
    byId('patch-halves').checked = state.patchHalves;
    this.fit();
    if (state.patchFrom && state.patchTo) {
      byId('patch').open = true;
      this.start(state.patch.map(parsePatch).filter(Boolean));
    } else {
      this.show();
    }
  }

  // What the model has. Texts of another model, or of another form, are put away.
  fit() {
    byId('patch-halves').disabled = !this.hasMid;
    byId('patch-start').disabled = Boolean(this.page.model().error);
    byId('patch-chat').hidden = !this.page.chat().chat;
    if (this.texts.from && this.how !== this.form) {
      this.controller?.abort();
      this.texts = { from: null, to: null, patched: null };
      this.chosen = null;
      this.say('These were texts of another model, or not of a chat: measure both again.', false);
      this.show();
    }
  }

  get form() {
    return JSON.stringify([this.page.model().name, this.page.chat()]);
  }

  // The patch, in the words of the API.
  get asked() {
    return { skip_blocks: [], scale_blocks: [], patch: state.patch, patch_at: state.patchAt, patch_from: state.patchFrom };
  }

  get hasMid() {
    return this.page.model().points?.includes('resid_mid');
  }

  ofText(prompt) {
    const halves = state.patchHalves && this.hasMid;
    return {
      model: this.page.model().name,
      prompt,
      ...this.page.chat(),
      positions: 'prompt',
      ...(halves ? { at: ['resid_mid', 'resid_post'] } : {}),
      embedding: true,
      top_k: Math.min(TOP_K, this.page.model().vocab),
      top_p_set: [0.9],
      stats: ['kl', 'next'],
    };
  }

  // Measures both texts, then puts the rows.
  start(patches) {
    Object.assign(state, { patchFrom: byId('patch-from').value, patchTo: byId('patch-to').value, patchHalves: byId('patch-halves').checked });
    if (!state.patchFrom || !state.patchTo) {
      this.say('Write both texts first.', true);
      return;
    }
    this.letGo();
    this.how = this.form;
    this.alone('Measuring both texts …', async (signal) => {
      this.texts = { from: null, to: null, patched: null };
      this.texts.from = await measured(this.ofText(state.patchFrom), signal);
      this.texts.to = await measured(this.ofText(state.patchTo), signal);
      this.say('Take a cell of the first text: drag it onto the second, or press Enter on both.', false);
      await this.patch(patches, signal);
    });
  }

  apply(patches) {
    this.alone('Computing what follows …', (signal) => this.patch(patches, signal));
  }

  async patch(patches, signal) {
    const { to } = this.texts;
    const fit = patches.filter((patch) => patch && rowOf(to, patch, state.patchAt) >= 0 && patch.to < to.columns.length);
    state.patch = fit.map(patchWord);
    writeHash();
    this.texts.patched = null;
    if (fit.length > 0) {
      const asked = { ...this.ofText(state.patchTo), ...this.asked };
      this.texts.patched = await measured(asked, signal);
      this.tell(fit);
    } else if (patches.length === 0 && this.texts.from) {
      this.say('Take a cell of the first text: drag it onto the second, or press Enter on both.', false);
    }
  }

  // One job at a time: a new one stops the one before.
  async alone(words, work) {
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    this.say(words, false);
    try {
      await work(controller.signal);
    } catch (failure) {
      if (controller.signal.aborted) {
        return;
      }
      this.say(failure.message, true);
    }
    this.show();
  }

  choose(at, row) {
    const text = this.texts.from;
    if (text && at < text.columns.length) {
      this.chosen = { at, row };
      this.say(`Taken: ${rowName(text, row)} at ${position(text, at)}. Choose a position of the second text.`, false);
      this.show();
    }
  }

  letGo() {
    this.chosen = null;
    this.show();
  }

  // The chosen row at a position of the second text.
  put(at) {
    if (!this.chosen) {
      this.say('Take a cell of the first text first.', true);
      return;
    }
    const { layer, point } = placeOf(this.texts.from, this.chosen.row);
    const patch = { layer, from: this.chosen.at, to: at };
    const others = state.patchAt === point ? state.patch.map(parsePatch) : [];
    state.patchAt = point;
    this.apply([...others.filter((one) => one.layer !== layer || one.to !== at), patch]);
  }

  tell(patches) {
    const { to, patched } = this.texts;
    const could = couldChange(to, patches, state.patchAt);
    const did = didChange(to, patched);
    const [possible, changed, tops] = count(to, could, did, topChanged(to, patched));
    const last = to.rows.length - 1;
    const word = (text) => `‘${visible(text.columns.at(-1).topTokens[last][0], 20)}’ ${(100 * text.columns.at(-1).topProbabilities[last][0]).toFixed(1)} %`;
    this.say(`${possible} cells could change, ${changed} did; the top token is another in ${tops}. What comes next: ${word(to)} → ${word(patched)}.`, false);
  }

  say(words, wrong) {
    byId('patch-status').textContent = words;
    byId('patch-status').classList.toggle('wrong', wrong);
  }

  hover(map, at, row, box) {
    const text = map.text;
    if (!text || at >= text.columns.length || this.carry.isFar) {
      return;
    }
    if (map === this.maps.to && this.chosen && map.cursor?.layer !== this.chosen.row) {
      map.cursor = { at, layer: this.chosen.row }; // a row goes to its own layer
      map.redraw();
    }
    showTip(tip(text, at, row), box);
  }

  show() {
    byId('patch-measure').value = state.patchMeasure;
    byId('patch-difference').checked = state.patchDifference;
    const { from, to, patched } = this.texts;
    const patches = state.patch.map(parsePatch).filter(Boolean);
    const could = to ? couldChange(to, patches, state.patchAt) : () => false;
    const plain = measureNamed(state.patchMeasure);
    const scale = scaleOf(plain, [from, to, patched].filter(Boolean));
    const differs = state.patchDifference && patched;
    const measure = differs ? patchDifference(to, plain, could) : plain;
    const own = differs ? scaleOf(measure, [patched]) : scale;
    this.maps.patched.region = patched ? could : null;
    this.maps.patched.flag = patched ? topChanged(to, patched) : null;
    this.maps.from.pinned = this.chosen && { at: this.chosen.at, layer: this.chosen.row };
    const spots = to ? patches.map((patch) => ({ at: patch.to, layer: rowOf(to, patch, state.patchAt) })) : [];
    [this.maps.to, this.maps.patched].forEach((map) => (map.spots = spots));
    Object.values(this.maps).forEach((map) => (map.cellWidth = state.zoom));
    this.maps.from.show(from, plain, scale);
    this.maps.to.show(to, plain, scale);
    this.maps.patched.show(patched, measure, own);
    showLegend(byId('patch-legend'), plain, scale);
    showLegend(byId('patch-own-legend'), measure, own);
    byId('patch-own-legend').hidden = !differs;
    byId('patch-undo').disabled = state.patch.length === 0;
    byId('patch-go-on').disabled = !patched;
    byId('patch-command').textContent = patched ? './' + command({ ...patched.asked, positions: 'prompt' }, patched) : '';
    byId('patch-command').hidden = !patched;
  }
}

function position(text, at) {
  return `position ${at} ‘${visible(text.columns[at].input.token, 20)}’`;
}
