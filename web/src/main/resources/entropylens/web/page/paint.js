// How a map is drawn: cells first, then the layers at the left and the tokens above and below, which
// stay in view.

import { visible } from './dom.js';
import { shortName } from './rows.js';

export const LAYERS_WIDTH = 34;
const FONT = '11px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';

function colours() {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement('span');
  document.body.append(probe);
  const of = (name) => {
    probe.style.color = style.getPropertyValue(name) && `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { surface: of('--surface'), text: of('--text'), faint: of('--faint'), line: of('--line'), link: of('--link'), soft: of('--soft') };
  probe.remove();
  return found;
}

// Draws the part of a map that is in view.
export function paint(context, map, view) {
  const theme = colours();
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, view.width, view.height);
  context.font = FONT;
  context.direction = 'ltr';
  context.textBaseline = 'middle';
  if (!map.text || map.columns === 0) {
    return;
  }
  const first = Math.max(0, Math.floor(view.left / map.cellWidth));
  const last = Math.min(map.columns - 1, Math.floor((view.left + view.width - LAYERS_WIDTH) / map.cellWidth));
  cells(context, map, view, first, last, theme);
  region(context, map, view, first, last, theme);
  marks(context, map, view, theme);
  layers(context, map, view, theme);
  tokens(context, map, view, first, last, theme);
}

function cells(context, map, view, first, last, theme) {
  const { cellWidth, rowHeight, text, measure, scale } = map;
  const withText = cellWidth >= 24;
  for (let layer = 0; layer < map.layerCount; layer++) {
    const y = map.yOf(layer) - view.top;
    if (y + rowHeight < 0 || y > view.height) {
      continue;
    }
    for (let at = first; at <= last; at++) {
      const column = text.columns[at];
      const x = map.xOf(at) - view.left;
      const value = measure.value(column, layer, at);
      const known = value !== null && Number.isFinite(value);
      const { fill, ink } = known ? scale.of(value) : { fill: theme.soft, ink: theme.faint };
      context.fillStyle = fill;
      context.fillRect(x, y, cellWidth - (cellWidth > 10 ? 1 : 0), rowHeight - 1);
      if (withText) {
        context.fillStyle = ink;
        clipped(context, visible(column.topTokens[layer][0] ?? '', 24), x + 3, y + rowHeight / 2, cellWidth - 6);
      }
    }
  }
}

// The text as far as there is room; cut between letters, with an ellipsis.
function clipped(context, text, x, y, room) {
  let shown = text;
  if (context.measureText(shown).width > room) {
    const letters = [...text];
    let fits = Math.min(letters.length, Math.floor(room / 3));
    do {
      shown = letters.slice(0, fits).join('') + '…';
      fits--;
    } while (fits > 0 && context.measureText(shown).width > room);
  }
  context.fillText(shown, x, y);
}

// What a change could reach, with a line around it; a mark on cells whose top token is another.
function region(context, map, view, first, last, theme) {
  const { region: within, flag, cellWidth, rowHeight } = map;
  for (let at = within ? first : last + 1; at <= last; at++) {
    for (let row = 0; row < map.layerCount; row++) {
      if (!within(at, row)) {
        continue;
      }
      const [x, y] = [map.xOf(at) - view.left, map.yOf(row) - view.top];
      context.fillStyle = theme.text;
      if (row === 0 || !within(at, row - 1)) {
        context.fillRect(x - 1, y + rowHeight - 2, cellWidth, 2);
      }
      if (at === 0 || !within(at - 1, row)) {
        context.fillRect(x - 1, y - 1, 2, rowHeight);
      }
      if (flag?.(at, row) && cellWidth >= 10) {
        context.fillRect(x + cellWidth - 8, y + 2, 5, 5);
      }
    }
  }
}

function marks(context, map, view, theme) {
  const frame = (cell, width, colour) => {
    if (cell && cell.at < map.columns) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(map.xOf(cell.at) - view.left, map.yOf(cell.layer) - view.top, map.cellWidth - 1, map.rowHeight - 1);
    }
  };
  if (map.frame !== null && map.frame < map.columns) {
    context.strokeStyle = theme.text;
    context.lineWidth = 1;
    context.strokeRect(map.xOf(map.frame) - view.left - 0.5, map.tokensHeight - view.top, map.cellWidth, map.layerCount * map.rowHeight);
  }
  map.spots?.forEach((cell) => frame(cell, 4, theme.link));
  frame(map.pinned, 3, theme.link);
  frame(map.cursor, 2, theme.text);
}

function layers(context, map, view, theme) {
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, LAYERS_WIDTH, view.height);
  context.textAlign = 'right';
  const every = Math.ceil(12 / map.rowHeight);
  for (let layer = 0; layer < map.layerCount; layer++) {
    const y = map.yOf(layer) - view.top;
    context.fillStyle = map.cursor?.layer === layer ? theme.text : theme.faint;
    if (layer % every === 0 || layer === map.layerCount - 1) {
      context.fillText(shortName(map.text, layer), LAYERS_WIDTH - 5, y + map.rowHeight / 2);
    }
  }
  context.textAlign = 'left';
}

function tokens(context, map, view, first, last, theme) {
  const height = map.tokensHeight;
  const below = view.height - height;
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, view.width, height);
  context.fillRect(0, below, view.width, height);
  brush(context, map, view, height, below, theme);
  context.save();
  context.beginPath();
  context.rect(LAYERS_WIDTH, 0, view.width - LAYERS_WIDTH, view.height);
  context.clip();
  for (let at = first; at <= last; at++) {
    const column = map.text.columns[at];
    const x = map.xOf(at) - view.left;
    const here = map.cursor?.at === at;
    context.fillStyle = here ? theme.link : theme.text;
    label(context, map, column.next ? visible(column.next.token, 24) : '', at, x, height / 2);
    context.fillStyle = here ? theme.link : theme.faint;
    label(context, map, visible(column.input.token, 24), at, x, below + height / 2);
  }
  context.restore();
}

function brush(context, map, view, height, below, theme) {
  if (!map.brush) {
    return;
  }
  const x = Math.max(LAYERS_WIDTH, map.xOf(map.brush[0]) - view.left);
  const right = map.xOf(map.brush[1] + 1) - view.left;
  if (right > x) {
    context.globalAlpha = 0.25;
    context.fillStyle = theme.link;
    context.fillRect(x, 0, right - x, height);
    context.fillRect(x, below, right - x, height);
    context.globalAlpha = 1;
  }
}

// Across where there is room, else along the column.
function label(context, map, text, at, x, y) {
  if (map.cellWidth >= 34) {
    clipped(context, text, x + 3, y, map.cellWidth - 5);
    return;
  }
  const every = Math.ceil(12 / map.cellWidth);
  if (at % every !== 0) {
    return;
  }
  context.save();
  context.translate(x + map.cellWidth / 2, y + map.tokensHeight / 2 - 3);
  context.rotate(-Math.PI / 2);
  clipped(context, text, 0, 0, map.tokensHeight - 6);
  context.restore();
}
