// How numbers are shown. What is not known is null, and shown as a dash.

const NOTHING = '–';

function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

function fixed(value, decimals) {
  if (!isNumber(value)) {
    return NOTHING;
  }
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '−');
}

// A per cent sign stays with its number.
function unbroken(text) {
  return text.replaceAll(' %', '\u00a0%');
}

// A small number is not none: a p value, for instance.
function notNothing(value, decimals) {
  const least = 10 ** -decimals;
  return isNumber(value) && value > 0 && value < least / 2 ? '< ' + least.toFixed(decimals) : fixed(value, decimals);
}

// As many digits as tell numbers apart that differ by a hundredth of the span.
function decimalsFor(span) {
  if (!isNumber(span) || span <= 0) {
    return 3;
  }
  return Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(span))));
}

// A number by itself: four digits that count, and no more than needed.
function short(value) {
  if (!isNumber(value)) {
    return NOTHING;
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    return value.toExponential(2).replaceAll('-', '−');
  }
  return String(Number(value.toPrecision(size >= 1000 ? 7 : 4))).replace('-', '−');
}

function interval(low, high, shown) {
  return '[' + shown(low) + ', ' + shown(high) + ']';
}

function finite(values) {
  return values.filter(isNumber);
}

function extent(values) {
  const numbers = finite(values);
  return numbers.length === 0
    ? [0, 1]
    : [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
}
