package entropylens.cli;

import entropylens.lens.EntropyProfile;
import entropylens.lens.StreamPoint;
import entropylens.result.ProfileResult;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The profile as a picture: mean entropy over relative depth with its spread, blue where a block
/// expands, orange where it prunes. Of several points of the stream, a line each.
final class ProfilePlot {
    private static final Color EXPANSION = new Color(0x1f, 0x77, 0xd0);
    private static final Color PRUNING = new Color(0xe6, 0x6f, 0x00);
    private static final Color UNCHANGED = new Color(0x77, 0x77, 0x77);
    private static final Color BAND = new Color(0x80, 0x80, 0x80, 0x38);

    /// By point of the stream, told apart by the colour-blind as well (Okabe and Ito).
    private static final Color[] LINES = {
        new Color(0x56, 0xb4, 0xe9),
        new Color(0xe6, 0x9f, 0x00),
        new Color(0x00, 0x9e, 0x73),
        new Color(0xcc, 0x79, 0xa7),
        new Color(0x00, 0x00, 0x00)
    };

    private ProfilePlot() {}

    static void write(ProfileResult result, OutputStream out) throws IOException {
        System.setProperty("java.awt.headless", "true");
        try {
            BitmapEncoder.saveBitmap(chart(result), out, BitmapEncoder.BitmapFormat.PNG);
        } catch (LinkageError | InternalError e) {
            throw new CliException(
                    "--plot: this machine has no fonts to draw with (%s); install fontconfig and a font, for example DejaVu"
                            .formatted(e),
                    e);
        }
    }

    private static XYChart chart(ProfileResult result) {
        XYChart chart =
                new XYChartBuilder()
                        .width(1200)
                        .height(720)
                        .title(title(result))
                        .xAxisTitle("relative depth l / L")
                        .yAxisTitle("entropy of the next-token distribution, " + result.unit())
                        .build();
        style(chart);
        if (result.points().size() > 1) {
            result.points().forEach(point -> line(chart, result.at(point)));
            return chart;
        }
        double[] depth = depths(result);
        double[] mean = result.mean();
        band(chart, result, depth, mean, result.spread());
        steps(chart, "expansion (ΔH > 0)", EXPANSION, 1, depth, mean);
        steps(chart, "pruning (ΔH < 0)", PRUNING, -1, depth, mean);
        steps(chart, "no change", UNCHANGED, 0, depth, mean);
        points(chart, depth, mean);
        return chart;
    }

    private static double[] depths(ProfileResult result) {
        double[] depth = new double[result.layers()];
        for (int l = 0; l < depth.length; l++) {
            depth[l] = result.depth(l);
        }
        return depth;
    }

    private static void line(XYChart chart, ProfileResult result) {
        XYSeries series = chart.addSeries(result.point().word(), depths(result), result.mean());
        series.setLineColor(LINES[result.point().ordinal()]);
        series.setMarkerColor(LINES[result.point().ordinal()]);
        series.setLineStyle(new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setMarker(SeriesMarkers.CIRCLE);
    }

    static String title(ProfileResult result) {
        int blocks = result.loaded().model().config().nLayers();
        var skipped = result.request().intervention().skipped();
        var scaled = result.request().intervention().scaled();
        return String.format(
                Locale.ROOT,
                "%s%s%s, %d %s%s%s: entropy profile%s over %s",
                Columns.name(result.modelName()),
                AdapterOptions.shown(result.loaded()),
                LoadingOptions.untrained(result.loaded()).map(how -> " (" + how + ")").orElse(""),
                blocks,
                blocks == 1 ? "block" : "blocks",
                skipped.isEmpty() ? "" : " without " + skipped.size(),
                (scaled.isEmpty() ? "" : ", scaled " + scaled.size())
                        + (result.patched().isPresent() ? ", patched" : "")
                        + LensOption.shown(result.request().lens())
                                .map(lens -> ", " + lens)
                                .orElse(""),
                result.points().equals(List.of(StreamPoint.RESID_POST)) ? "" : at(result),
                result.texts().size() > 1
                        ? result.texts().size() + " samples"
                        : result.texts().getFirst().positions() + " tokens");
    }

    private static String at(ProfileResult result) {
        return " at " + String.join(", ", result.points().stream().map(StreamPoint::word).toList());
    }

    private static void style(XYChart chart) {
        var styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setPlotGridLinesColor(new Color(0xe4, 0xe4, 0xe4));
        styler.setYAxisMin(0.0);
        styler.setXAxisMin(0.0);
        styler.setXAxisMax(1.02);
        styler.setXAxisDecimalPattern("0.0");
    }

    /// Mean ± spread, as the outline of an area: out along the top, back along the bottom.
    private static void band(
            XYChart chart, ProfileResult result, double[] depth, double[] mean, double[] spread) {
        int n = depth.length;
        double[] x = new double[2 * n];
        double[] y = new double[2 * n];
        for (int l = 0; l < n; l++) {
            x[l] = depth[l];
            y[l] = mean[l] + spread[l];
            x[2 * n - 1 - l] = depth[l];
            y[2 * n - 1 - l] = Math.max(0, mean[l] - spread[l]);
        }
        XYSeries series =
                chart.addSeries(
                        result.texts().size() > 1
                                ? "± 1 standard deviation over samples"
                                : "± 1 standard deviation over tokens",
                        x,
                        y);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        series.setFillColor(BAND);
        series.setLineColor(new Color(0, 0, 0, 0));
        series.setMarker(SeriesMarkers.NONE);
    }

    /// The steps between layers that go one way; a gap (NaN) where the profile goes the other.
    private static void steps(
            XYChart chart, String name, Color color, int direction, double[] depth, double[] mean) {
        double[] delta = EntropyProfile.delta(mean);
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int l = 0; l < delta.length; l++) {
            if (Math.signum(delta[l]) == direction) {
                x.addAll(List.of(depth[l], depth[l + 1], depth[l + 1]));
                y.addAll(List.of(mean[l], mean[l + 1], Double.NaN));
            }
        }
        if (x.isEmpty()) {
            return;
        }
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(color);
        series.setLineStyle(new BasicStroke(3.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        series.setMarker(SeriesMarkers.NONE);
    }

    private static void points(XYChart chart, double[] depth, double[] mean) {
        XYSeries series = chart.addSeries("layers", depth, mean);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(new Color(0x33, 0x33, 0x33));
        series.setShowInLegend(false);
    }
}
