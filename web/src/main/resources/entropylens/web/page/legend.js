// What a colour means.

import { element, shown, tick } from './dom.js';

export function showLegend(box, measure, scale) {
  const canvas = element('canvas', { width: 256, height: 1, 'aria-hidden': 'true' });
  const context = canvas.getContext('2d');
  for (let x = 0; x < 256; x++) {
    context.fillStyle = scale.at(x / 255);
    context.fillRect(x, 0, 1, 1);
  }
  const ticks = scale.ticks().map(({ value, share }) => {
    const label = element('span', {}, tick(value));
    label.style.left = 100 * share + '%';
    return label;
  });
  const words = measure.words ?? ['', measure.unit];
  box.replaceChildren(
    element('div', { class: 'words' }, element('span', {}, words[0]), element('span', {}, words[1] ?? '')),
    canvas,
    element('div', { class: 'ticks' }, ...ticks),
  );
  box.setAttribute('aria-label', `Colours from ${shown(scale.least)} to ${shown(scale.most)} ${measure.unit}`);
  box.setAttribute('role', 'img');
}
