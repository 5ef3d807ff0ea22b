// Elements are made of text nodes and attributes, never of markup: a name in a report may hold anything.

function element(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svgElement(tag, attributes, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

// An attribute that is a function listens, one that is null is left out.
function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') {
      node.addEventListener(name, value);
    } else if (value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function button(words, label, onClick) {
  return element('button', { type: 'button', 'aria-label': label, click: onClick }, words);
}

// Says to those who listen what happened.
function announce(words) {
  document.getElementById('announcement').textContent = words;
}

// The browser saves the content under that name.
function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

// RFC 4180; numbers with all their digits.
function csv(rows) {
  return rows.map((row) => row.map(csvCell).join(',') + '\r\n').join('');
}

function csvCell(value) {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}
