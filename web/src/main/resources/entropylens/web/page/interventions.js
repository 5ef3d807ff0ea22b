// The panel of what the blocks do: switches, factors, presets, and what it costs on a given text.

import { factorsAsked, showSwitches } from './blocks.js';
import { changesFrom, described, wordsOf } from './changes.js';
import { byId } from './dom.js';
import { losses, showLoss } from './loss.js';
import { presetBlocks, randomOf } from './presets.js';
import { state, writeHash } from './state.js';

export class Interventions {
  // page: model(), text() of the model as it is, run(), changed(), read() of the form, said(words, wrong)
  constructor(page) {
    this.page = page;
    this.standIns = null; // the blocks that random ones stand in for
    this.random = null; // what these are drawn with
    this.listen();
  }

  listen() {
    document.querySelectorAll('[data-preset]').forEach((button) => button.addEventListener('click', () => this.preset(button.dataset.preset)));
    byId('factor-block').addEventListener('input', () => this.show());
    ['factor-attention', 'factor-mlp'].forEach((id) =>
      byId(id).addEventListener('change', () => {
        const found = factorsAsked(this.layers);
        if (found) {
          this.change(found.block, found.factors);
        }
      }),
    );
    byId('measure-loss').addEventListener('click', () => this.measureLoss());
  }

  get layers() {
    return this.page.model().layers ?? 0;
  }

  // What is changed of this model's blocks.
  get changes() {
    return new Map([...changesFrom(state.skip, state.scale)].filter(([block]) => block <= this.layers));
  }

  // In the words of the API.
  get asked() {
    const { skip, scale } = wordsOf(this.changes);
    return { skip_blocks: skip, scale_blocks: scale };
  }

  show() {
    showSwitches(this.layers, this.page.model().points?.includes('mlp_out'), this.changes, (block, factors) => this.change(block, factors));
    byId('preset-count').max = this.layers || 1;
    byId('factor-block').max = this.layers || 1;
  }

  // Another model may have fewer blocks.
  fit() {
    Object.assign(state, wordsOf(this.changes));
  }

  // One block's factors.
  change(block, factors) {
    this.standIns = null;
    Object.assign(state, wordsOf(new Map([...this.changes, [block, factors]])));
    writeHash();
    this.show();
    this.page.changed();
  }

  // The k blocks of a preset, and the text without them beside the intact model.
  preset(name) {
    const text = this.page.text();
    if (['largest', 'lowest'].includes(name) && (!text || text.columns.length === 0 || text.isChanged)) {
      this.page.said('ΔH is measured on a text of the intact model: generate one, with no block changed, first.', true);
      return;
    }
    if (name === 'as-deep' && state.skip.length === 0) {
      this.page.said('Skip some blocks first, by ΔH for example: random ones about as deep then take their place.', true);
      return;
    }
    state.skip = presetBlocks(name, this.choice(name, text));
    state.scale = [];
    state.compare = state.compare || name !== 'none';
    this.page.run();
  }

  choice(name, text) {
    const asDeep = name === 'as-deep';
    this.standIns = asDeep ? (this.standIns ?? state.skip) : null;
    this.random ??= randomOf(state.seed);
    const k = Math.max(1, byId('preset-count').valueAsNumber || 1);
    return { k, text, layers: this.layers, chosen: this.standIns, random: asDeep ? this.random : randomOf(state.seed) };
  }

  // A new text begins: what went wrong with the loss before is over.
  forgetFailure() {
    const box = byId('loss-shown');
    if (box.classList.contains('wrong')) {
      box.classList.remove('wrong');
      box.textContent = '–';
    }
  }

  async measureLoss() {
    this.page.read();
    const box = byId('loss-shown');
    const { changes } = this;
    box.classList.remove('wrong');
    box.textContent = 'Measuring the loss …';
    try {
      const text = state.lossText || state.prompt;
      if (!text) {
        throw new Error('Write a prompt first, or a text beside “Loss”.');
      }
      const found = await losses(this.page.model().name, text, changes.size > 0 ? this.asked : null);
      showLoss(box, found, described(changes));
    } catch (failure) {
      box.classList.add('wrong');
      box.textContent = failure.message;
    }
  }
}
