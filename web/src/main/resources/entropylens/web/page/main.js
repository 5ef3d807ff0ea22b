// The page: the form, what it asks for, and what is kept in the address.

import { models, takeToken } from './api.js';
import { Compare } from './compare.js';
import { byId, element } from './dom.js';
import { Interventions } from './interventions.js';
import { Live } from './live.js';
import { python, storedPython } from './python.js';
import { Overlay } from './overlays.js';
import { Patching } from './patch.js';
import { Runs } from './runs.js';
import { command, saveCsv, saveJson, savePng, storedCommand } from './save.js';
import { readHash, state, writeHash } from './state.js';
import { Views } from './views.js';

const FIELDS = ['prompt', 'system'];
const NUMBERS = ['tokens', 'temperature', 'seed'];
const TOP_K = 10;

let known = [];
let views = null;
let interventions = null;
let patching = null;
let compare = null;
const live = new Live(changed, said, () => {
  readForm();
  return { tokens: state.tokens, temperature: state.temperature, seed: state.seed };
});

function model() {
  return known.find((one) => one.name === state.model) ?? known[0];
}

// A text after the patched one has that as its prompt.
function promptOf(of) {
  return of === 'patched' ? state.patchTo : state.prompt;
}

// Whether prompts are messages, in the words of the API.
function chat() {
  return state.chat && model().has_chat_template ? { chat: true, ...(state.system ? { system: state.system } : {}) } : {};
}

// What the form asks for, in the words of the API.
function asked() {
  const chosen = model();
  const patched = state.of === 'patched';
  return {
    model: chosen.name,
    prompt: promptOf(state.of),
    ...chat(),
    tokens: state.tokens,
    temperature: state.temperature,
    seed: state.seed,
    positions: patched ? 'generated' : state.of,
    ...(patched ? patching.asked : interventions.asked),
    ...(state.halves && hasMid() ? { at: ['resid_mid', 'resid_post'], embedding: true } : {}),
    top_k: Math.min(TOP_K, chosen.vocab),
    top_p_set: [0.9],
    stats: ['kl', 'next'],
  };
}

// Says what is missing, and goes there.
function missing(of) {
  const wrong = NUMBERS.map(byId).find(({ id, validity }) => !validity.valid && !(id === 'temperature' && validity.stepMismatch));
  const field = wrong ?? (promptOf(of) ? null : byId('prompt'));
  if (field) {
    said(wrong ? `${wrong.labels[0].textContent.trim()}: ${wrong.validationMessage}` : 'Write a prompt first.', true);
    field.focus();
  }
  return field !== null;
}

async function run(of) {
  readForm();
  if (missing(of)) {
    return;
  }
  Object.assign(state, { of, run: true, brush: null });
  writeHash();
  interventions.forgetFailure();
  const skips = state.compare && interventions.changes.size > 0 && of !== 'patched';
  const beside = skips || of === 'patched';
  await live.run(asked(), beside, state.same);
  if (state.against && live.now && !live.running) {
    compare.show(views.text, false);
    compare.run();
  }
  if (skips && live.now && !live.running) {
    interventions.measureLoss();
  }
}

// What the form shows, run once more, where there is a prompt.
function again() {
  fillForm();
  if (byId('prompt').value) {
    run(state.of === 'patched' ? 'generated' : state.of);
  } else {
    changed();
  }
}

// The text after the patched one, beside that without the patch.
function goOn() {
  run('patched');
  byId('texts').scrollIntoView({ block: 'start' });
}

function hasMid() {
  return (model().points ?? []).includes('resid_mid');
}

function readForm() {
  FIELDS.forEach((name) => (state[name] = byId(name).value));
  NUMBERS.forEach((name) => {
    const value = byId(name).valueAsNumber;
    state[name] = Number.isFinite(value) ? value : state[name];
  });
  state.chat = byId('chat').checked;
  state.compare = byId('compare').checked;
  state.same = byId('same').checked;
  state.halves = byId('halves').checked;
  state.lossText = byId('loss-text').value;
  state.model = byId('model').value;
  writeHash();
}

function fillForm() {
  [...FIELDS, ...NUMBERS].forEach((name) => (byId(name).value = state[name]));
  byId('chat').checked = state.chat;
  byId('compare').checked = state.compare;
  byId('same').checked = state.same;
  byId('halves').checked = state.halves;
  byId('loss-text').value = state.lossText;
  byId('factors').open ||= state.scale.length > 0;
  byId('model').value = model().name;
  showModel();
}

function showModel() {
  const chosen = model();
  const sizes = chosen.error ?? `${chosen.family} · ${chosen.layers} blocks · V ${chosen.vocab.toLocaleString('en')} · context ${chosen.n_ctx.toLocaleString('en')} · ${chosen.dtype}`;
  byId('facts').textContent = sizes;
  byId('chat').disabled = !chosen.has_chat_template;
  byId('chat-field').title = chosen.has_chat_template ? 'Write the prompt with the model’s chat template' : 'This model has no chat template';
  byId('same').disabled = !state.compare;
  byId('halves').disabled = !hasMid();
  byId('halves-why').textContent = hasMid() || chosen.error ? '' : whyNoMid(chosen);
  byId('system-field').hidden = !(state.chat && chosen.has_chat_template);
  byId('generate').disabled = Boolean(chosen.error);
  byId('measure-prompt').disabled = Boolean(chosen.error);
  interventions.show();
  patching?.fit();
}

function whyNoMid({ points }) {
  return points.includes('mlp_out')
    ? 'attention and MLP of its blocks read the same stream: nothing lies between them'
    : 'its blocks add to the stream once: they have no halves';
}

let waiting = false;

function changed() {
  byId('stop').disabled = !live.running;
  byId('map').ariaBusy = 'true';
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      views?.show();
      compare?.show(views.text, live.running);
      showSaving();
      requestAnimationFrame(settled); // after the maps, which are painted with the next frame
    });
  }
}

// All that is known is seen.
function settled() {
  if (!waiting && !live.running) {
    byId('map').ariaBusy = 'false';
  }
}

function showSaving() {
  const text = views?.text;
  const some = Boolean(text && text.columns.length > 0);
  ['save-png', 'save-csv', 'save-json'].forEach((id) => (byId(id).disabled = !some));
  byId('copy-command').disabled = !live.now;
  byId('copy-python').disabled = !live.now;
  if (!live.now) {
    byId('command').textContent = '';
    byId('python').textContent = '';
    byId('command-note').textContent = 'The command that repeats a text stands here once there is one.';
    return;
  }
  if (live.now.stored) {
    byId('command').textContent = './' + storedCommand(live.now.stored);
    byId('python').textContent = storedPython(live.now.stored);
    byId('command-note').textContent = 'Where the run lies: give its directory.';
    return;
  }
  byId('command').textContent = './' + command(live.now.asked, live.now);
  byId('python').textContent = python(live.now.asked, live.now);
  const given = live.now.start.given_ids?.length > 0;
  byId('command-note').textContent = given
    ? 'Tokens were given: as a prompt of ids their numbers agree to rounding.'
    : 'It gives these numbers, bit for bit.';
}

function said(words, wrong) {
  const status = byId('status');
  status.textContent = words;
  status.classList.toggle('wrong', wrong);
}

function listen() {
  byId('ask').addEventListener('submit', (event) => {
    event.preventDefault();
    run('generated');
  });
  byId('prompt').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      run('generated');
    }
  });
  byId('measure-prompt').addEventListener('click', () => run('prompt'));
  byId('stop').addEventListener('click', () => live.stop());
  ['chat', 'system', 'compare', 'same', 'model'].forEach((id) =>
    byId(id).addEventListener('change', () => {
      readForm();
      interventions.fit();
      showModel();
    }),
  );
  NUMBERS.forEach((id) => byId(id).addEventListener('change', readForm));
  byId('halves').addEventListener('change', () => {
    readForm();
    if (live.now?.start.given_ids?.length > 0 && !live.intact) {
      said('Half-blocks are read with the next text.', false);
    } else if (live.now && promptOf(state.of)) {
      run(state.of);
    }
  });
  byId('save-png').addEventListener('click', () => savePng(live.now ? views.now : views.intact));
  byId('save-csv').addEventListener('click', () => saveCsv(views.text));
  byId('save-json').addEventListener('click', () => saveJson(views.text));
  byId('copy-command').addEventListener('click', () => copy('command', 'The command is'));
  byId('copy-python').addEventListener('click', () => copy('python', 'The lines are'));
  addEventListener('hashchange', () => {
    takeToken();
    readHash();
    fillForm();
    changed();
  });
}

// Where there is no clipboard, what is to be copied is selected.
async function copy(id, what) {
  try {
    await navigator.clipboard.writeText(byId(id).textContent);
    said(what + ' copied.', false);
  } catch {
    getSelection().selectAllChildren(byId(id));
    said(what + ' selected.', false);
  }
}

// A text that is there already, in the map.
function open(text) {
  live.stop();
  Object.assign(live, { now: text, intact: null });
  Object.assign(state, { brush: null, pin: null, frame: -1, run: false });
  writeHash();
  said(`${text.label}: ${text.columns.length} tokens.`, false);
  changed();
  byId('texts').scrollIntoView({ block: 'start' });
}

async function start() {
  takeToken();
  readHash();
  try {
    known = await models();
  } catch (failure) {
    said(failure.message, true);
    return;
  }
  byId('model').append(...known.map((one) => element('option', { value: one.name }, one.name)));
  views = new Views(live);
  compare = new Compare(byId('against'), known, said);
  views.overlay = new Overlay(known, () => views.show(), said);
  interventions = new Interventions({ model, text: () => live.intact ?? live.now, run: again, changed, read: readForm, said });
  views.now.layerCount = model().layers ?? 8;
  patching = new Patching({ model, chat, goOn });
  fillForm();
  listen();
  patching.restore();
  changed();
  await new Runs(byId('runs'), { open, beside: (name, text) => compare.with(name, text), said }).start();
  if (state.run && promptOf(state.of)) {
    run(state.of);
  } else {
    byId('prompt').focus();
  }
}

start();
