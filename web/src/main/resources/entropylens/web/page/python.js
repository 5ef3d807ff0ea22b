// The lines of Python that repeat what is seen, with requests and pandas.

// What to ask `profile` for. A text that was edited starts from ids.
function repeated(asked, text) {
  const { given_ids: _, given_known: read, ...whole } = asked;
  const { positions, ...generated } = whole;
  const body = positions === 'prompt' ? whole : generated;
  if (!(text.start.given_ids?.length > 0)) {
    return body;
  }
  const { prompt: __, chat: ___, system: ____, messages: _____, patch_from: ______, ...rest } = body;
  const given = { ...rest, ...text.patchAsked, token_ids: [...text.promptIds, ...text.start.given_ids] };
  if (read !== 0) {
    return given;
  }
  const { tokens: _______, temperature: ________, seed: _________, ...ofPrompt } = given; // a text that another model wrote
  return { ...ofPrompt, positions: 'prompt' };
}

const OF_LAYERS = ['entropy = pd.DataFrame(profile["entropy"], columns=profile["layer"])', 'print(entropy.round(3).to_string())'];
const OF_POINTS = ['for point, there in profile["points"].items():', '    print(point)', '    print(pd.DataFrame(there["entropy"], columns=there["layer"]).round(3).to_string())'];

export function python(asked, text) {
  const body = repeated(asked, text);
  if (body.positions === 'prompt') {
    ['tokens', 'temperature', 'seed', 'ignore_eos'].forEach((name) => delete body[name]);
  }
  const fields = Object.entries(body).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return [
    'import pandas as pd',
    'import requests',
    '',
    'answer = requests.post(',
    `    ${literal(location.origin + '/api/v1/profile')},`,
    ...(sessionStorage.getItem('entropy-lens-token') ? ['    headers={"Authorization": "Bearer TOKEN"},  # the token of the explorer'] : []),
    '    json={',
    ...fields.map(([name, value]) => `        ${literal(name)}: ${literal(value)},`),
    '    },',
    ')',
    'answer.raise_for_status()',
    'profile = answer.json()',
    ...(body.at?.length > 1 ? OF_POINTS : OF_LAYERS),
  ].join('\n');
}

// Those that give a text of a run: { run, study, model, lens, point, text_id }.
export function storedPython({ run, ...named }) {
  const chosen = Object.entries(named).map(([name, value]) => `(profiles[${literal(name)}] == ${literal(value)})`);
  return [
    'import pandas as pd',
    '',
    `profiles = pd.read_parquet(${literal(run + '/profiles.parquet')})  # the directory of the run`,
    `text = profiles[${chosen.join('\n    & ')}]`,
    'entropy = text.pivot(index="token", columns="layer", values="entropy")',
    'print(entropy.round(3).to_string())',
  ].join('\n');
}

// As Python writes it; what is not seen stands there as an escape.
function literal(value) {
  if (Array.isArray(value)) {
    return '[' + value.map(literal).join(', ') + ']';
  }
  if (value !== null && typeof value === 'object') {
    return '{' + Object.entries(value).map(([name, one]) => `${literal(name)}: ${literal(one)}`).join(', ') + '}';
  }
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(/[\p{Cf}\p{Zl}\p{Zp}\p{M}\u007f-\u009f]/gu, (c) => escaped(c.codePointAt(0)));
  }
  return { true: 'True', false: 'False', null: 'None' }[String(value)] ?? String(value);
}

function escaped(code) {
  return code > 0xffff ? '\\U' + code.toString(16).padStart(8, '0') : '\\u' + code.toString(16).padStart(4, '0');
}
