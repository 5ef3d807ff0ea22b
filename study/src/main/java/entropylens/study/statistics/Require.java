package entropylens.study.statistics;

import java.util.Arrays;

/// Refusals that several functions share.
final class Require {
    private Require() {}

    static void that(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(arguments));
        }
    }

    /// At least `least` numbers, all of them finite.
    static void finite(double[] values, int least, String what) {
        that(
                values.length >= least,
                "%s: needs at least %d values, found %d",
                what,
                least,
                values.length);
        for (int i = 0; i < values.length; i++) {
            that(
                    Double.isFinite(values[i]),
                    "%s: value %d is %s, expected a finite number; leave out what could not be"
                            + " measured",
                    what,
                    i,
                    values[i]);
        }
    }

    /// Two series whose elements belong together.
    static void paired(double[] a, double[] b, int least, String what) {
        sameLength(a.length, b.length, what);
        finite(a, least, what + ", first side");
        finite(b, least, what + ", second side");
    }

    static void sameLength(int a, int b, String what) {
        that(a == b, "%s: %d values on one side and %d on the other, expected pairs", what, a, b);
    }

    /// At least one row, rows of one length above 0, all numbers finite.
    static void matrix(double[][] rows, String what) {
        that(rows.length > 0, "%s: there are no rows", what);
        columns(rows, rows[0].length, what);
    }

    /// Rows of `columns` finite numbers; there may be no rows.
    static void columns(double[][] rows, int columns, String what) {
        that(columns > 0, "%s: rows have no values", what);
        for (int i = 0; i < rows.length; i++) {
            that(
                    rows[i].length == columns,
                    "%s: row %d has %d values, expected %d; bring rows to one length first",
                    what,
                    i,
                    rows[i].length,
                    columns);
            finite(rows[i], 1, what + ", row " + i);
        }
    }

    /// A square matrix of distances: symmetric, not negative, 0 on the diagonal.
    static void distances(double[][] distances, String what) {
        matrix(distances, what);
        int n = distances.length;
        that(
                distances[0].length == n,
                "%s: %d rows of %d, expected a square",
                what,
                n,
                distances[0].length);
        for (int i = 0; i < n; i++) {
            that(
                    distances[i][i] == 0,
                    "%s: row %d is %s away from itself",
                    what,
                    i,
                    distances[i][i]);
            for (int j = 0; j < i; j++) {
                that(
                        distances[i][j] >= 0 && distances[i][j] == distances[j][i],
                        "%s: rows %d and %d are %s and %s apart, expected one distance of 0 or more",
                        what,
                        i,
                        j,
                        distances[i][j],
                        distances[j][i]);
            }
        }
    }

    /// Strictly between 0 and 1.
    static void level(double level) {
        that(level > 0 && level < 1, "level is %s, expected between 0 and 1, as 0.95", level);
    }

    static void atLeast(int least, int found, String what) {
        that(found >= least, "%s is %d, expected at least %d", what, found, least);
    }

    /// Labels of `0 .. classes - 1`.
    static void labels(int[] labels, int classes) {
        for (int i = 0; i < labels.length; i++) {
            that(
                    labels[i] >= 0 && labels[i] < classes,
                    "label %d is %d, expected 0 .. %d",
                    i,
                    labels[i],
                    classes - 1);
        }
    }

    /// The number of classes that labels speak of: the largest label + 1.
    static int classes(int[] labels) {
        that(labels.length > 0, "there are no labels");
        int classes = Arrays.stream(labels).max().getAsInt() + 1;
        labels(labels, classes);
        return classes;
    }
}
