// HEATMAP: the values stand in the cells as long as they fit.

const CELL_HEIGHT = 28;
const TILT = 34;

function heatmapHeight(chart, view) {
  return 130 + (tilted(chart, view) ? TILT : 0) + Math.max(3, chart.rows.length) * CELL_HEIGHT;
}

function cellWidth(chart, view) {
  const names = longest(chart.rows) * CHARACTER + 30 + (view.exported ? 40 : 0);
  return (view.width - names) / Math.max(1, chart.categories.length);
}

// Names of columns that are wider than the columns rise to the right.
function tilted(chart, view) {
  return longest(chart.categories) * CHARACTER > cellWidth(chart, view) - 4;
}

// Narrower than this it is scrolled rather than squeezed.
function heatmapLeastWidth(chart) {
  return Math.min(1400, longest(chart.rows) * CHARACTER + chart.categories.length * 30);
}

function longest(names) {
  return names.reduce((most, name) => Math.max(most, Math.min(36, name.length)), 0);
}

function heatmapOption(chart, view) {
  const scale = heatmapScale(chart, view.theme);
  const width = cellWidth(chart, view);
  const tilt = tilted(chart, view);
  return {
    ...commonOption(chart, view),
    grid: { ...grid(chart, { ...view, legendWidth: 0 }), bottom: 84 + (tilt ? TILT : 0) + (view.exported ? 10 : 0) },
    xAxis: heatmapAxis(chart.categories, chart.x_axis, view, tilt, width < 16),
    yAxis: { ...heatmapAxis(chart.rows, '', view, false, false), inverse: true },
    tooltip: { ...tooltip(view), formatter: (hit) => tipAtCell(chart, hit) },
    visualMap: visualMap(scale, view),
    series: [cells(chart, view, scale, width)],
  };
}

function heatmapAxis(names, name, view, tilt, dense) {
  const axis = categoryAxis(names, name, view);
  return {
    ...axis,
    axisLine: { show: false },
    nameGap: tilt ? 64 : 30,
    axisLabel: {
      ...axis.axisLabel,
      rotate: tilt ? 40 : 0,
      width: tilt ? 80 : 36 * CHARACTER,
      overflow: 'truncate',
      interval: dense ? 'auto' : 0,
    },
  };
}

// Two colours about zero where there are values on both sides, else one from least to most.
function heatmapScale(chart, theme) {
  const [least, most] = extent(chart.series[0].y);
  if (least < 0 && most > 0) {
    const size = Math.max(-least, most);
    return { least: -size, most: size, colours: theme.diverging };
  }
  return { least, most: most > least ? most : least + 1, colours: theme.sequential };
}

function visualMap(scale, view) {
  const decimals = decimalsFor(scale.most - scale.least);
  return {
    type: 'continuous',
    min: scale.least,
    max: scale.most,
    inRange: { color: scale.colours },
    orient: 'horizontal',
    left: 'center',
    bottom: view.exported ? 12 : 0,
    itemWidth: 12,
    itemHeight: Math.min(220, view.width * 0.5),
    calculable: !view.exported,
    text: view.exported ? [fixed(scale.most, decimals), fixed(scale.least, decimals)] : null,
    formatter: (value) => fixed(value, decimals),
    textStyle: { color: view.theme.faint, fontSize: 12 },
  };
}

function cells(chart, view, scale, width) {
  const decimals = Math.min(3, decimalsFor(scale.most - scale.least));
  const shown = chart.series[0].y.map((value) => fixed(value, decimals));
  const fits = shown.every((text) => text.length * 6.4 < width);
  return {
    id: 's0',
    type: 'heatmap',
    data: chart.series[0].y.map((value, at) => cell(value, at, chart, scale)).filter(Boolean),
    label: { show: fits, fontSize: 11, formatter: (hit) => fixed(hit.value[2], decimals) },
    itemStyle: { borderColor: view.theme.surface, borderWidth: 1.5, borderRadius: 2 },
    emphasis: { itemStyle: { borderColor: view.theme.text, borderWidth: 1.5 } },
  };
}

function cell(value, at, chart, scale) {
  const columns = chart.categories.length;
  if (!isNumber(value)) {
    return null;
  }
  const colour = onScale(scale.colours, (value - scale.least) / (scale.most - scale.least));
  return { value: [at % columns, Math.floor(at / columns), value], label: { color: inkOn(colour) } };
}

function tipAtCell(chart, hit) {
  const [column, row, value] = hit.value;
  return tip(chart.rows[row], [{ name: chart.categories[column], colour: hit.color, value: short(value) }]);
}
