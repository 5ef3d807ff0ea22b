// The server behind the page. A token that stands behind the # of the address goes with every request.

let token = null;

// Takes the token out of the address, where others could read it.
export function takeToken() {
  const found = new URLSearchParams(location.hash.slice(1));
  if (found.has('token')) {
    token = found.get('token');
    sessionStorage.setItem('entropy-lens-token', token);
    found.delete('token');
    history.replaceState(null, '', '#' + found);
  } else {
    token = sessionStorage.getItem('entropy-lens-token');
  }
}

async function ask(what, body, signal) {
  const headers = { Accept: 'application/json, text/event-stream' };
  if (token) {
    headers.Authorization = 'Bearer ' + token;
  }
  if (body) {
    headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch('api/v1/' + what, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body), signal });
  } catch (failure) {
    throw signal?.aborted ? failure : new Error('the explorer does not answer; was it stopped?');
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => ({ error: 'status ' + response.status }));
    throw new Error(answer.error);
  }
  return response;
}

export async function models() {
  return (await (await ask('models')).json()).models;
}

export async function allRuns() {
  return (await (await ask('runs')).json()).runs;
}

export async function post(what, body, signal) {
  return (await ask(what, body, signal)).json();
}

// Calls `onEvent(name, data)` for each event, until the end or until the signal aborts.
export async function generate(body, signal, onEvent) {
  const response = await ask('generate', body, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read().catch((failure) => {
      throw signal?.aborted ? failure : new Error('the explorer broke off; was it stopped?');
    });
    if (done) {
      return;
    }
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const match = /^event: (\w+)\ndata: (.*)$/s.exec(block);
      if (match) {
        onEvent(match[1], JSON.parse(match[2]));
      }
    }
  }
}
