package entropylens.bench;

import entropylens.bench.TimeShares.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// One measured row of the table.
///
/// @param what is measured, and of which shape of model
/// @param weights how they are stored
/// @param together texts, rows or heads that run together
/// @param lanes floats in a vector of the JVM that measured
/// @param unit of `rate`, without "a second"
/// @param spread half the distance of the quartiles, as a share of the median
/// @param gflops 10⁹ floating-point operations a second
/// @param gigabytes 10⁹ bytes that must be read, a second
/// @param peaks of the machine, the larger of what was seen just before and just after
/// @param times what threads did meanwhile
record RooflineRow(
        String what,
        String weights,
        int together,
        int lanes,
        String unit,
        double rate,
        double spread,
        double gflops,
        double gigabytes,
        Peaks.Rates peaks,
        Map<Kind, Double> times) {
    private static final String MARK = "ROW";
    private static final String TAB = "\t";

    /// Of the multiply-add peak, or of the bandwidth: the larger, since that one bounds.
    double share() {
        return Math.max(ofPeak(), ofBandwidth());
    }

    boolean boundByArithmetic() {
        return ofPeak() >= ofBandwidth();
    }

    private double ofPeak() {
        return gflops / peaks.gflops();
    }

    private double ofBandwidth() {
        return gigabytes / peaks.gigabytes();
    }

    /// One line, from the process that measures to the one that prints.
    String line() {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                MARK,
                                what,
                                weights,
                                String.valueOf(together),
                                String.valueOf(lanes),
                                unit));
        for (double number :
                new double[] {rate, spread, gflops, gigabytes, peaks.gflops(), peaks.gigabytes()}) {
            words.add(String.valueOf(number));
        }
        for (Kind kind : Kind.values()) {
            words.add(String.valueOf(times.get(kind)));
        }
        return String.join(TAB, words);
    }

    static boolean isLine(String line) {
        return line.startsWith(MARK + TAB);
    }

    static RooflineRow of(String line) {
        String[] words = line.split(TAB, -1);
        double[] n = new double[words.length];
        for (int i = 6; i < words.length; i++) {
            n[i] = Double.parseDouble(words[i]);
        }
        Map<Kind, Double> times = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            times.put(kind, n[12 + kind.ordinal()]);
        }
        return new RooflineRow(
                words[1],
                words[2],
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                words[5],
                n[6],
                n[7],
                n[8],
                n[9],
                new Peaks.Rates(n[10], n[11]),
                times);
    }
}
