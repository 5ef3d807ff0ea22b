// Elements are made of text nodes and attributes, never of markup: a token may hold anything.

export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

// An attribute that is a function listens, one that is null is left out.
function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function byId(id) {
  return document.getElementById(id);
}

// Characters that are not seen, or that would act on what stands beside them, as escapes.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;
const MARKS = /(\p{M}{2})\p{M}+/gu;

// A token as it may be shown anywhere: no control character, no override of the direction, no pile
// of combining marks, none without a letter below it.
export function visible(token, most = 60) {
  const escaped = String(token)
    .replaceAll('\n', '⏎')
    .replace(UNSEEN, (c) => '\\u' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0'))
    .replace(MARKS, '$1…')
    .replace(/^\p{M}/u, '◌$&');
  const letters = [...escaped];
  return letters.length <= most ? escaped : letters.slice(0, most - 1).join('') + '…';
}

// Four significant digits; very small and large ones as powers.
export function shown(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  if (Number.isInteger(value)) {
    return value.toLocaleString('en').replaceAll(',', '\u202f');
  }
  const size = Math.abs(value);
  const digits = size >= 1e5 || size < 1e-3 ? value.toExponential(2) : size >= 100 ? value.toFixed(1) : value.toPrecision(4);
  return digits.replace('-', '−');
}

// On an axis: three digits at most.
export function tick(value) {
  return String(Number(value.toPrecision(3))).replace('-', '−');
}

export function signed(value) {
  return value === null ? '–' : (value > 0 ? '+' : '') + shown(value);
}
