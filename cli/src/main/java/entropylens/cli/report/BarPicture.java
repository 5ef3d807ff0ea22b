package entropylens.cli.report;

import entropylens.study.report.Chart;
import entropylens.study.report.Chart.Series;
import java.awt.BasicStroke;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// BAR as a picture: bars lie, so that long names of categories can be read. Drawn by hand:
/// XChart's error bars reach equally far to both sides.
final class BarPicture {
    private static final int WIDTH = 1100;
    private static final int NAMES = 300;
    private static final int LEGEND = 270;
    private static final int RIGHT = 24;
    private static final int GAP = 16;
    private static final BasicStroke THIN = new BasicStroke(1);
    private static final BasicStroke WHISKER = new BasicStroke(1.3f);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    1.3f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0);

    private final Chart chart;
    private final List<SeriesStyle> styles;
    private final int top;
    private final int bar;
    private final int band;
    private final int bottom;
    private final double least;
    private final double most;
    private final double step;
    private final Drawing drawing;

    BarPicture(Chart chart) {
        this.chart = chart;
        this.styles = SeriesStyle.of(chart);
        int count = Math.max(1, styles.size());
        bar = count > 4 ? 14 : 20;
        band = count * bar + GAP;
        top = 34 + 22 * title().size();
        bottom = top + chart.categories().size() * band;
        step = step(extreme(true) - extreme(false));
        least = Math.floor(extreme(false) / step) * step;
        most = Math.ceil(extreme(true) / step) * step;
        drawing = new Drawing(WIDTH, Math.max(bottom + 66, top + 30 + 24 * styles.size()));
    }

    BufferedImage draw() {
        List<String> title = title();
        for (int line = 0; line < title.size(); line++) {
            drawing.text(title.get(line), 24, 34 + 22 * line, 0, Drawing.TITLE, Drawing.INK);
        }
        axis();
        for (int category = 0; category < chart.categories().size(); category++) {
            name(category);
        }
        for (int i = 0; i < styles.size(); i++) {
            bars(i);
            legend(i);
        }
        drawing.line(x(0), top, x(0), bottom, Drawing.INK, THIN);
        return drawing.finished();
    }

    private List<String> title() {
        return Drawing.wrapped(chart.title(), WIDTH - 48, 2, Drawing.TITLE);
    }

    /// The largest or least value to be shown; zero is always among them.
    private double extreme(boolean largest) {
        DoubleStream values =
                chart.series().stream()
                        .flatMap(one -> java.util.stream.Stream.of(one.y(), one.low(), one.high()))
                        .flatMapToDouble(DoubleStream::of)
                        .filter(Double::isFinite);
        DoubleStream all = DoubleStream.concat(DoubleStream.of(0), values);
        return (largest ? all.max() : all.min()).orElse(0);
    }

    /// 1, 2 or 5 times a power of ten, so that there are four to ten steps.
    private static double step(double span) {
        if (span <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(span)) - 1);
        double steps = span / power;
        return power * (steps > 50 ? 10 : steps > 25 ? 5 : 2);
    }

    private double x(double value) {
        double width = WIDTH - NAMES - LEGEND - RIGHT;
        return NAMES + (value - least) / (most - least) * width;
    }

    private void axis() {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        for (long tick = Math.round(least / step); tick <= Math.round(most / step); tick++) {
            double at = x(tick * step);
            drawing.line(at, top, at, bottom, Drawing.GRID, THIN);
            String label = String.format(Locale.ROOT, "%." + decimals + "f", tick * step);
            drawing.text(label, at, bottom + 20, 0.5, Drawing.PLAIN, Drawing.FAINT);
        }
        String name = Drawing.wrapped(chart.yAxis(), 480, 1, Drawing.PLAIN).getFirst();
        drawing.text(name, (x(least) + x(most)) / 2, bottom + 46, 0.5, Drawing.PLAIN, Drawing.INK);
    }

    private void name(int category) {
        List<String> lines =
                Drawing.wrapped(chart.categories().get(category), NAMES - 40, 2, Drawing.PLAIN);
        double middle = top + (category + 0.5) * band;
        for (int line = 0; line < lines.size(); line++) {
            double y = middle + 5 + 17 * (line - (lines.size() - 1) / 2.0);
            drawing.text(lines.get(line), NAMES - 12, y, 1, Drawing.PLAIN, Drawing.INK);
        }
    }

    private void bars(int i) {
        Series one = chart.series().get(i);
        for (int at = 0; at < one.y().length; at++) {
            if (!Double.isFinite(one.y()[at])) {
                continue;
            }
            double y = top + one.x()[at] * band + GAP / 2.0 + i * bar;
            double from = Math.min(x(0), x(one.y()[at]));
            double length = Math.abs(x(one.y()[at]) - x(0));
            block(new Rectangle2D.Double(from, y + 1, length, bar - 2), styles.get(i));
            if (one.low().length > 0 && Double.isFinite(one.low()[at] + one.high()[at])) {
                whisker(x(one.low()[at]), x(one.high()[at]), y + bar / 2.0);
            }
        }
    }

    private void block(Rectangle2D shape, SeriesStyle style) {
        drawing.fill(shape, style.control() ? style.fill(0.2) : style.colour());
        if (style.control()) {
            drawing.outline(shape, style.colour(), DASHED);
        }
    }

    private void whisker(double low, double high, double y) {
        drawing.line(low, y, high, y, Drawing.INK, WHISKER);
        drawing.line(low, y - 4, low, y + 4, Drawing.INK, WHISKER);
        drawing.line(high, y - 4, high, y + 4, Drawing.INK, WHISKER);
    }

    private void legend(int i) {
        double y = top + 8 + 24 * i;
        int left = WIDTH - LEGEND;
        block(new Rectangle2D.Double(left, y, 22, 13), styles.get(i));
        String name =
                Drawing.wrapped(chart.series().get(i).name(), LEGEND - 60, 1, Drawing.PLAIN)
                        .getFirst();
        drawing.text(name, left + 32, y + 12, 0, Drawing.PLAIN, Drawing.INK);
    }
}
