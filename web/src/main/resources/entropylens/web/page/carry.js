// A cell that is dragged from one map onto a column of another.

import { byId, visible } from './dom.js';
import { hideTip } from './tip.js';

const LEAST = 5; // pixels before it is a drag

export class Carry {
  // dropped(cell, at): a cell of `from` on a column of `to`
  constructor(from, to, dropped) {
    Object.assign(this, { from, to, dropped, cell: null, start: null });
    from.canvas.addEventListener('pointerdown', (event) => this.down(event));
    this.move = this.move.bind(this);
    this.up = this.up.bind(this);
    this.key = this.key.bind(this);
  }

  down(event) {
    const cell = this.from.cellAt(event);
    // a finger scrolls; it chooses both cells instead
    if (!cell.isCell || event.button !== 0 || event.pointerType === 'touch') {
      return;
    }
    this.cell = cell;
    this.start = { x: event.clientX, y: event.clientY };
    addEventListener('pointermove', this.move);
    addEventListener('pointerup', this.up);
    addEventListener('pointercancel', this.up);
    addEventListener('keydown', this.key);
  }

  get isFar() {
    return !byId('carried').hidden;
  }

  move(event) {
    const ghost = byId('carried');
    if (!this.isFar && Math.hypot(event.clientX - this.start.x, event.clientY - this.start.y) < LEAST) {
      return;
    }
    ghost.textContent = visible(this.from.text.columns[this.cell.at].topTokens[this.cell.layer][0], 20);
    ghost.hidden = false;
    hideTip();
    ghost.style.left = event.clientX + 10 + 'px';
    ghost.style.top = event.clientY + 10 + 'px';
    const over = this.over(event);
    this.to.cursor = over ? { at: over.at, layer: this.cell.layer } : null;
    this.to.redraw();
  }

  up(event) {
    const over = event.type === 'pointerup' && this.isFar && this.over(event);
    const { cell } = this;
    this.end();
    if (over) {
      this.dropped(cell, over.at);
    }
  }

  key(event) {
    if (event.key === 'Escape') {
      this.end();
    }
  }

  end() {
    byId('carried').hidden = true;
    this.cell = null;
    removeEventListener('pointermove', this.move);
    removeEventListener('pointerup', this.up);
    removeEventListener('pointercancel', this.up);
    removeEventListener('keydown', this.key);
  }

  over(event) {
    const box = this.to.canvas.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX < box.right && event.clientY >= box.top && event.clientY < box.bottom;
    const found = inside && this.to.columns > 0 ? this.to.cellAt(event) : null;
    return found?.isColumn ? found : null;
  }
}
