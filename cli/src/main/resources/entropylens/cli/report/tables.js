// Tables that are sorted by the column whose name is pressed.

function reportTable(table, name) {
  const body = element('tbody', {});
  const heads = table.columns.map((column, at) =>
    columnHead(table, column, at, (order) => fillBody(body, table, order)),
  );
  const row = element('tr', {}, heads);
  fillBody(body, table, table.rows);
  return element(
    'div',
    { class: 'table' },
    element(
      'div',
      { class: 'figure-head' },
      element('h3', {}, table.title),
      element(
        'div',
        { class: 'buttons' },
        button('CSV', 'Save the table “' + table.title + '” as CSV', () => saveTable(table, name)),
      ),
    ),
    element(
      'div',
      { class: 'table-scroller', tabindex: 0, role: 'region', 'aria-label': table.title },
      element('table', {}, element('thead', {}, row), body),
    ),
  );
}

function columnHead(table, column, at, show) {
  const head = element('th', { scope: 'col', class: isText(table, at) ? null : 'number', 'aria-sort': 'none' });
  const press = () => {
    const ascending = head.getAttribute('aria-sort') !== 'ascending';
    for (const other of head.parentElement.children) {
      other.setAttribute('aria-sort', 'none');
    }
    head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
    show(sorted(table.rows, at, ascending));
  };
  head.append(element('button', { type: 'button', class: 'sort', click: press }, column));
  return head;
}

// What is not known comes last either way.
function sorted(rows, at, ascending) {
  const known = rows.filter((row) => row[at] !== null);
  const compare = (a, b) =>
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), 'en', { numeric: true });
  known.sort((a, b) => (ascending ? compare(a[at], b[at]) : compare(b[at], a[at])));
  return [...known, ...rows.filter((row) => row[at] === null)];
}

function fillBody(body, table, rows) {
  body.replaceChildren(
    ...rows.map((row) =>
      element(
        'tr',
        {},
        row.map((value, at) =>
          element('td', { class: isText(table, at) ? null : 'number' }, cellText(table, value, at)),
        ),
      ),
    ),
  );
}

function isText(table, at) {
  return table.column_types[at] === 'text';
}

function cellText(table, value, at) {
  if (typeof value === 'number') {
    return table.column_types[at] === 'decimal' ? notNothing(value, table.digits) : String(value).replace('-', '−');
  }
  return value ?? NOTHING;
}

function saveTable(table, name) {
  download(name + '.csv', csv([table.columns, ...table.rows]), 'text/csv;charset=utf-8');
  announce('Saved ' + name + '.csv');
}
