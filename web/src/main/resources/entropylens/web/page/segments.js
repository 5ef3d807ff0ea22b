// A text cut into segments: sentences, or the steps of what a model thinks before it answers.

const SENTENCE_END = /[.!?…。！？]+["'”’)\]]*(?=\s|\\n|$)(?:\s*(?:\n|\\n))*|(?:\s*(?:\n|\\n))+/gu;
const LETTER = /[\p{L}\p{N}]/u;
const BLANK_LINE = /(?:\n|\\n)\s*(?:\n|\\n)+/gu;
const OPEN = '<think>';
const CLOSE = '</think>';

// The token of a column that a reader of the text sees there.
export function wordOf(text, column) {
  return text.ofPrompt ? column.input : column.next;
}

// [{ name, from, to }]: columns from … to of each segment, in order; no column is left out.
export function sentences(text) {
  const { whole, starts } = joined(text);
  let before = 0;
  const found = ends(whole, SENTENCE_END).filter((end) => {
    const says = LETTER.test(whole.slice(before, end).replaceAll('\\n', ''));
    before = says ? end : before;
    return says;
  });
  return cut(whole, starts, found.map((end) => ({ end })), (_, at) => `Sentence ${at + 1}`);
}

// Null where the text does not think. Steps are separated by blank lines.
export function steps(text) {
  const { whole, starts } = joined(text);
  const before = text.ofPrompt ? '' : text.promptTokens.join('');
  const open = before.lastIndexOf(OPEN) > before.lastIndexOf(CLOSE) ? 0 : whole.indexOf(OPEN);
  if (open < 0) {
    return null;
  }
  const close = whole.indexOf(CLOSE, open);
  const thoughtEnd = close < 0 ? whole.length : close + CLOSE.length;
  const pieces = [
    ...(open > 0 ? [{ end: open, kind: 'Before' }] : []),
    ...ends(whole, BLANK_LINE)
      .filter((end) => end > open && end < thoughtEnd)
      .map((end) => ({ end, kind: 'Step' })),
    { end: thoughtEnd, kind: 'Step' },
    { end: whole.length, kind: 'Answer' },
  ];
  let step = 0;
  return cut(whole, starts, pieces, (piece) => (piece.kind === 'Step' ? `Step ${++step}` : piece.kind));
}

function ends(whole, pattern) {
  return [...whole.matchAll(pattern)].map((found) => found.index + found[0].length);
}

// The text of the columns, and where each token's first letter is in it.
function joined(text) {
  let whole = '';
  const starts = text.columns.map((column) => {
    const token = wordOf(text, column)?.token ?? '';
    const start = whole.length + (token.length - token.trimStart().length);
    whole += token;
    return Math.min(start, Math.max(0, whole.length - 1));
  });
  return { whole, starts };
}

// pieces: where each ends, in letters; those without a token are left out.
function cut(whole, starts, pieces, name) {
  const found = [];
  let from = 0;
  for (const piece of [...pieces, { end: Infinity, kind: 'Answer' }]) {
    let to = from;
    while (to < starts.length && starts[to] < piece.end) {
      to++;
    }
    if (to > from) {
      found.push({ name: name(piece, found.length), from, to: to - 1 });
      from = to;
    }
  }
  return found;
}
