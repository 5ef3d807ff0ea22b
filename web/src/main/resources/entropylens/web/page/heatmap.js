// Tokens × layers on a canvas. Only what is in view is drawn, so that size does not matter. The last
// layer is at the top, as logit-lens pictures have it.

import { element, visible } from './dom.js';
import { LAYERS_WIDTH, paint } from './paint.js';
import { keepSvg, mapSvg } from './svg.js';
import { rowName } from './rows.js';

const TOKENS_HEIGHT = { wide: 20, narrow: 62 };
const LEAST_ROW = 13;
const MOST_ROW = 34;
const MOST_HEIGHT = 620;

export class Heatmap {
  // listeners: hover(at, layer, box), leave(), pin(at, layer), brush(from, to), scroll(left, top)
  constructor(title, listeners) {
    this.listeners = listeners;
    this.canvas = element('canvas', { tabindex: 0, role: 'img' });
    this.spacer = element('div', { class: 'spacer' }, this.canvas);
    this.empty = element('div', { class: 'empty' }, 'The map appears here while the text is generated.');
    this.scroller = element('div', { class: 'scroller' }, this.spacer, this.empty);
    this.title = element('h3', {}, title);
    this.keep = keepSvg('map', () => mapSvg(this));
    this.element = element('div', { class: 'mapbox' }, element('div', { class: 'title' }, this.title, this.keep), this.scroller);
    this.text = null;
    this.layerCount = 8;
    this.cellWidth = 58;
    this.cursor = null;
    this.pinned = null;
    this.brush = null;
    this.frame = null; // a column that is played
    this.spots = null; // cells that are marked
    this.region = null; // (at, row): whether a change could reach the cell
    this.flag = null; // (at, row): whether it has a mark
    this.wait = false;
    this.listen();
    new ResizeObserver(() => this.layout()).observe(this.scroller);
  }

  get columns() {
    return this.text ? this.text.columns.length : 0;
  }
  get tokensHeight() {
    return this.cellWidth >= 34 ? TOKENS_HEIGHT.wide : TOKENS_HEIGHT.narrow;
  }
  get rowHeight() {
    const room = MOST_HEIGHT - 2 * this.tokensHeight - 14;
    return Math.max(LEAST_ROW, Math.min(MOST_ROW, Math.floor(room / this.layerCount)));
  }

  show(text, measure, scale) {
    this.text = text;
    this.measure = measure;
    this.scale = scale;
    this.layerCount = text ? text.layers.length : this.layerCount;
    this.empty.hidden = this.columns > 0;
    this.keep.disabled = this.columns === 0;
    this.layout();
  }

  // Sizes; the height depends on the layers alone, so that nothing jumps while tokens arrive.
  layout() {
    const height = this.layerCount * this.rowHeight + 2 * this.tokensHeight;
    this.scroller.style.height = Math.min(height + 14, MOST_HEIGHT) + 'px';
    const width = LAYERS_WIDTH + this.columns * this.cellWidth;
    this.spacer.style.width = Math.max(width, this.scroller.clientWidth) + 'px';
    this.spacer.style.height = height + 'px';
    this.view = { width: this.scroller.clientWidth, height: Math.min(height, this.scroller.clientHeight), all: height };
    const ratio = devicePixelRatio || 1;
    this.canvas.style.width = this.view.width + 'px';
    this.canvas.style.height = this.view.height + 'px';
    this.canvas.width = Math.round(this.view.width * ratio);
    this.canvas.height = Math.round(this.view.height * ratio);
    this.redraw();
  }

  redraw() {
    if (this.wait) {
      return;
    }
    this.wait = true;
    requestAnimationFrame(() => {
      this.wait = false;
      const context = this.canvas.getContext('2d');
      const ratio = devicePixelRatio || 1;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      paint(context, this, { left: this.scroller.scrollLeft, top: this.scroller.scrollTop, ...this.view });
      this.canvas.setAttribute('aria-label', this.description());
    });
  }

  description() {
    if (!this.cursor || !this.text?.columns[this.cursor.at]) {
      return 'Heat map of ' + this.columns + ' positions and ' + this.layerCount + ' layers. Arrow keys move a cell.';
    }
    const { at, layer } = this.cursor;
    const column = this.text.columns[at];
    return `Position ${at + 1}, ${visible(column.input.token)}, ${rowName(this.text, layer)}: top token ${visible(column.topTokens[layer][0] ?? 'not kept')}`;
  }

  // The left edge of a column and the top of a row, in the whole map.
  xOf(at) {
    return LAYERS_WIDTH + at * this.cellWidth;
  }
  yOf(layer) {
    return this.tokensHeight + (this.layerCount - 1 - layer) * this.rowHeight;
  }

  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left + this.scroller.scrollLeft;
    const y = event.clientY - box.top + this.scroller.scrollTop;
    const inHead = event.clientY - box.top < this.tokensHeight || event.clientY - box.top > this.view.height - this.tokensHeight;
    const at = Math.floor((x - LAYERS_WIDTH) / this.cellWidth);
    const layer = this.layerCount - 1 - Math.floor((y - this.tokensHeight) / this.rowHeight);
    const isColumn = event.clientX - box.left >= LAYERS_WIDTH && at >= 0 && at < this.columns;
    return { at, layer, isColumn, inHead, isCell: isColumn && !inHead && layer >= 0 && layer < this.layerCount };
  }

  // Where a cell is on the screen.
  boxOf(at, layer) {
    const box = this.canvas.getBoundingClientRect();
    const left = box.left + this.xOf(at) - this.scroller.scrollLeft;
    const top = box.top + this.yOf(layer) - this.scroller.scrollTop;
    return { left, top, right: left + this.cellWidth, bottom: top + this.rowHeight };
  }

  listen() {
    this.scroller.addEventListener('scroll', () => {
      this.redraw();
      this.listeners.scroll(this.scroller.scrollLeft, this.scroller.scrollTop);
    });
    let brushing = null;
    this.canvas.addEventListener('pointerdown', (event) => {
      const cell = this.cellAt(event);
      if (cell.isColumn && cell.inHead) {
        brushing = cell.at;
        this.canvas.setPointerCapture(event.pointerId);
        this.listeners.brush(cell.at, cell.at);
      }
    });
    this.canvas.addEventListener('pointermove', (event) => {
      const cell = this.cellAt(event);
      if (brushing !== null && this.columns > 0) {
        const at = Math.min(this.columns - 1, Math.max(0, cell.at));
        this.listeners.brush(Math.min(brushing, at), Math.max(brushing, at));
      } else if (cell.isCell) {
        this.moveTo(cell.at, cell.layer);
      } else {
        this.listeners.leave();
      }
    });
    ['pointerup', 'pointercancel'].forEach((name) => this.canvas.addEventListener(name, () => (brushing = null)));
    this.canvas.addEventListener('pointerleave', () => this.listeners.leave());
    this.canvas.addEventListener('click', (event) => {
      const cell = this.cellAt(event);
      if (cell.isCell) {
        this.moveTo(cell.at, cell.layer);
        this.listeners.pin(cell.at, cell.layer);
      }
    });
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    this.canvas.addEventListener('blur', () => this.listeners.leave());
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], Home: [-1e9, 0], End: [1e9, 0], PageUp: [0, 1e9], PageDown: [0, -1e9] }[event.key];
    if (this.columns === 0 || (!step && !['Enter', ' ', 'Escape'].includes(event.key))) {
      return;
    }
    event.preventDefault();
    const cursor = this.cursor ?? this.pinned ?? { at: 0, layer: this.layerCount - 1 };
    if (event.key === 'Escape') {
      this.listeners.leave();
      this.listeners.brush(null, null);
    } else if (!step) {
      this.listeners.pin(cursor.at, cursor.layer);
    } else {
      const at = Math.min(this.columns - 1, Math.max(0, cursor.at + (this.cursor ? step[0] : 0)));
      const layer = Math.min(this.layerCount - 1, Math.max(0, cursor.layer + (this.cursor ? step[1] : 0)));
      if (event.shiftKey && step[0]) {
        this.anchor ??= cursor.at;
        this.listeners.brush(Math.min(this.anchor, at), Math.max(this.anchor, at));
      } else {
        this.anchor = null;
      }
      this.moveTo(at, layer);
      this.reveal(at, layer);
    }
  }

  moveTo(at, layer) {
    if (this.cursor?.at !== at || this.cursor?.layer !== layer) {
      this.cursor = { at, layer };
      this.redraw();
    }
    this.listeners.hover(at, layer, this.boxOf(at, layer));
  }

  // Scrolls so far that a cell is in view.
  reveal(at, layer) {
    const x = this.xOf(at);
    const y = this.yOf(layer);
    const { scroller, view } = this;
    const left = Math.min(Math.max(scroller.scrollLeft, x + this.cellWidth - view.width), x - LAYERS_WIDTH);
    const top = Math.min(Math.max(scroller.scrollTop, y + this.rowHeight + this.tokensHeight - view.height), y - this.tokensHeight);
    scroller.scrollTo(left, top);
  }

  revealColumn(at) {
    const x = this.xOf(at);
    const { scroller, view } = this;
    scroller.scrollLeft = Math.min(Math.max(scroller.scrollLeft, x + this.cellWidth - view.width), x - LAYERS_WIDTH);
  }

  followEnd() {
    this.scroller.scrollLeft = this.scroller.scrollWidth;
  }
}
