// Two texts, position by position: where both read the same token, each cell less the other's.

// { pairs, same, other }: by column of `one`, that of `two` at its position, or null where it has none or
// reads another token there; how many are the same and how many are not.
export function aligned(one, two) {
  const at = new Map(two.columns.map((column, index) => [column.position, index]));
  let other = 0;
  const pairs = one.columns.map((column) => {
    const found = at.get(column.position);
    if (found === undefined) {
      return null;
    }
    if (two.columns[found].input.token !== column.input.token) {
      other++;
      return null;
    }
    return found;
  });
  return { pairs, same: pairs.filter((pair) => pair !== null).length, other };
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
