// One result in a file of its own: the explorer's pictures, without a server. What the file holds
// beside them is the JSON of the profile and how its tokens read.

import { changesOf, described } from './changes.js';
import { byId, element } from './dom.js';
import { measuresOf } from './measures.js';
import { quoted, saveCsv, saveDocument, savePng } from './save.js';
import { readHash, state } from './state.js';
import { MeasuredText } from './text.js';
import { Views } from './views.js';

const data = JSON.parse(byId('data').textContent);
const { profile, tokens, command } = data;

// What the views look at: one text, which nothing adds to.
const shelf = { now: null, intact: null, running: false, said };

function said(words, wrong) {
  byId('status').textContent = words;
  byId('status').classList.toggle('wrong', wrong);
}

// Every sample at every point of the stream, as texts.
function textsOf() {
  const samples = profile.samples ?? [profile];
  const points = profile.points ? Object.keys(profile.points) : [null];
  return samples.flatMap((sample, at) =>
    points.map((point) => ({
      name: [samples.length > 1 ? `sample ${at + 1}` : null, point].filter(Boolean).join(', ') || 'the text',
      text: textOf(sample, point, tokens[at]),
    })),
  );
}

function textOf(sample, point, { prompt_tokens, generated_tokens }) {
  const { samples: _, points: __, ...header } = profile;
  const layers = point ? profile.points[point] : profile;
  const rows = point ? (sample.points ?? profile.points)[point] : sample;
  const whole = { ...header, ...sample, ...rows, layer: layers.layer, depth: layers.depth, at: point ? [point] : profile.at, points: undefined };
  return profile.positions === 'prompt'
    ? MeasuredText.ofProfile(whole, prompt_tokens, null)
    : MeasuredText.ofGenerated(whole, prompt_tokens, generated_tokens);
}

function facts() {
  const { model, sampling, lens, patched } = profile;
  return [
    model.name,
    model.family,
    `${model.layers} blocks`,
    `V ${model.vocab.toLocaleString('en')}`,
    model.dtype,
    model.untrained_seed === null ? null : 'untrained',
    sampling?.temperature ? `temperature ${sampling.temperature}, seed ${sampling.seed}` : null,
    lens && lens.kind !== 'logit' ? `${lens.kind} lens` : null,
    described(changesOf(profile)) || null,
    patched ? 'patched' : null,
  ]
    .filter(Boolean)
    .join(' · ');
}

function start() {
  const texts = textsOf();
  readHash();
  document.title = 'Entropy profile: ' + profile.model.name;
  byId('facts').textContent = facts();
  byId('made').textContent = `Made by entropy-lens ${profile.program.version} (${profile.program.commit}), definition ${profile.definition}, kernels ${profile.kernels}. This file needs no network and no server.`;
  byId('command').textContent = './entropy-lens ' + command.map(quoted).join(' ');
  const views = new Views(shelf);
  const ownUnit = (measure) => (['entropy', 'delta'].includes(measure.name) ? { ...measure, unit: profile.unit } : measure);
  views.offer(measuresOf(texts.map((one) => one.text)).map(ownUnit));
  byId('which').append(...texts.map((one, at) => element('option', { value: at }, one.name)));
  byId('which-field').hidden = texts.length === 1;
  const show = () => {
    shelf.now = texts[state.text]?.text ?? texts[0].text;
    byId('which').value = texts[state.text] ? state.text : 0;
    views.show();
  };
  byId('which').addEventListener('change', () => {
    views.set({ text: Number(byId('which').value) });
    show();
  });
  byId('save-actions').append(
    button('PNG', () => savePng(views.now)),
    button('CSV', () => saveCsv(shelf.now)),
    button('JSON', () => saveDocument(profile)),
  );
  show();
}

function button(words, click) {
  return element('button', { type: 'button', click, id: 'save-' + words.toLowerCase() }, words);
}

start();
