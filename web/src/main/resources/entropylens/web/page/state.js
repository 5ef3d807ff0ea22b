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
  patchFrom: '',
  patchTo: '',
  patch: [], // L:P or L:P=Q
  patchAt: 'resid_post',
  patchHalves: false,
  patchMeasure: 'entropy',
  patchDifference: true,
  run: false,
  frame: -1, // the column that is played; the last one where it is -1
  segments: 'none',
  against: '', // what is compared with: 'prompt', 'model', 'lens'
  other: '', // which of them
  part: 0, // of the runs
  by: '', // what tells its texts apart
  text: 0, // which of several that are kept in one file
};

export const state = { ...DEFAULTS };

export function readHash() {
  const found = new URLSearchParams(location.hash.slice(1));
  Object.assign(state, DEFAULTS, { skip: [], scale: [], patch: [] });
  for (const [name, text] of found) {
    if (Object.hasOwn(DEFAULTS, name)) {
      state[name] = parsed(name, text);
    }
  }
  state.of = state.of === 'patched' && state.patch.length === 0 ? DEFAULTS.of : state.of;
}

const PLACE = /^[1-9]\d{0,5}:\d{1,6}(=\d{1,6})?$/;
const FACTORS = /^[1-9]\d{0,5}(:-?\d{1,9}(\.\d{1,9})?){2}$/;

function parsed(name, text) {
  if (name === 'scale' || name === 'patch') {
    const form = name === 'scale' ? FACTORS : PLACE;
    return text.split(',').filter((word) => form.test(word));
  }
  if (name === 'patchAt') {
    return ['resid_pre', 'resid_mid', 'resid_post'].includes(text) ? text : DEFAULTS[name];
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
      words.set(name, typeof value === 'boolean' ? String(Number(value)) : String(value));
    }
  }
  history.replaceState(null, '', '#' + words);
}
