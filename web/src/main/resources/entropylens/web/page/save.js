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
function csv(text) {
  const names = Object.keys(text.columns[0].values).filter((name) => name !== 'entropy');
  const k = text.columns[0].topIds[0].length;
  const tops = Array.from({ length: k }, (_, at) => [`top_${at + 1}_id`, `top_${at + 1}_probability`]).flat();
  const points = text.start.at.join() === 'resid_post' ? null : text.start.at;
  const lines = [['sample', 'token', 'window', 'position', 'next_id', ...(points ? ['point'] : []), 'layer', 'depth', 'entropy', ...names, ...tops]];
  const rows = text.start.at.flatMap((point) => rowsAt(text, point));
  text.columns.forEach((column, row) =>
    rows.forEach((at) =>
      lines.push([
        1,
        row + 1,
        1,
        column.position,
        column.next?.id ?? '',
        ...(points ? [text.rows[at].point] : []),
        text.layers[at],
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

// Rows of the map that are of one point, by layer.
function rowsAt(text, point) {
  return text.rows.map((row, at) => [row, at]).filter(([row]) => row.point === point).map(([, at]) => at);
}

// The keys of `entropy-lens profile --format json`.
function json(text) {
  const { prompt_tokens, given_ids, given_tokens, ...header } = text.start;
  const known = { ...header, generated_ids: text.generatedIds };
  if (!header.points) {
    return { ...known, ...tables(text, text.rows[0].point) };
  }
  const points = header.at.map((point) => [point, { layer: header.points[point].layer, depth: header.points[point].depth, ...tables(text, point) }]);
  return { ...known, points: Object.fromEntries(points) };
}

// What was measured at one point, position by position.
function tables(text, point) {
  const rows = rowsAt(text, point);
  const of = (all) => text.columns.map((column) => (all(column) === null ? null : rows.map((at) => all(column)[at])));
  const found = {};
  for (const name of Object.keys(text.columns[0].values)) {
    const absent = (column) => column.values[name].every((value) => value === null);
    found[name] = of((column) => (absent(column) ? null : column.values[name]));
  }
  return { ...found, top_ids: of((column) => column.topIds), top_probabilities: of((column) => column.topProbabilities), top_tokens: of((column) => column.topTokens) };
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

// The command that gives a text of a run: { run, study, model, lens, point, text_id }.
export function storedCommand({ run, ...named }) {
  const chosen = Object.entries(named).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const sql = `SELECT token, position, layer, entropy FROM profiles WHERE ${chosen.join(' AND ')} ORDER BY token, layer`;
  return ['entropy-lens', 'query', '--run', run, sql].map(quoted).join(' ');
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
  if (asked.scale_blocks?.length > 0) {
    words.push('--scale-blocks', asked.scale_blocks.join(','));
  }
  if (asked.at) {
    words.push('--at', asked.at.join(','));
  }
  if (asked.embedding) {
    words.push('--embedding');
  }
  if (asked.patch) {
    words.push('--patch', asked.patch.join(','), '--patch-at', asked.patch_at);
    words.push(...(given ? ['--patch-from-ids', text.start.patched.from_ids.join(',')] : ['--patch-from', asked.patch_from]));
  }
  if (asked.lens) {
    words.push('--lens', asked.lens);
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
