package entropylens.cli.report;

import entropylens.study.report.Chart;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// HEATMAP as a picture, with the values in the cells. Drawn by hand: XChart writes all values in
/// one colour, which cannot be read on both ends of a scale.
final class HeatmapPicture {
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_COLUMN = 110;
    private static final int CELL_HEIGHT = 30;
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final int[] SEQUENTIAL = {0xf4f8fc, 0xc3dbee, 0x73b2d8, 0x2171b5, 0x08306b};
    private static final int[] DIVERGING = {0xa34500, 0xe8965a, 0xf7f7f7, 0x6aaed6, 0x08519c};

    private final Chart chart;
    private final double[] values;
    private final int left;
    private final int cell;
    private final int width;
    private final int top;
    private final int bottom;
    private final int names;
    private final double least;
    private final double most;
    private final int[] colours;
    private final Drawing drawing;

    HeatmapPicture(Chart chart) {
        this.chart = chart;
        this.values = chart.series().getFirst().y();
        int columns = Math.max(1, chart.categories().size());
        left = 50 + (int) widest(chart.rows(), LONGEST_NAME);
        cell = Math.clamp(780 / columns, 26, 90);
        width = Math.max(720, left + cell * columns + 40);
        top = 30 + 22 * title().size();
        bottom = top + chart.rows().size() * CELL_HEIGHT;
        double lowest = finite().min().orElse(0);
        double highest = finite().max().orElse(1);
        boolean bothSides = lowest < 0 && highest > 0;
        double size = Math.max(-lowest, highest);
        least = bothSides ? -size : lowest;
        most = bothSides ? size : highest > lowest ? highest : lowest + 1;
        colours = bothSides ? DIVERGING : SEQUENTIAL;
        names = tilted() ? 20 + (int) (0.6 * widest(chart.categories(), LONGEST_COLUMN)) : 30;
        drawing = new Drawing(width, bottom + names + 84);
    }

    BufferedImage draw() {
        List<String> title = title();
        for (int line = 0; line < title.size(); line++) {
            drawing.text(title.get(line), 24, 32 + 22 * line, 0, Drawing.TITLE, Drawing.INK);
        }
        names();
        for (int at = 0; at < values.length; at++) {
            cell(at);
        }
        scale();
        return drawing.finished();
    }

    private List<String> title() {
        return Drawing.wrapped(chart.title(), 672, 2, Drawing.TITLE);
    }

    private DoubleStream finite() {
        return DoubleStream.of(values).filter(Double::isFinite);
    }

    private static double widest(List<String> names, int limit) {
        double widest =
                names.stream()
                        .mapToDouble(name -> Drawing.width(name, Drawing.PLAIN))
                        .max()
                        .orElse(0);
        return Math.min(limit, widest);
    }

    private boolean tilted() {
        return widest(chart.categories(), LONGEST_COLUMN) > cell - 6;
    }

    private void names() {
        for (int row = 0; row < chart.rows().size(); row++) {
            String name =
                    Drawing.wrapped(chart.rows().get(row), LONGEST_NAME, 1, Drawing.PLAIN)
                            .getFirst();
            double y = top + (row + 0.5) * CELL_HEIGHT + 5;
            drawing.text(name, left - 10, y, 1, Drawing.PLAIN, Drawing.INK);
        }
        for (int column = 0; column < chart.categories().size(); column++) {
            String name =
                    Drawing.wrapped(
                                    chart.categories().get(column),
                                    LONGEST_COLUMN,
                                    1,
                                    Drawing.PLAIN)
                            .getFirst();
            double x = left + (column + 0.5) * cell;
            if (tilted()) {
                drawing.tilted(name, x + 6, bottom + 16, Drawing.PLAIN, Drawing.INK);
            } else {
                drawing.text(name, x, bottom + 20, 0.5, Drawing.PLAIN, Drawing.INK);
            }
        }
    }

    private void cell(int at) {
        int columns = chart.categories().size();
        double x = left + at % columns * (double) cell;
        double y = top + at / columns * (double) CELL_HEIGHT;
        if (!Double.isFinite(values[at])) {
            drawing.text("–", x + cell / 2.0, y + 19, 0.5, SMALL, Drawing.FAINT);
            return;
        }
        Color colour = colour((values[at] - least) / (most - least));
        drawing.fill(new Rectangle2D.Double(x + 1, y + 1, cell - 2, CELL_HEIGHT - 2), colour);
        String text = text(values[at]);
        if (Drawing.width(text, SMALL) < cell - 3) {
            drawing.text(text, x + cell / 2.0, y + 19, 0.5, SMALL, inkOn(colour));
        }
    }

    /// Digits that tell a hundredth of the span apart, three at most.
    private String text(double value) {
        int decimals = (int) Math.clamp(2 - Math.floor(Math.log10(most - least)), 0, 3);
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return (Double.parseDouble(text) == 0 ? text.replace("-", "") : text).replace('-', '−');
    }

    private void scale() {
        drawing.text(chart.xAxis(), left, bottom + names + 16, 0, Drawing.PLAIN, Drawing.INK);
        double y = bottom + names + 48;
        for (int step = 0; step < 200; step++) {
            drawing.fill(new Rectangle2D.Double(left + step, y, 1.5, 12), colour(step / 199.0));
        }
        drawing.text(text(least), left - 8, y + 11, 1, Drawing.PLAIN, Drawing.FAINT);
        drawing.text(text(most), left + 208, y + 11, 0, Drawing.PLAIN, Drawing.FAINT);
        double after = left + 222 + Drawing.width(text(most), Drawing.PLAIN);
        String unit =
                Drawing.wrapped(chart.yAxis(), width - after - 20, 1, Drawing.PLAIN).getFirst();
        drawing.text(unit, after, y + 11, 0, Drawing.PLAIN, Drawing.INK);
    }

    private Color colour(double share) {
        double at = Math.clamp(share, 0.0, 1.0) * (colours.length - 1);
        int below = Math.min(colours.length - 2, (int) at);
        return SeriesStyle.mixed(
                new Color(colours[below]), new Color(colours[below + 1]), at - below);
    }

    private static Color inkOn(Color colour) {
        double light =
                0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue();
        return light > 140 ? new Color(0x11, 0x11, 0x11) : Color.WHITE;
    }
}
