// BAR: bars with their intervals, drawn by hand, for ECharts knows no error bars.

const CHARACTER = 6.6;

// Long names of categories are only read lying down: then the bars lie, too.
function barsLie(chart, width) {
  const room = width / Math.max(1, chart.categories.length);
  return chart.categories.some((name) => name.length * CHARACTER > room - 8);
}

function barHeight(chart, view) {
  const bars = chart.categories.length * Math.max(1, chart.series.length);
  const each = chart.series.length > 4 ? 11 : 16;
  return view.horizontal ? Math.max(220, 90 + bars * each + chart.categories.length * 14) : 380;
}

function barOption(chart, view) {
  const names = chart.categories.map((name) => (view.horizontal ? shortened(name, view) : name));
  const category = categoryAxis(names, view.horizontal ? '' : chart.x_axis, view);
  const value = valueAxis(view.horizontal ? chart.y_axis : '', view, true);
  return {
    ...commonOption(chart, view),
    grid: grid(chart, view),
    xAxis: view.horizontal ? value : category,
    yAxis: view.horizontal ? { ...category, inverse: true } : value,
    tooltip: { ...tooltip(view), formatter: (hit) => tipAtBar(chart, view, hit) },
    legend: exportLegend(chart, view),
    series: [...view.visible].map((i, slot) => barSeries(chart.series[i], i, slot, view)),
  };
}

// Wrapped to a third of the width; what does not fit into two lines ends in dots, and is whole in the tooltip.
function shortened(name, view) {
  const length = Math.max(12, Math.floor((view.width * 0.36) / CHARACTER));
  const lines = wrapped(name, length)
    .split('\n')
    .map((line) => (line.length > length ? line.slice(0, length - 1) + '…' : line));
  return lines.slice(0, 2).join('\n') + (lines.length > 2 ? '…' : '');
}

function barSeries(series, i, slot, view) {
  const place = view.horizontal ? { y: 0, x: [1, 2, 3] } : { x: 0, y: [1, 2, 3] };
  return {
    id: 's' + i,
    name: 's' + i,
    type: 'custom',
    z: 3,
    itemStyle: { color: view.styles[i].colour, opacity: series.control ? 0.45 : 1 },
    encode: place,
    data: series.x.map((x, at) => [x, series.y[at], series.low[at] ?? null, series.high[at] ?? null]),
    renderItem: (params, api) => barShape(series, slot, view, view.styles[i], api),
    emphasis: { focus: 'series' },
  };
}

function barShape(series, slot, view, style, api) {
  const category = api.value(0);
  const value = api.value(1);
  if (!isNumber(value)) {
    return undefined;
  }
  const point = (number) => (view.horizontal ? api.coord([number, category]) : api.coord([category, number]));
  const band = view.horizontal ? api.size([0, 1])[1] : api.size([1, 0])[0];
  const thickness = Math.min(44, (band * 0.78) / view.visible.size);
  const offset = (slot - (view.visible.size - 1) / 2) * thickness;
  const children = [bar(point(0), point(value), offset, thickness * 0.88, series, view, style)];
  const [low, high] = [api.value(2), api.value(3)];
  if (isNumber(low) && isNumber(high)) {
    children.push(...whisker(point(low), point(high), offset, Math.min(5, thickness * 0.3), view));
  }
  return { type: 'group', children };
}

function bar(zero, end, offset, thickness, series, view, style) {
  const shape = view.horizontal
    ? {
        x: Math.min(zero[0], end[0]),
        width: Math.abs(end[0] - zero[0]),
        y: end[1] + offset - thickness / 2,
        height: thickness,
      }
    : {
        y: Math.min(zero[1], end[1]),
        height: Math.abs(end[1] - zero[1]),
        x: end[0] + offset - thickness / 2,
        width: thickness,
      };
  const outline = series.control ? { stroke: style.colour, lineWidth: 1.2, lineDash: [4, 3] } : {};
  return { type: 'rect', shape, style: { fill: style.colour, fillOpacity: series.control ? 0.25 : 0.9, ...outline } };
}

// A line between the ends with a cap on either.
function whisker(low, high, offset, cap, view) {
  const style = { stroke: view.theme.text, lineWidth: 1.2, opacity: 0.85 };
  const along = (from, to) => ({ type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style });
  const moved = (point, by) =>
    view.horizontal ? [point[0], point[1] + offset + by] : [point[0] + offset + by, point[1]];
  return [
    along(moved(low, 0), moved(high, 0)),
    along(moved(low, -cap), moved(low, cap)),
    along(moved(high, -cap), moved(high, cap)),
  ];
}

function tipAtBar(chart, view, hit) {
  const i = Number(hit.seriesId.slice(1));
  const series = chart.series[i];
  const at = hit.dataIndex;
  return tip(chart.categories[series.x[at]] ?? '', [
    { name: series.name, colour: view.styles[i].colour, value: pointWords(series, at) },
  ]);
}
