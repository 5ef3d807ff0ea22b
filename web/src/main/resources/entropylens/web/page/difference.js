// Two texts, token by token: where both read the same one, each cell less the other's.

const MOST_PAIRS = 4e6; // of tokens that are looked at; larger texts are compared position by position

// { pairs, same, moved }: by column of `one`, that of `two` which reads the same token, or null; how many
// have one, and how many of these at another position. Tokens keep their order: the longest sequence that
// both have.
export function aligned(one, two) {
  const [m, n] = [one.columns.length, two.columns.length];
  const pairs = m * n <= MOST_PAIRS ? longest(one.columns, two.columns) : byPosition(one.columns, two.columns);
  const found = pairs.map((pair, at) => (pair === null ? null : two.columns[pair].position - one.columns[at].position)).filter((by) => by !== null);
  return { pairs, same: found.length, moved: found.filter((by) => by !== 0).length };
}

function byPosition(one, two) {
  const at = new Map(two.map((column, index) => [column.position, index]));
  return one.map((column) => {
    const found = at.get(column.position);
    return found !== undefined && two[found].input.token === column.input.token ? found : null;
  });
}

function longest(one, two) {
  const width = two.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width); // of what is left from a column of each on
  const same = (i, j) => one[i].input.token === two[j].input.token;
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = two.length - 1; j >= 0; j--) {
      lengths[i * width + j] = same(i, j) ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const pairs = one.map(() => null);
  for (let i = 0, j = 0; i < one.length && j < two.length; ) {
    const [without, other] = [lengths[(i + 1) * width + j], lengths[i * width + j + 1]];
    if (same(i, j)) {
      pairs[i++] = j++;
    } else if (without > other || (without === other && one[i].position <= two[j].position)) {
      i++;
    } else {
      j++;
    }
  }
  return pairs;
}

// By row of `one`, that of `two` at the same point and relative depth, or null.
export function sameDepths(one, two) {
  return one.rows.map((row) => {
    const found = two.rows.findIndex((other) => other.point === row.point && Math.abs(other.depth - row.depth) < 1e-4);
    return found < 0 ? null : found;
  });
}

// A measure of `one`, less that of `two`.
export function lessThat(measure, two, pairs, rows) {
  const ofNext = measure.name.startsWith('next_');
  return {
    ...measure,
    name: measure.name + '-difference',
    label: measure.label + ', A − B',
    kind: 'diverging',
    from: undefined,
    to: undefined,
    reversed: false,
    words: ['lower in A', 'higher in A · grey: nothing to compare'],
    value: (column, row, at) => {
      const pair = at === undefined ? null : pairs[at];
      const other = pair === null ? null : two.columns[pair];
      if (!other || rows[row] === null || (ofNext && other.next?.token !== column.next?.token)) {
        return null;
      }
      const [value, base] = [measure.value(column, row, at), measure.value(other, rows[row], pair)];
      return value === null || base === null ? null : value - base;
    },
  };
}
