// What a chart is saved as: a picture (light, with title and legend, whatever the page looks like), or its numbers.

const PICTURE_WIDTH = 1100;

function savePicture(chart, visible, order, format) {
  const theme = THEMES.light;
  const view = chartView(chart, { visible, order, theme, width: PICTURE_WIDTH, exported: true });
  const height = Math.max(chartHeight(chart, view) + 120, exportLegendHeight(chart));
  const place = element('div');
  const instance = echarts.init(place, null, {
    renderer: format === 'svg' ? 'svg' : 'canvas',
    width: PICTURE_WIDTH,
    height,
    devicePixelRatio: 2,
  });
  instance.setOption(chartOption(chart, view));
  if (format === 'svg') {
    const address = instance.getDataURL();
    finished(instance, chart.id + '.svg', decodeURIComponent(address.slice(address.indexOf(',') + 1)), 'image/svg+xml');
  } else {
    const canvas = instance.getRenderedCanvas({ pixelRatio: 2, backgroundColor: theme.surface });
    canvas.toBlob((content) => finished(instance, chart.id + '.png', content, 'image/png'), 'image/png');
  }
}

function finished(instance, name, content, type) {
  download(name, content, type);
  instance.dispose();
  announce('Saved ' + name);
}

function saveChartData(chart) {
  const { columns, rows } = chartData(chart);
  download(chart.id + '.csv', csv([columns, ...rows]), 'text/csv;charset=utf-8');
  announce('Saved ' + chart.id + '.csv');
}

// All numbers of a chart, those of hidden series too.
function chartData(chart) {
  return chart.kind === 'heatmap' ? heatmapData(chart) : seriesData(chart);
}

function heatmapData(chart) {
  const values = chart.series[0].y;
  const columns = chart.categories.length;
  return {
    columns: ['row', 'column', 'value'],
    rows: values.map((value, at) => [chart.rows[Math.floor(at / columns)], chart.categories[at % columns], value]),
  };
}

function seriesData(chart) {
  const named = chart.kind === 'bar';
  return {
    columns: ['series', 'group', 'control', named ? 'category' : 'x', 'y', 'low', 'high'],
    rows: chart.series.flatMap((series) =>
      series.x.map((x, at) => [
        series.name,
        series.group,
        series.control,
        named ? chart.categories[x] : x,
        series.y[at],
        series.low[at] ?? null,
        series.high[at] ?? null,
      ]),
    ),
  };
}
