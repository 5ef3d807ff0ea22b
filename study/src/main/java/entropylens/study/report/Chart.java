package entropylens.study.report;

import java.util.Arrays;
import java.util.List;

/// A chart.
///
/// @param id short, of letters, digits and hyphens; names its files
/// @param title what it shows
/// @param caption how to read it, and what is to be seen
/// @param kind how it is drawn
/// @param xAxis name and unit
/// @param yAxis name and unit
/// @param categories names of the places on the x axis (BAR, HEATMAP); empty where x is a number
/// @param rows names of the rows of a HEATMAP, top first; empty otherwise
/// @param series what is drawn; a HEATMAP has one, whose y holds row after row
public record Chart(
        String id,
        String title,
        String caption,
        Kind kind,
        String xAxis,
        String yAxis,
        List<String> categories,
        List<String> rows,
        List<Series> series) {
    /// How a chart is drawn.
    public enum Kind {
        /// Lines over a number, with a band where there are low and high.
        LINE,
        /// Points.
        SCATTER,
        /// Bars over categories, with an error bar where there are low and high.
        BAR,
        /// Cells of categories × rows, coloured by value.
        HEATMAP
    }

    public Chart {
        categories = List.copyOf(categories);
        rows = List.copyOf(rows);
        series = List.copyOf(series);
        if (!id.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("a chart's id is of a-z, 0-9 and -, but is " + id);
        }
    }

    /// One line, cloud of points or set of bars.
    ///
    /// @param name as in the legend
    /// @param group what is drawn in one colour: a family, a condition; equal to the name if
    ///   nothing is shared
    /// @param control whether it is a control (untrained, shuffled …), drawn dashed or pale
    /// @param x numbers, or indices of categories
    /// @param y values
    /// @param low lower end of the band or error bar; empty if there is none
    /// @param high upper end
    public record Series(
            String name,
            String group,
            boolean control,
            double[] x,
            double[] y,
            double[] low,
            double[] high) {
        public Series {
            x = x.clone();
            y = y.clone();
            low = low.clone();
            high = high.clone();
            if (low.length != high.length || (low.length > 0 && low.length != y.length)) {
                throw new IllegalArgumentException(
                        "series '%s' has %d values, but %d lower and %d upper ends"
                                .formatted(name, y.length, low.length, high.length));
            }
        }

        public static Series of(String name, String group, double[] x, double[] y) {
            return new Series(name, group, false, x, y, new double[0], new double[0]);
        }

        public Series with(double[] low, double[] high) {
            return new Series(name, group, control, x, y, low, high);
        }

        public Series asControl() {
            return new Series(name, group, true, x, y, low, high);
        }

        @Override
        public String toString() {
            return name + Arrays.toString(y);
        }
    }
}
