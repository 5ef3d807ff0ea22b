// The tip beside the pointer.

import { byId } from './dom.js';

export function showTip(content, box) {
  const tip = byId('tip');
  tip.replaceChildren(...content);
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const right = box.right + 8 + width < innerWidth;
  tip.style.left = Math.max(4, right ? box.right + 8 : box.left - width - 8) + 'px';
  tip.style.top = Math.max(4, Math.min(box.top - 10, innerHeight - height - 6)) + 'px';
}

export function hideTip() {
  byId('tip').hidden = true;
}
