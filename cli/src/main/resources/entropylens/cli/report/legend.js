// The legend: a button per series, and one per group that has several.

function legend(chart, state, styles, changed, pointed) {
  const groups = new Map();
  chart.series.forEach((series, i) => groups.set(series.group, [...(groups.get(series.group) ?? []), i]));
  const several = groups.size > 1 && groups.size < chart.series.length;
  const content = [...groups].map(([group, members]) =>
    legendGroup(chart, state, styles, group, members, several, changed, pointed),
  );
  return element(
    'div',
    {
      class: 'legend',
      role: 'group',
      'aria-label': 'Series: press to hide or show',
      tabindex: chart.series.length > 6 ? 0 : null,
    },
    chart.series.length > 6 ? allOrNone(chart, state, changed) : null,
    content,
  );
}

function legendGroup(chart, state, styles, group, members, several, changed, pointed) {
  const headed = several && members.length > 1;
  return element(
    'div',
    { class: headed ? 'legend-group' : 'legend-loose' },
    headed ? groupButton(state, group, members, changed) : null,
    members.map((i) => seriesButton(chart, i, state, styles[i], changed, pointed)),
  );
}

function seriesButton(chart, i, state, style, changed, pointed) {
  const series = chart.series[i];
  return element(
    'button',
    {
      type: 'button',
      class: 'legend-series',
      'aria-pressed': String(state.visible.has(i)),
      title: series.name + (series.control ? ' (control)' : ''),
      click: () => changed(state.visible.has(i) ? without(state.visible, [i]) : new Set([...state.visible, i])),
      mouseenter: () => pointed(i, true),
      mouseleave: () => pointed(i, false),
    },
    sample(chart.kind, style),
    element('span', {}, series.name),
  );
}

function groupButton(state, group, members, changed) {
  const some = members.some((i) => state.visible.has(i));
  return element(
    'button',
    {
      type: 'button',
      class: 'legend-title',
      'aria-pressed': String(some),
      click: () => changed(some ? without(state.visible, members) : new Set([...state.visible, ...members])),
    },
    group,
  );
}

function allOrNone(chart, state, changed) {
  const all = state.visible.size === chart.series.length;
  return element(
    'div',
    { class: 'legend-all' },
    button(all ? 'hide all' : 'show all', all ? 'Hide all series' : 'Show all series', () =>
      changed(new Set(all ? [] : chart.series.keys())),
    ),
  );
}

// In the order of the chart, whatever was pressed when.
function inOrder(visible) {
  return new Set([...visible].sort((a, b) => a - b));
}

function without(visible, members) {
  return new Set([...visible].filter((i) => !members.includes(i)));
}

function sample(kind, style) {
  const hollow = style.symbol.startsWith('empty');
  const shape = symbolShape(style.symbol.replace('empty', '').toLowerCase(), {
    fill: hollow ? 'none' : style.colour,
    stroke: style.colour,
    'stroke-width': hollow ? 1.5 : 0,
  });
  const line = svgElement('line', {
    x1: 0,
    x2: 30,
    y1: 7,
    y2: 7,
    stroke: style.colour,
    'stroke-width': style.width,
    'stroke-dasharray': style.dash === 'solid' ? null : style.dash.join(' '),
  });
  const block = svgElement('rect', {
    x: 8,
    y: 1,
    width: 14,
    height: 12,
    fill: style.colour,
    'fill-opacity': hollow ? 0.25 : 0.9,
    stroke: hollow ? style.colour : null,
    'stroke-dasharray': hollow ? '4 3' : null,
  });
  const drawn = { line: [line, shape], scatter: [shape], bar: [block] }[kind];
  return svgElement(
    'svg',
    { width: 30, height: 14, viewBox: '0 0 30 14', 'aria-hidden': 'true', opacity: style.opacity },
    drawn,
  );
}

function symbolShape(symbol, paint) {
  const paths = {
    rect: 'M11.5 3.5h7v7h-7z',
    roundrect: 'M12.5 3.5h5q1 0 1 1v5q0 1-1 1h-5q-1 0-1-1v-5q0-1 1-1z',
    triangle: 'M15 3l4 8h-8z',
    diamond: 'M15 2.5l4.5 4.5l-4.5 4.5l-4.5-4.5z',
    arrow: 'M15 3l4 8l-4-2l-4 2z',
  };
  return symbol in paths
    ? svgElement('path', { ...paint, d: paths[symbol] })
    : svgElement('circle', { ...paint, cx: 15, cy: 7, r: 3.5 });
}

// ECharts' own legend, only for pictures that are saved: at the right, every series in a line.
function exportLegend(chart, view) {
  if (!view.exported) {
    return undefined;
  }
  return {
    type: 'plain',
    orient: 'vertical',
    right: 12,
    top: 64,
    itemWidth: 30,
    itemHeight: 12,
    data: [...view.visible].map((i) => ({ name: 's' + i })),
    formatter: (name) => wrapped(chart.series[Number(name.slice(1))].name, 34),
    textStyle: { color: view.theme.text, fontSize: 12, lineHeight: 15, fontFamily: FONT },
  };
}

function exportLegendWidth(chart) {
  const lines = chart.series.flatMap((series) => wrapped(series.name, 34).split('\n'));
  return chart.kind === 'heatmap' ? 0 : 60 + lines.reduce((most, line) => Math.max(most, line.length), 0) * 6.8;
}

function exportLegendHeight(chart) {
  return chart.kind === 'heatmap'
    ? 0
    : chart.series.reduce((sum, series) => sum + 10 + 15 * lineCount(wrapped(series.name, 34)), 100);
}
