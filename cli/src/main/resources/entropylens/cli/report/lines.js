// LINE and SCATTER.

const FEW_POINTS = 60;

function lineOption(chart, view) {
  const visible = [...view.visible];
  const together = readTogether(chart);
  return {
    ...commonOption(chart, view),
    grid: grid(chart, view),
    xAxis: { ...valueAxis(chart.x_axis, view, false), minInterval: overWholeNumbers(chart) ? 1 : undefined },
    yAxis: { ...valueAxis('', view, startsAtZero(allValues(chart))) },
    tooltip: {
      ...tooltip(view),
      trigger: together ? 'axis' : 'item',
      formatter: (hit) => (together ? tipAtX(chart, view, hit) : tipAtPoint(chart, view, hit)),
    },
    legend: exportLegend(chart, view),
    series: [
      ...visible.map((i) => bandSeries(chart.series[i], view.styles[i])),
      ...visible.map((i) => lineSeries(chart, i, view)),
    ].filter(Boolean),
  };
}

// Few series over the same numbers are read at one place together; many, or over different numbers, one by one.
function readTogether(chart) {
  const first = JSON.stringify(chart.series[0]?.x);
  const same = chart.series.every((series) => JSON.stringify(series.x) === first);
  return (same && chart.series.length <= 8) || chart.series.some((series) => series.x.length > FEW_POINTS);
}

// Blocks, for instance: there is nothing at one half.
function overWholeNumbers(chart) {
  return chart.series.every((series) => series.x.every(Number.isInteger));
}

function allValues(chart) {
  return chart.series.flatMap((series) => [...series.y, ...series.low, ...series.high]);
}

function lineSeries(chart, i, view) {
  const series = chart.series[i];
  const style = view.styles[i];
  return {
    id: 's' + i,
    name: 's' + i,
    type: 'line',
    z: series.control ? 3 : 4,
    data: series.x.map((x, at) => [x, series.y[at]]),
    symbol: style.symbol,
    symbolSize: view.width < 480 ? 6 : 7,
    showSymbol: series.x.length <= FEW_POINTS,
    lineStyle: { color: style.colour, width: style.width, type: style.dash, opacity: style.opacity },
    itemStyle: { color: style.colour, opacity: style.opacity, borderWidth: style.symbol.startsWith('empty') ? 1.5 : 0 },
    emphasis: { focus: 'series', scale: 1.4 },
  };
}

// The band between low and high: one polygon per stretch without a gap.
function bandSeries(series, style) {
  if (series.low.length === 0) {
    return null;
  }
  return {
    type: 'custom',
    silent: true,
    clip: true,
    z: 1,
    tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    data: series.x.map((x, at) => [x, series.low[at], series.high[at]]),
    renderItem: (params, api) => (params.dataIndex === 0 ? bandShape(series, style, api) : undefined),
  };
}

function bandShape(series, style, api) {
  return {
    type: 'group',
    children: stretches(series).map((stretch) => ({
      type: 'polygon',
      shape: {
        points: [
          ...stretch.map((at) => api.coord([series.x[at], series.high[at]])),
          ...stretch.toReversed().map((at) => api.coord([series.x[at], series.low[at]])),
        ],
      },
      style: { fill: style.colour, opacity: series.control ? 0.06 : 0.14 },
    })),
  };
}

// Runs of neighbours that have both ends.
function stretches(series) {
  const runs = [[]];
  series.x.forEach((x, at) => {
    if (isNumber(series.low[at]) && isNumber(series.high[at])) {
      runs.at(-1).push(at);
    } else {
      runs.push([]);
    }
  });
  return runs.filter((run) => run.length > 1);
}

function tipAtX(chart, view, hits) {
  const points = hits
    .filter((hit) => hit.seriesType === 'line')
    .map((hit) => ({ i: Number(hit.seriesId.slice(1)), at: hit.dataIndex }));
  const largestFirst = points.sort((a, b) => chart.series[b.i].y[b.at] - chart.series[a.i].y[a.at]);
  const rows = largestFirst
    .slice(0, 12)
    .map(({ i, at }) => ({
      name: chart.series[i].name,
      colour: view.styles[i].colour,
      value: pointWords(chart.series[i], at),
    }));
  const first = points[0];
  return first ? tip(chart.x_axis + ' ' + short(chart.series[first.i].x[first.at]), rows) : '';
}

function tipAtPoint(chart, view, hit) {
  const i = Number(hit.seriesId.slice(1));
  const series = chart.series[i];
  const at = hit.dataIndex;
  return tip(series.name, [
    { name: chart.x_axis, colour: 'transparent', value: short(series.x[at]) },
    { name: chart.y_axis, colour: view.styles[i].colour, value: pointWords(series, at) },
  ]);
}

function scatterOption(chart, view) {
  const visible = [...view.visible];
  return {
    ...commonOption(chart, view),
    grid: grid(chart, view),
    xAxis: valueAxis(chart.x_axis, view, false),
    yAxis: { ...valueAxis('', view, false) },
    tooltip: { ...tooltip(view), formatter: (hit) => tipAtPoint(chart, view, hit) },
    legend: exportLegend(chart, view),
    series: [
      ...visible.map((i) => whiskerSeries(chart.series[i], view.styles[i])),
      ...visible.map((i) => pointSeries(chart.series[i], i, view)),
    ].filter(Boolean),
  };
}

function pointSeries(series, i, view) {
  const style = view.styles[i];
  const hollow = style.symbol.startsWith('empty');
  return {
    id: 's' + i,
    name: 's' + i,
    type: 'scatter',
    z: 4,
    data: series.x.map((x, at) => [x, series.y[at]]),
    symbol: style.symbol,
    symbolSize: series.x.length > 200 ? 6 : 9,
    itemStyle: { color: style.colour, opacity: 0.8 * style.opacity, borderWidth: hollow ? 1.5 : 0 },
    emphasis: { focus: 'series', scale: 1.3 },
  };
}

function whiskerSeries(series, style) {
  if (series.low.length === 0) {
    return null;
  }
  return {
    type: 'custom',
    silent: true,
    z: 2,
    encode: { x: 0, y: [1, 2] },
    data: series.x.map((x, at) => [x, series.low[at], series.high[at]]),
    renderItem: (params, api) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const high = api.coord([api.value(0), api.value(2)])[1];
      return {
        type: 'line',
        shape: { x1: x, x2: x, y1: low, y2: high },
        style: { stroke: style.colour, lineWidth: 1.2, opacity: 0.5 },
      };
    },
  };
}
