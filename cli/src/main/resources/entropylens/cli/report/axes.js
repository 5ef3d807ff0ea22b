// What the options of all kinds of charts share.
//
// `view` says how a chart is seen: { theme, width, visible (a set of indices of series), styles, exported }.

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

function commonOption(chart, view) {
  const { theme } = view;
  return {
    animation: false,
    backgroundColor: view.exported ? theme.surface : 'transparent',
    textStyle: { fontFamily: FONT, color: theme.text },
    title: titles(chart, view),
    tooltip: tooltip(view),
    aria: { enabled: false },
  };
}

// The name of the y axis stands over it, to be read without tilting the head. A saved picture has a title, too.
function titles(chart, view) {
  const { theme } = view;
  const axis = axisTitle(valueAxisName(chart, view), view);
  const name = { left: 0, padding: 0, itemGap: 8 };
  const small = { fontSize: 12, fontWeight: 400, color: theme.faint, lineHeight: 16, fontFamily: FONT };
  const large = { fontSize: 18, fontWeight: 600, color: theme.text, lineHeight: 24, fontFamily: FONT };
  return view.exported
    ? {
        ...name,
        left: 20,
        top: 16,
        text: wrapped(chart.title, 110),
        textStyle: large,
        subtext: axis,
        subtextStyle: small,
      }
    : { ...name, top: 0, text: axis, textStyle: small };
}

function axisTitle(name, view) {
  return wrapped(name, Math.max(24, Math.floor(view.width / 7)));
}

// What stands over the plot: with horizontal bars that is nothing, for their values run along the bottom.
function valueAxisName(chart, view) {
  return view.horizontal ? chart.x_axis : chart.y_axis;
}

// Breaks at spaces into lines of so many characters.
function wrapped(text, length) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== '' && line.length + word.length + 1 > length) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = line === '' ? word : line + ' ' + word;
    }
  }
  return lines.join('\n');
}

function lineCount(text) {
  return text.split('\n').length;
}

function grid(chart, view) {
  const titleLines = lineCount(axisTitle(valueAxisName(chart, view), view));
  const below = 18 + 16 * lineCount(axisTitle(bottomAxisName(chart, view), view));
  return view.exported
    ? {
        left: 24,
        right: 32 + view.legendWidth,
        top: 40 + 24 * lineCount(wrapped(chart.title, 110)) + 16 * titleLines,
        bottom: below + 14,
        containLabel: true,
      }
    : { left: 2, right: 14, top: 14 + 16 * titleLines, bottom: below, containLabel: true };
}

function bottomAxisName(chart, view) {
  return view.horizontal ? chart.y_axis : chart.x_axis;
}

function valueAxis(name, view, fromZero) {
  const { theme } = view;
  return {
    type: 'value',
    name: wrapped(name, Math.max(24, Math.floor(view.width / 7))),
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: { color: theme.faint, fontSize: 12, lineHeight: 16, verticalAlign: 'top', padding: [-6, 0, 0, 0] },
    scale: !fromZero,
    splitNumber: view.width < 480 ? 4 : 6,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.line, width: 1, opacity: 0.6 } },
    // the font is named here too, for room is kept for names in that of the label
    axisLabel: { color: theme.faint, fontSize: 12, fontFamily: FONT, hideOverlap: true, formatter: (value) => short(value) },
  };
}

function categoryAxis(names, name, view) {
  const { theme } = view;
  return {
    ...valueAxis(name, view, true),
    type: 'category',
    data: names,
    axisLine: { show: true, lineStyle: { color: theme.line } },
    splitLine: { show: false },
    axisLabel: { color: theme.text, fontSize: 12, fontFamily: FONT, interval: 0, formatter: (text) => text },
  };
}

// Whether an axis that starts at zero wastes less than half of the plot.
function startsAtZero(values) {
  const [least, most] = extent(values);
  return (least >= 0 && least < 0.5 * most) || (most <= 0 && most > 0.5 * least) || (least < 0 && most > 0);
}

function tooltip(view) {
  const { theme } = view;
  return {
    show: !view.exported,
    trigger: 'item',
    confine: true,
    backgroundColor: theme.surface,
    borderColor: theme.line,
    padding: [8, 10],
    textStyle: { color: theme.text, fontSize: 13, fontFamily: FONT },
    extraCssText: 'max-width:min(34rem,92vw);white-space:normal;overflow-wrap:anywhere',
  };
}

// A tooltip of elements: names are text there, whatever they hold.
function tip(heading, rows) {
  return element('div', { class: 'tip' }, element('strong', {}, heading), rows.map(tipRow));
}

function tipRow(row) {
  const swatch = element('span', { class: 'tip-swatch' });
  swatch.style.backgroundColor = row.colour;
  return element(
    'div',
    { class: 'tip-row' },
    swatch,
    element('span', {}, row.name),
    element('span', { class: 'tip-value' }, row.value),
  );
}

function pointWords(series, at) {
  const range = series.low.length > 0 ? ' ' + interval(series.low[at], series.high[at], short) : '';
  return short(series.y[at]) + range;
}
