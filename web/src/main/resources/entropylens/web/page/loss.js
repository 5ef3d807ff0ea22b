// The loss of a given text: the mean of −ln p of its tokens, each after those before it.

import { post } from './api.js';
import { element, shown, signed } from './dom.js';

// changes: skip_blocks and scale_blocks
async function lossOf(model, ids, changes) {
  const asked = { model, token_ids: ids, positions: 'prompt', stats: ['next'], ...changes };
  const profile = await post('profile', asked);
  const p = profile.next_probability.slice(0, ids.length - 1).map((layers) => layers.at(-1));
  return p.reduce((sum, one) => sum - Math.log(one), 0) / p.length;
}

// With and without the changes.
export async function losses(model, text, changes) {
  const { ids } = await post('tokenise', { model, prompt: text });
  if (ids.length < 2) {
    throw new Error('The loss needs a text of at least two tokens.');
  }
  const intact = await lossOf(model, ids, {});
  const changed = changes ? await lossOf(model, ids, changes) : null;
  return { tokens: ids.length - 1, intact, changed };
}

export function showLoss(box, found, words) {
  const parts = [`Loss over ${found.tokens} tokens, nats each: `, element('b', {}, shown(found.intact)), ' as the model is'];
  if (found.changed !== null) {
    const more = found.changed - found.intact;
    parts.push(', ', element('b', {}, shown(found.changed)), ` ${words.charAt(0).toLowerCase()}${words.slice(1)} (`, element('span', { class: more > 0 ? 'worse' : 'better' }, signed(more)), ')');
  }
  box.replaceChildren(...parts);
}
