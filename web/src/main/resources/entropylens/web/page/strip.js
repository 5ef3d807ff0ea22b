// A text as tokens. A token that was generated can be changed, and the text goes on from there.

import { element, visible } from './dom.js';

// choose(at): the column that predicts the token; goOn(at, words): the token at `at` replaced;
// editing: which is being changed, or null
export function strip(title, text, { choose, goOn, parted, here, editing = null }) {
  const tokens = element('div', { class: 'tokens', lang: 'und', dir: 'ltr' });
  const editor = element('div', { class: 'editor' });
  tokens.addEventListener('keydown', moveAlong);
  const given = text.ofPrompt ? [] : text.promptTokens;
  tokens.append(element('bdi', { class: 'given' }, given.map((token) => visible(token)).join('')));
  text.columns.forEach((column, at) => {
    const token = text.ofPrompt ? column.input : column.next;
    const classes = ['token'];
    if (token.edited) classes.push('edited');
    if (parted !== undefined && at >= parted - 1 && parted < Infinity) classes.push('other');
    if (at === here) classes.push('here');
    tokens.append(
      element(
        'button',
        {
          type: 'button',
          class: classes.join(' '),
          'data-at': at,
          // one stop for the Tab key; arrows go from token to token
          tabindex: at === (here ?? 0) ? '0' : '-1',
          click: () => choose(at),
        },
        visible(token.token),
      ),
    );
  });
  if (editing !== null && editing < text.columns.length && goOn) {
    edit(editor, text, editing, goOn);
  }
  return element('div', { class: 'strip' }, element('h3', {}, title), tokens, editor);
}

function moveAlong(event) {
  const step = { ArrowLeft: 'previousElementSibling', ArrowRight: 'nextElementSibling' }[event.key];
  const next = step && event.target[step];
  if (next?.classList.contains('token')) {
    event.preventDefault();
    next.focus();
  }
}

function edit(editor, text, at, goOn) {
  const token = text.columns[at].next;
  const field = element('input', { 'aria-label': 'The token instead', value: token.token, spellcheck: 'false' });
  const form = element(
    'form',
    {
      class: 'editor',
      'data-at': at,
      submit: (event) => {
        event.preventDefault();
        goOn(at, field.value.replaceAll('\\n', '\n')); // as a line break is shown
      },
    },
    `Token ${at + 1}: `,
    field,
    element('button', { type: 'submit' }, 'Go on from here'),
  );
  editor.replaceChildren(form);
}
