package entropylens.cli.report;

import entropylens.study.report.Chart;
import entropylens.study.report.Chart.Kind;
import entropylens.study.report.Chart.Series;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// LINE and SCATTER as a picture.
final class XyPicture {
    private static final int WIDTH = 1100;
    private static final int HEIGHT = 640;
    private static final int LEGEND_LINE = 24;
    private static final int LEGEND_WIDTH = 330;
    private static final int TICKS_APART = 74; // as the library has it
    private static final Color CLEAR = new Color(0, 0, 0, 0);
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_DOWN
    };

    private final Chart chart;
    private final List<SeriesStyle> styles;

    XyPicture(Chart chart) {
        this.chart = chart;
        this.styles = SeriesStyle.of(chart);
    }

    BufferedImage draw() {
        int height = Math.max(HEIGHT, 120 + LEGEND_LINE * chart.series().size());
        XYChart picture =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(height)
                        .title(
                                Drawing.wrapped(chart.title(), WIDTH - 80, 1, Drawing.TITLE)
                                        .getFirst())
                        .xAxisTitle(chart.xAxis())
                        .yAxisTitle(chart.yAxis())
                        .build();
        style(picture);
        for (int i = 0; i < styles.size(); i++) {
            bands(picture, i);
        }
        for (int i = 0; i < styles.size(); i++) {
            points(picture, i);
        }
        Drawing drawing = new Drawing(WIDTH, height);
        picture.paint(drawing.graphics(), WIDTH, height);
        return drawing.finished();
    }

    private void style(XYChart picture) {
        var styler = picture.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(Drawing.TITLE);
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        styler.setAxisTickLabelsFont(Drawing.PLAIN);
        styler.setLegendFont(Drawing.PLAIN);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(Drawing.GRID);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendSeriesLineLength(44);
        styler.setMarkerSize(chart.kind() == Kind.LINE ? 7 : 6);
        wholeNumbersOnly(styler);
        if (chart.kind() == Kind.LINE && startsAtZero()) {
            styler.setYAxisMin(0.0);
        }
    }

    /// No ticks between whole numbers where all points are at such: between blocks there is
    /// nothing. The least distance of ticks is a little less than that of two numbers.
    private void wholeNumbersOnly(AxesChartStyler styler) {
        double[] x =
                chart.series().stream().flatMapToDouble(one -> DoubleStream.of(one.x())).toArray();
        DoubleSummaryStatistics span = DoubleStream.of(x).summaryStatistics();
        if (DoubleStream.of(x).allMatch(at -> at == Math.rint(at))
                && span.getMax() > span.getMin()) {
            double apart = (WIDTH - LEGEND_WIDTH) / (span.getMax() - span.getMin());
            styler.setXAxisTickMarkSpacingHint(Math.max(TICKS_APART, (int) (0.8 * apart)));
        }
    }

    /// Whether an axis from zero wastes less than half of the picture.
    private boolean startsAtZero() {
        double[] values =
                chart.series().stream()
                        .flatMapToDouble(one ->
                                DoubleStream.concat(
                                        DoubleStream.of(one.y()),
                                        DoubleStream.concat(
                                                DoubleStream.of(one.low()),
                                                DoubleStream.of(one.high()))))
                        .filter(Double::isFinite)
                        .toArray();
        double least = DoubleStream.of(values).min().orElse(0);
        return least >= 0 && least < 0.5 * DoubleStream.of(values).max().orElse(0);
    }

    /// The area between low and high: one polygon per stretch without a gap, out along the top and
    /// back along the bottom.
    private void bands(XYChart picture, int i) {
        Series one = chart.series().get(i);
        List<Double> x = new ArrayList<>();
        List<Double> high = new ArrayList<>();
        List<Double> low = new ArrayList<>();
        for (int at = 0; at <= one.low().length; at++) {
            boolean known =
                    at < one.low().length
                            && Double.isFinite(one.low()[at])
                            && Double.isFinite(one.high()[at]);
            if (known) {
                x.add(one.x()[at]);
                high.add(one.high()[at]);
                low.add(one.low()[at]);
            } else if (!x.isEmpty()) {
                band(picture, "band %d %d".formatted(i, at), x, high, low, styles.get(i));
                x.clear();
                high.clear();
                low.clear();
            }
        }
    }

    private void band(
            XYChart picture,
            String name,
            List<Double> x,
            List<Double> high,
            List<Double> low,
            SeriesStyle style) {
        List<Double> aroundX = new ArrayList<>(x);
        aroundX.addAll(x.reversed());
        List<Double> aroundY = new ArrayList<>(high);
        aroundY.addAll(low.reversed());
        XYSeries area = picture.addSeries(name, aroundX, aroundY);
        area.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        area.setFillColor(style.fill(style.control() ? 0.06 : 0.14));
        area.setLineColor(CLEAR);
        area.setMarker(SeriesMarkers.NONE);
        area.setShowInLegend(false);
    }

    private void points(XYChart picture, int i) {
        Series one = chart.series().get(i);
        SeriesStyle style = styles.get(i);
        if (one.y().length == 0) {
            return; // XChart draws no series without points
        }
        // names may appear twice; XChart tells series apart by this one
        XYSeries series = picture.addSeries("series " + i, finite(one.x()), finite(one.y()));
        series.setLabel(
                Drawing.wrapped(one.name(), LEGEND_WIDTH - 60.0, 1, Drawing.PLAIN).getFirst());
        series.setLineColor(style.line());
        series.setLineStyle(style.stroke());
        series.setMarkerColor(chart.kind() == Kind.SCATTER ? style.fill(0.75) : style.line());
        series.setMarker(marker(style));
        series.setXYSeriesRenderStyle(
                chart.kind() == Kind.LINE ? XYSeriesRenderStyle.Line : XYSeriesRenderStyle.Scatter);
    }

    private Marker marker(SeriesStyle style) {
        if (style.control()) {
            return chart.kind() == Kind.LINE ? SeriesMarkers.NONE : SeriesMarkers.CROSS;
        }
        return MARKERS[style.member() % MARKERS.length];
    }

    /// What is not finite becomes NaN, which is a gap.
    private static List<Double> finite(double[] values) {
        List<Double> finite = new ArrayList<>(Collections.nCopies(values.length, Double.NaN));
        for (int at = 0; at < values.length; at++) {
            if (Double.isFinite(values[at])) {
                finite.set(at, values[at]);
            }
        }
        return finite;
    }
}
