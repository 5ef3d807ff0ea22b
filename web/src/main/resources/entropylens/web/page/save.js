// What is seen, as a picture, a table, JSON, and the command that repeats it.

import { element } from './dom.js';
import { LAYERS_WIDTH, paint } from './paint.js';

const MOST_PIXELS = 16000;

export function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

// The whole map, not only what is in view.
export function savePng(map) {
  const width = LAYERS_WIDTH + map.columns * map.cellWidth;
  const height = map.view.all;
  const ratio = Math.min(2, MOST_PIXELS / Math.max(width, height));
  const canvas = element('canvas', { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  const { cursor, pinned } = map;
  Object.assign(map, { cursor: null, pinned: null });
  paint(context, map, { left: 0, top: 0, width, height, all: height });
  Object.assign(map, { cursor, pinned });
  return new Promise((done) =>
    canvas.toBlob((blob) => {
      download('entropy-lens.png', blob);
      done();
    }),
  );
}

// The columns of `entropy-lens profile --format csv`.
export function csv(text) {
  const names = Object.keys(text.columns[0].values).filter((name) => name !== 'entropy');
  const k = text.columns[0].topIds[0].length;
  const tops = Array.from({ length: k }, (_, at) => [`top_${at + 1}_id`, `top_${at + 1}_probability`]).flat();
  const lines = [['sample', 'token', 'window', 'position', 'next_id', 'layer', 'depth', 'entropy', ...names, ...tops]];
  text.columns.forEach((column, row) =>
    text.layers.forEach((layer, at) =>
      lines.push([
        1,
        row + 1,
        1,
        column.position,
        column.next?.id ?? '',
        layer,
        text.depth[at],
        column.values.entropy[at] ?? '',
        ...names.map((name) => column.values[name]?.[at] ?? ''),
        ...column.topIds[at].flatMap((id, rank) => [id, column.topProbabilities[at][rank]]),
      ]),
    ),
  );
  return lines.map((line) => line.join(',') + '\r\n').join('');
}

export function saveCsv(text) {
  download('entropy-lens.csv', new Blob([csv(text)], { type: 'text/csv' }));
}

// The keys of `entropy-lens profile --format json`.
export function json(text) {
  const { prompt_tokens, given_ids, given_tokens, ...header } = text.start;
  const columns = text.columns;
  const tables = {};
  for (const name of Object.keys(columns[0].values)) {
    tables[name] = columns.map((column) => column.values[name]);
  }
  return {
    ...header,
    generated_ids: text.generatedIds,
    ...tables,
    top_ids: columns.map((column) => column.topIds),
    top_probabilities: columns.map((column) => column.topProbabilities),
    top_tokens: columns.map((column) => column.topTokens),
  };
}

export function saveJson(text) {
  saveDocument(json(text));
}

export function saveDocument(document) {
  download('entropy-lens.json', new Blob([JSON.stringify(document) + '\n'], { type: 'application/json' }));
}

// For a POSIX shell: in quotes unless every character is harmless.
export function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

// The command that repeats a request; a text that was edited starts from ids.
export function command(asked, text) {
  const words = ['entropy-lens', 'profile', '--model', asked.model];
  const given = text?.start.given_ids?.length > 0;
  const read = asked.given_known === 0; // a text that another model wrote
  if (asked.positions === 'prompt' || read) {
    words.push('--positions', 'prompt');
  } else {
    words.push('--tokens', String(asked.tokens));
    if (asked.temperature) {
      words.push('--temperature', String(asked.temperature), '--seed', String(asked.seed));
    }
  }
  if (asked.skip_blocks.length > 0) {
    words.push('--skip-blocks', asked.skip_blocks.join(','));
  }
  words.push('--top-p-set', asked.top_p_set.join(','), '--top-k', String(asked.top_k), '--stats', asked.stats.join(','));
  if (given) {
    words.push('--token-ids', [...text.promptIds, ...text.start.given_ids].join(','));
  } else {
    if (asked.chat) {
      words.push('--chat');
      if (asked.system) {
        words.push('--system', asked.system);
      }
    }
    words.push(...(asked.prompt.startsWith('-') ? ['--'] : []), asked.prompt);
  }
  return words.map(quoted).join(' ');
}
