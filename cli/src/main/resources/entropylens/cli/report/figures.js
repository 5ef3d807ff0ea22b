// A chart with all that belongs to it: title, buttons, plot, legend, caption, numbers.

const figures = [];
const PRINT_WIDTH = 660;
const ROWS_SHOWN = 500;

function chartView(chart, given) {
  const visible = inOrder(given.visible);
  const horizontal = chart.kind === 'bar' && barsLie(chart, given.width - (given.exported ? 300 : 60));
  return {
    ...given,
    visible,
    horizontal,
    exported: given.exported ?? false,
    legendWidth: given.exported ? exportLegendWidth(chart) : 0,
    styles: seriesStyles(chart, given.order, given.theme),
  };
}

function chartOption(chart, view) {
  return { line: lineOption, scatter: scatterOption, bar: barOption, heatmap: heatmapOption }[chart.kind](chart, view);
}

function chartHeight(chart, view) {
  const plain = view.width < 480 ? 320 : 400;
  return { line: plain, scatter: plain, bar: barHeight(chart, view), heatmap: heatmapHeight(chart, view) }[chart.kind];
}

class Figure {
  constructor(chart, order) {
    this.chart = chart;
    this.order = order;
    this.state = { visible: new Set(chart.kind === 'heatmap' ? [0] : chart.series.keys()) };
    this.plot = element('div', { class: 'plot', role: 'img', 'aria-label': plotWords(chart) });
    this.scroller = element(
      'div',
      { class: 'plot-scroller', tabindex: chart.kind === 'heatmap' ? 0 : null },
      this.plot,
    );
    this.legendPlace = element('div', { class: 'legend-place' });
    this.element = this.assembled();
    this.width = 0;
    figures.push(this);
  }

  assembled() {
    const { chart } = this;
    return element(
      'figure',
      { id: 'chart-' + chart.id, class: chart.series.length > 6 && chart.kind !== 'heatmap' ? 'many' : null },
      element('div', { class: 'figure-head' }, element('h3', {}, chart.title), this.buttons()),
      element('div', { class: 'figure-body' }, this.scroller, this.legendPlace),
      element('figcaption', {}, chart.caption),
      dataDetails(() => chartData(chart)),
    );
  }

  buttons() {
    const { chart } = this;
    const save = (format) => () => savePicture(chart, this.state.visible, this.order, format);
    return element(
      'div',
      { class: 'buttons' },
      button('PNG', 'Save “' + chart.title + '” as PNG', save('png')),
      button('SVG', 'Save “' + chart.title + '” as SVG', save('svg')),
      button('CSV', 'Save the data of “' + chart.title + '” as CSV', () => saveChartData(chart)),
    );
  }

  // Draws anew, for this theme, as wide as there is room.
  draw(theme, printing) {
    const room = printing ? PRINT_WIDTH : this.scroller.clientWidth;
    const least = this.chart.kind === 'heatmap' && !printing ? heatmapLeastWidth(this.chart) : 0;
    this.width = room;
    const view = chartView(this.chart, { ...this.state, order: this.order, theme, width: Math.max(room, least, 240) });
    const size = { width: view.width, height: chartHeight(this.chart, view) };
    this.plot.style.width = size.width + 'px';
    this.plot.style.height = size.height + 'px';
    this.instance ??= echarts.init(this.plot, null, { renderer: 'svg', ...size });
    this.instance.resize({ ...size, silent: true });
    this.instance.setOption(chartOption(this.chart, view), { notMerge: true });
    // a printer does not wait for the next frame
    this.instance.getZr().flush();
    this.drawLegend(view, theme, printing);
  }

  drawLegend(view, theme, printing) {
    if (this.chart.kind === 'heatmap') {
      return;
    }
    const changed = (visible) => {
      this.state.visible = visible;
      this.draw(theme, printing);
    };
    const pointed = (i, on) => this.instance.dispatchAction({ type: on ? 'highlight' : 'downplay', seriesId: 's' + i });
    replaceKeepingFocus(this.legendPlace, legend(this.chart, this.state, view.styles, changed, pointed));
  }
}

// Who works with the keyboard stays where they were, and a long list stays scrolled.
function replaceKeepingFocus(place, replacement) {
  const buttons = [...place.querySelectorAll('button')];
  const focused = buttons.indexOf(document.activeElement);
  const scrolled = place.firstChild?.scrollTop ?? 0;
  place.replaceChildren(replacement);
  replacement.scrollTop = scrolled;
  if (focused >= 0) {
    place.querySelectorAll('button')[focused].focus({ preventScroll: true });
  }
}

function plotWords(chart) {
  const kinds = { line: 'Line chart', scatter: 'Scatter plot', bar: 'Bar chart', heatmap: 'Heat map' };
  const what =
    chart.kind === 'heatmap'
      ? chart.rows.length + ' rows by ' + chart.categories.length + ' columns'
      : chart.series.length + ' series: ' + chart.y_axis + ' over ' + chart.x_axis;
  return kinds[chart.kind] + ': ' + chart.title + '. ' + what + '. The numbers are under “Show data”.';
}

// Filled when it is opened: a page may have hundreds of thousands of numbers.
function dataDetails(data) {
  const details = element('details', { class: 'data' }, element('summary', {}, 'Show data'));
  const fill = () => {
    if (details.open && details.children.length === 1) {
      const { columns, rows } = data();
      const note =
        rows.length > ROWS_SHOWN
          ? element(
              'p',
              { class: 'faint' },
              'The first ' + ROWS_SHOWN + ' of ' + rows.length + ' rows; the CSV has all.',
            )
          : null;
      details.append(
        element('div', { class: 'table-scroller', tabindex: 0 }, plainTable(columns, rows.slice(0, ROWS_SHOWN))),
        ...(note ? [note] : []),
      );
    }
  };
  details.addEventListener('toggle', fill);
  return details;
}

function plainTable(columns, rows) {
  const cells = (row) =>
    row.map((value) =>
      element(
        'td',
        { class: typeof value === 'number' ? 'number' : null },
        typeof value === 'number' ? short(value) : String(value ?? NOTHING),
      ),
    );
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        columns.map((name) => element('th', { scope: 'col' }, name)),
      ),
    ),
    element(
      'tbody',
      {},
      rows.map((row) => element('tr', {}, cells(row))),
    ),
  );
}
