// Any picture as SVG: a map is painted into elements instead of pixels, a figure takes its colours along.

import { element, svg } from './dom.js';
import { LAYERS_WIDTH, paint } from './paint.js';
import { download } from './save.js';

const STYLES = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-family', 'font-size', 'font-weight'];

// What `paint` uses of a canvas, as elements of SVG. Clips are left out: a whole map hides nothing.
class SvgContext {
  constructor(width, height) {
    this.root = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height });
    this.states = [];
    this.letters = document.createElement('canvas').getContext('2d');
    this.transform = '';
    this.globalAlpha = 1;
    this.textAlign = 'left';
  }
  save() {
    this.states.push({ transform: this.transform, fillStyle: this.fillStyle, textAlign: this.textAlign, globalAlpha: this.globalAlpha });
  }
  restore() {
    Object.assign(this, this.states.pop());
  }
  translate(x, y) {
    this.transform += `translate(${x} ${y})`;
  }
  rotate(angle) {
    this.transform += `rotate(${(angle * 180) / Math.PI})`;
  }
  beginPath() {}
  rect() {}
  clip() {}
  measureText(text) {
    this.letters.font = this.font;
    return this.letters.measureText(text);
  }
  fillRect(x, y, width, height) {
    this.add('rect', { x, y, width, height, fill: this.fillStyle, 'fill-opacity': this.globalAlpha < 1 ? this.globalAlpha : null });
  }
  strokeRect(x, y, width, height) {
    this.add('rect', { x, y, width, height, fill: 'none', stroke: this.strokeStyle, 'stroke-width': this.lineWidth });
  }
  fillText(text, x, y) {
    const [size, ...families] = this.font.split(' ');
    this.add('text', { x, y: y + 4, fill: this.fillStyle, 'font-size': size, 'font-family': families.join(' '), 'text-anchor': this.textAlign === 'right' ? 'end' : null }, text);
  }
  add(tag, attributes, ...children) {
    this.root.append(svg(tag, { ...attributes, transform: this.transform || null }, ...children));
  }
}

// All of a map, not only what is in view.
export function mapSvg(map) {
  const width = LAYERS_WIDTH + map.columns * map.cellWidth;
  const height = map.view.all;
  const context = new SvgContext(width, height);
  const { cursor, pinned } = map;
  Object.assign(map, { cursor: null, pinned: null });
  paint(context, map, { left: 0, top: 0, width, height, all: height });
  Object.assign(map, { cursor, pinned });
  return titled(context.root, map.title.textContent + ': ' + map.measure.label);
}

// A drawing of the page, with the styles that it has there.
export function drawingSvg(drawing) {
  const copy = drawing.cloneNode(true);
  const shown = [drawing, ...drawing.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((node, at) => {
    const style = getComputedStyle(shown[at]);
    STYLES.forEach((name) => node.setAttribute(name, style.getPropertyValue(name)));
    node.removeAttribute('class');
  });
  const [, , width, height] = drawing.getAttribute('viewBox').split(' ');
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  copy.prepend(svg('rect', { width, height, fill: getComputedStyle(document.body).backgroundColor }));
  return titled(copy, drawing.getAttribute('aria-label'));
}

function titled(drawing, words) {
  drawing.prepend(svg('title', {}, words));
  return drawing;
}

// A button that keeps a picture; what() gives it when it is pressed.
export function keepSvg(name, what) {
  return element(
    'button',
    {
      type: 'button',
      class: 'keep',
      title: 'Keep this picture as SVG',
      'aria-label': `Keep ${name} as SVG`,
      click: () => download(`entropy-lens-${name}.svg`, new Blob([new XMLSerializer().serializeToString(what()) + '\n'], { type: 'image/svg+xml' })),
    },
    'SVG',
  );
}
