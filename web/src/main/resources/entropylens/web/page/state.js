// What is asked and looked at, in the address behind the #: a link shows the same.

const DEFAULTS = {
  model: '',
  prompt: '',
  chat: false,
  system: '',
  tokens: 32,
  temperature: 0,
  seed: 0,
  of: 'generated',
  skip: [],
  scale: [], // L:A:M
  halves: false,
  lossText: '',
  compare: false,
  same: false,
  difference: false,
  measure: 'entropy',
  zoom: 58,
  pin: null, // [column, layer]
  brush: null, // [from, to]
  overlay: '',
  run: false,
  frame: -1, // the column that is played; the last one where it is -1
  segments: 'none',
  text: 0, // which of several that are kept in one file
};

export const state = { ...DEFAULTS };

export function readHash() {
  const found = new URLSearchParams(location.hash.slice(1));
  Object.assign(state, DEFAULTS, { skip: [], scale: [] });
  for (const [name, text] of found) {
    if (Object.hasOwn(DEFAULTS, name)) {
      state[name] = parsed(name, text);
    }
  }
}

const FACTORS = /^[1-9]\d{0,5}(:-?\d{1,9}(\.\d{1,9})?){2}$/;

function parsed(name, text) {
  if (name === 'scale') {
    return text.split(',').filter((word) => FACTORS.test(word));
  }
  if (['skip', 'pin', 'brush'].includes(name)) {
    const numbers = text.split(',').map(Number);
    const valid = text !== '' && numbers.every((n) => Number.isInteger(n) && n >= 0) && (name === 'skip' || numbers.length === 2);
    return valid ? numbers : DEFAULTS[name];
  }
  if (typeof DEFAULTS[name] === 'boolean') {
    return text === '1';
  }
  if (typeof DEFAULTS[name] === 'number') {
    return Number.isFinite(Number(text)) ? Number(text) : DEFAULTS[name];
  }
  return text;
}

export function writeHash() {
  const words = new URLSearchParams();
  for (const [name, otherwise] of Object.entries(DEFAULTS)) {
    const value = state[name];
    if (value !== null && String(value) !== String(otherwise ?? '')) {
      words.set(name, value === true ? '1' : String(value));
    }
  }
  history.replaceState(null, '', '#' + words);
}
