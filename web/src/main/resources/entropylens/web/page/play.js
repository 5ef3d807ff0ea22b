// A text over time: the profile of each token as it came, forwards and back; and cut into segments, whose
// mean profiles stand beside each other.

import { curve, inWords } from './curve.js';
import { element, svg, visible } from './dom.js';
import { sentences, steps, wordOf } from './segments.js';
import { state } from './state.js';
import { drawingSvg, keepSvg } from './svg.js';
import { profileOf } from './text.js';

const PACE = 350; // milliseconds a token
const TRAIL = 6;
const KINDS = [
  ['none', 'none'],
  ['sentence', 'sentences'],
  ['step', 'reasoning steps'],
];

export class Play {
  // set(change): changes the state and shows it; reveal(at): brings a column into view
  constructor(box, set, reveal) {
    this.set = set;
    this.reveal = reveal;
    this.timer = null;
    this.text = null;
    const button = (label, title, click) => element('button', { type: 'button', title, 'aria-label': title, click }, label);
    this.toggle = button('Play', 'Play', () => this.playOrPause());
    this.slider = element('input', { type: 'range', min: 0, value: 0, 'aria-label': 'Token', input: () => this.go(Number(this.slider.value)) });
    this.where = element('output', { class: 'where' });
    this.kind = element('select', { change: () => this.set({ segments: this.kind.value }) }, KINDS.map(([value, words]) => element('option', { value }, words)));
    this.token = element('figure', {});
    this.cards = element('div', { class: 'cards', role: 'group', 'aria-label': 'Segments' });
    this.bar = element(
      'div',
      { class: 'toolbar' },
      element('h3', {}, 'Over time'),
      element('span', { class: 'actions' }, button('First', 'First token', () => this.go(0)), button('Back', 'One token back', () => this.step(-1)), this.toggle, button('Next', 'One token on', () => this.step(1))),
      this.slider,
      this.where,
      element('label', { class: 'field' }, 'Segments ', this.kind),
    );
    box.replaceChildren(this.bar, element('div', { class: 'playing' }, this.token, this.cards));
  }

  get last() {
    return this.text.columns.length - 1;
  }

  // The column that is shown; the last one until another is chosen.
  get at() {
    return state.frame < 0 ? this.last : Math.min(state.frame, this.last);
  }

  show(text) {
    const some = Boolean(text && text.columns.length > 0);
    this.bar.querySelectorAll('button, input, select').forEach((control) => (control.disabled = !some));
    if (this.text !== text) {
      this.pause();
    }
    this.text = some ? text : null;
    this.kind.value = state.segments;
    if (!some) {
      this.where.textContent = '';
      // as large as it will be, so that nothing moves when it comes
      this.token.replaceChildren(svg('svg', { viewBox: '0 0 320 250', 'aria-hidden': 'true' }), element('figcaption', {}, 'The profile of one token after the other.'));
      this.cards.replaceChildren();
      return;
    }
    this.slider.max = this.last;
    this.slider.value = this.at;
    this.showToken();
    this.showSegments();
  }

  showToken() {
    const { text, at } = this;
    const values = (column) => column.values.entropy;
    const most = Math.max(...text.columns.flatMap((column) => values(column).filter(Number.isFinite)), 0.1);
    const token = visible(wordOf(text, text.columns[at])?.token ?? '', 24);
    const trail = [];
    for (let back = Math.min(TRAIL, at); back > 0; back--) {
      trail.push({ values: values(text.columns[at - back]), kind: 'trail', opacity: (0.7 * (1 - back / (TRAIL + 1))).toFixed(2) });
    }
    const mean = { values: profileOf(text).map((point) => point.mean), kind: 'mean' };
    const drawing = curve(text, [...trail, mean, { values: values(text.columns[at]), kind: 'change' }], {
      width: 320,
      height: 250,
      most,
      unit: 'H, ' + (text.start.unit ?? 'nats'),
      label: `Entropy of token ${at + 1} by layer: ${inWords(values(text.columns[at]))}`,
    });
    this.where.replaceChildren(`Token ${at + 1} of ${text.columns.length} `, element('bdi', { class: 'word' }, `‘${token}’`));
    this.token.replaceChildren(
      drawing,
      element('figcaption', {}, `Token ${at + 1}; grey: the ${trail.length} before it; dashed: the mean of all. `, keepSvg('token', () => drawingSvg(drawing))),
    );
  }

  showSegments() {
    const { text } = this;
    const found = { none: () => [], sentence: sentences, step: steps }[state.segments]?.(text) ?? null;
    if (found === null) {
      this.cards.replaceChildren(element('p', { class: 'faint' }, 'This text does not think: it has no <think> … </think>.'));
      return;
    }
    const profiles = found.map(({ from, to }) => profileOf(text, text.columns.slice(from, to + 1)));
    const most = Math.max(...profiles.flat().map((point) => point.mean + point.spread), 0.1);
    const scrolled = this.cards.scrollLeft;
    const focused = [...this.cards.children].indexOf(document.activeElement);
    this.cards.replaceChildren(...found.map((segment, at) => this.card(segment, profiles[at], most)));
    this.cards.scrollLeft = scrolled;
    this.cards.children[focused]?.focus();
  }

  // One segment: pressed, its tokens are those of the profile beside the map.
  card({ name, from, to }, points, most) {
    const { text } = this;
    const words = text.columns.slice(from, to + 1).map((column) => visible(wordOf(text, column)?.token ?? '', 24));
    const means = points.map((point) => point.mean);
    const chosen = state.brush?.[0] === from && state.brush?.[1] === to;
    return element(
      'button',
      {
        type: 'button',
        class: this.at >= from && this.at <= to ? 'card here' : 'card',
        'aria-pressed': String(chosen),
        title: 'Choose its tokens for the profile beside the map',
        click: () => this.set({ brush: chosen ? null : [from, to] }),
      },
      element('strong', {}, `${name}, ${to - from + 1} token${to > from ? 's' : ''}`),
      element('bdi', { class: 'word' }, visible(words.join(''), 90)),
      curve(text, [{ values: means, spreads: points.map((point) => point.spread), kind: 'change' }], {
        width: 190,
        height: 150,
        most,
        label: `Mean entropy by layer: ${inWords(means)}`,
      }),
    );
  }

  step(by) {
    this.go(Math.min(this.last, Math.max(0, this.at + by)));
  }

  go(at) {
    this.set({ frame: at });
    this.reveal(at);
  }

  playOrPause() {
    if (this.timer) {
      this.pause();
      return;
    }
    this.mark(true);
    this.go(this.at === this.last ? 0 : this.at);
    this.timer = setInterval(() => {
      if (!this.text || this.at >= this.last) {
        this.pause();
      } else {
        this.step(1);
      }
    }, PACE);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.mark(false);
  }

  mark(playing) {
    this.toggle.textContent = playing ? 'Pause' : 'Play';
    this.toggle.title = this.toggle.textContent;
    this.toggle.setAttribute('aria-label', this.toggle.textContent);
  }
}
