// What is seen of the texts: tokens, maps, legend, profile, the cell under the pointer and the one that
// is pinned.

import { panel, tip } from './cell.js';
import { byId, element } from './dom.js';
import { Heatmap } from './heatmap.js';
import { showLegend } from './legend.js';
import { differenceTo, MEASURES, measureNamed, scaleOf } from './measures.js';
import { Play } from './play.js';
import { showProfile } from './profile.js';
import { knownRanks, rankChart } from './ranks.js';
import { state, writeHash } from './state.js';
import { strip } from './strip.js';
import { partedAt } from './text.js';
import { hideTip, showTip } from './tip.js';

const PLAY_PAUSE = 250; // milliseconds

export class Views {
  // live: the texts, `now` and maybe `intact`; where it can measure more, it has `ranksOf` and `goOn`
  constructor(live) {
    this.live = live;
    this.overlay = null; // what may lie beside the profile
    this.followed = null;
    this.ranks = null;
    this.editing = null; // the column whose token is being changed
    this.intact = new Heatmap('Intact model', this.listeners(() => this.now));
    this.now = new Heatmap('', this.listeners(() => this.intact));
    byId('maps').append(this.intact.element, this.now.element);
    this.play = new Play(byId('play'), (change) => this.set(change), (at) => this.now.revealColumn(at));
    this.fillMeasures();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.show());
  }

  // measures: what a cell may be coloured by
  offer(measures) {
    this.measures = measures;
    byId('measure').replaceChildren(...measures.map((measure) => element('option', { value: measure.name }, measure.label)));
  }

  fillMeasures() {
    this.offer(MEASURES);
    const select = byId('measure');
    select.addEventListener('change', () => this.set({ measure: select.value }));
    byId('difference').addEventListener('change', (event) => this.set({ difference: event.target.checked }));
    byId('zoom').addEventListener('input', (event) => this.set({ zoom: Number(event.target.value) }));
  }

  // Lines beside the profile.
  beside(text, intact, brush) {
    const columns = intact && text ? intact.columns.slice(...(brush ? [brush[0], brush[1] + 1] : [])) : [];
    const line = this.overlay?.beside(text, brush, !this.live.running && text?.asked);
    return [...(columns.length > 0 ? [{ name: intactName(text).toLowerCase(), kind: 'intact', text: intact, columns }] : []), ...(line ? [line] : [])];
  }

  // other(): the map that scrolls and moves with it
  listeners(other) {
    return {
      hover: (at, layer, box) => this.hover(at, layer, box),
      leave: hideTip,
      pin: (at, layer) => this.pin(at, layer),
      brush: (from, to) => this.set({ brush: from === null ? null : [from, to] }),
      scroll: (left, top) => {
        hideTip();
        other().scroller.scrollTo(left, top);
      },
    };
  }

  set(change) {
    Object.assign(state, change);
    writeHash();
    this.show();
  }

  pin(at, layer) {
    this.followed = null;
    this.ranks = null;
    this.set({ pin: [at, layer] });
  }

  // The text that cell, profile and files are of.
  get text() {
    return this.live.now ?? this.live.intact;
  }

  show() {
    const { now, intact } = this.live;
    byId('measure').value = measureNamed(state.measure, this.measures).name;
    byId('zoom').value = state.zoom;
    byId('difference').checked = state.difference;
    byId('difference-field').hidden = !intact;
    this.showMaps(now, intact);
    this.showTexts(now, intact);
    showProfile(byId('profile'), this.text, this.brushIn(this.text), this.beside(this.text, now && intact, this.brushIn(this.text)));
    this.showPlay();
    this.showCell();
  }

  // A few times a second while tokens arrive, so that they are not held up.
  showPlay() {
    const now = performance.now();
    if (!this.live.running || !(now - this.played < PLAY_PAUSE)) {
      this.played = now;
      this.play.show(this.text);
    }
  }

  brushIn(text) {
    const most = text ? text.columns.length - 1 : -1;
    return state.brush && state.brush[0] <= most ? [state.brush[0], Math.min(most, state.brush[1])] : null;
  }

  showMaps(now, intact) {
    const plain = measureNamed(state.measure, this.measures);
    const scale = scaleOf(plain, [now, intact].filter(Boolean));
    const differs = state.difference && now && intact;
    const measure = differs ? differenceTo(intact, plain, partedAt(now, intact)) : plain;
    const own = differs ? scaleOf(measure, [now]) : scale;
    this.now.title.textContent = now?.isChanged ? now.changedWords : (now?.label ?? 'Model as it is');
    this.intact.title.textContent = intactName(now);
    this.intact.element.hidden = !intact;
    for (const [map, text, how, colours] of [[this.now, now, measure, own], [this.intact, intact, plain, scale]]) {
      map.cellWidth = state.zoom;
      map.brush = this.brushIn(text);
      map.frame = state.frame >= 0 ? state.frame : null;
      map.pinned = state.pin && text && state.pin[0] < text.columns.length && state.pin[1] < text.layers.length ? { at: state.pin[0], layer: state.pin[1] } : null;
      map.show(text, how, colours);
    }
    showLegend(byId('legend'), measure, own);
    this.showBaseLegend(plain, scale, differs);
    this.scroll();
  }

  // The intact model's map keeps its own colours beside a difference.
  showBaseLegend(plain, scale, differs) {
    const box = byId('base-legend');
    if (box) {
      box.hidden = !differs;
      showLegend(box, { ...plain, words: [intactName(this.live.now).toLowerCase(), plain.unit] }, scale);
    }
  }

  // While tokens arrive the map follows them; then the pinned cell comes into view.
  scroll() {
    if (this.live.running) {
      this.now.followEnd();
      this.intact.followEnd();
    } else if (this.wasRunning && this.now.pinned) {
      this.now.reveal(this.now.pinned.at, this.now.pinned.layer);
      const { scroller } = this.now;
      requestAnimationFrame(() => this.intact.scroller.scrollTo(scroller.scrollLeft, scroller.scrollTop));
    }
    this.wasRunning = this.live.running;
  }

  showTexts(now, intact) {
    const parted = now && intact ? partedAt(now, intact) : undefined;
    const here = state.pin?.[0];
    const choose = (at) => {
      this.editing = at;
      this.pin(at, state.pin?.[1] ?? this.text.layers.length - 1);
    };
    const strips = [];
    if (intact) {
      strips.push(strip(intactName(now), intact, { choose, here }));
    }
    if (now) {
      const title = now.isChanged ? now.changedWords : 'Text';
      const canEdit = this.live.goOn && now.asked && !this.live.running && !intact && !now.ofPrompt;
      const goOn = canEdit ? (at, words) => this.live.goOn(at, words) : null;
      strips.push(strip(title, now, { choose, goOn, parted: sameEnd(now, intact, parted) ? undefined : parted, here, editing: this.editing }));
    }
    if (strips.length === 0) {
      strips.push(element('div', { class: 'strip' }, element('h3', {}, 'Text'), element('div', { class: 'tokens faint' }, 'Nothing yet.'), element('div', { class: 'editor' })));
    }
    this.placeTexts(byId('texts'), strips, now);
  }

  // Leaves alone a token that is being changed.
  placeTexts(box, strips, now) {
    const form = box.querySelector('form.editor');
    if (form && !this.live.running && this.shownText === now && Number(form.dataset.at) === this.editing) {
      return;
    }
    box.replaceChildren(...strips);
    this.shownText = now;
    if (this.live.running) {
      this.editing = null;
    }
    const field = box.querySelector('form.editor input');
    field?.focus();
    field?.select();
    for (const tokens of box.querySelectorAll('.tokens')) {
      if (this.live.running) {
        tokens.scrollTop = tokens.scrollHeight;
      }
    }
  }

  hover(at, layer, box) {
    const text = this.textOf(box);
    if (!text || at >= text.columns.length) {
      return;
    }
    showTip(tip(text, at, layer), box);
  }

  // Which map a box is in.
  textOf(box) {
    const inIntact = this.live.intact && within(this.intact.canvas.getBoundingClientRect(), box);
    return inIntact ? this.live.intact : this.live.now;
  }

  showCell() {
    const box = byId('cell');
    const text = this.text;
    if (!text || !state.pin || state.pin[0] >= text.columns.length || state.pin[1] >= text.layers.length) {
      box.replaceChildren(element('p', { class: 'faint' }, 'Click a cell to keep it here: its most probable tokens, and those that came and went.'));
      return;
    }
    const focused = box.contains(document.activeElement);
    const [at, layer] = state.pin;
    const column = text.columns[at];
    const followed = this.followed ?? column.next ?? { id: column.topIds[layer][0], token: column.topTokens[layer][0] ?? '' };
    const ranks = this.ranks ?? knownRanks(text, column, followed.id);
    box.replaceChildren(...panel(text, at, layer, followed, (token) => this.follow(text, at, token)), rankChart(text, followed, ranks));
    if (focused) {
      box.querySelector('button[aria-pressed=true]')?.focus();
    }
  }

  // At once what is known, then all of it, where there is a model to ask.
  async follow(text, at, token) {
    this.followed = token;
    this.ranks = null;
    this.showCell();
    if (!this.live.ranksOf || !text.asked) {
      return;
    }
    try {
      const ranks = await this.live.ranksOf(text, at, token.id);
      if (this.followed === token) {
        this.ranks = ranks;
        this.showCell();
      }
    } catch (failure) {
      this.live.said(failure.message, true);
    }
  }
}

// What stands beside a text.
function intactName(now) {
  return now?.start.patched ? 'Without the patch' : 'Intact model';
}

function within(outer, box) {
  return box.left >= outer.left - 200 && box.left <= outer.right && box.top >= outer.top && box.top <= outer.bottom;
}

function sameEnd(now, intact, parted) {
  return !intact || (now.columns.length === intact.columns.length && parted >= now.columns.length && now.generatedIds.join() === intact.generatedIds.join());
}
