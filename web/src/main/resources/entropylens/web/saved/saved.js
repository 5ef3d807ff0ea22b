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

const HALVES = ['resid_mid', 'resid_post'];

// Every sample, as texts: the halves of blocks in one map, other points of the stream in one each.
function textsOf() {
  const samples = profile.samples ?? [profile];
  const points = Object.keys(profile.points ?? {});
  const maps = points.every((point) => HALVES.includes(point)) ? [null] : points;
  return samples.flatMap((sample, at) =>
    maps.map((point) => ({
      name: [samples.length > 1 ? `sample ${at + 1}` : null, point].filter(Boolean).join(', ') || 'the text',
      text: textOf(wholeOf(sample, point), tokens[at]),
    })),
  );
}

// A sample as a profile of its own, at one point where one is named.
function wholeOf(sample, point) {
  const { samples: _, points, ...header } = profile;
  const whole = { ...header, ...sample };
  if (!points) {
    return whole;
  }
  const measured = Object.fromEntries(Object.entries(points).map(([name, layers]) => [name, { ...layers, ...sample.points[name] }]));
  return point ? { ...whole, ...measured[point], at: [point], points: undefined } : { ...whole, points: measured };
}

function textOf(whole, { prompt_tokens, generated_tokens }) {
  return profile.positions === 'prompt' ? MeasuredText.ofProfile(whole, prompt_tokens, null) : MeasuredText.ofGenerated(whole, prompt_tokens, generated_tokens);
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
