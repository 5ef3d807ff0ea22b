package entropylens.result;

import entropylens.lens.Statistic;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The profile as CSV (RFC 4180): one line per sample, token, point of the stream and layer, with
/// every statistic.
public final class ProfileCsv {
    private ProfileCsv() {}

    /// Writes a header and the lines.
    public static void print(ProfileResult result, PrintWriter out) {
        out.print(String.join(",", header(result)) + "\r\n");
        for (int sample = 0; sample < result.texts().size(); sample++) {
            List<Lines> points = new ArrayList<>();
            for (StreamPoint point : result.points()) {
                points.add(new Lines(result.at(point), sample));
            }
            for (int row = 0; row < result.texts().get(sample).positions(); row++) {
                for (Lines lines : points) {
                    lines.print(row, out);
                }
            }
        }
    }

    /// The lines of one text at one point.
    private static final class Lines {
        private final ProfileResult result;
        private final int sample;
        private final TextProfile one;
        private final List<double[][]> tables;
        private final double[][] entropy;

        Lines(ProfileResult result, int sample) {
            this.result = result;
            this.sample = sample;
            this.one = result.texts().get(sample);
            this.tables = result.beside().stream().map(one::table).toList();
            this.entropy = result.profile(one).entropy();
        }

        void print(int row, PrintWriter out) {
            for (int layer = 0; layer < one.layers(); layer++) {
                List<Object> cells = new ArrayList<>();
                cells.add(sample + 1);
                cells.add(row + 1);
                cells.add(row * result.windows() / one.positions() + 1);
                cells.add(one.firstPosition() + row);
                cells.add(empty(one.next(row)));
                if (namesPoints(result)) {
                    cells.add(one.point().word());
                }
                if (namesLens(result)) {
                    cells.add(result.request().lens().kind());
                }
                cells.add(result.layerNumber(layer));
                cells.add((float) result.depth(layer));
                cells.add(shown(Statistic.ENTROPY, entropy[row][layer]));
                for (int i = 0; i < tables.size(); i++) {
                    cells.add(shown(result.beside().get(i), tables.get(i)[row][layer]));
                }
                top(cells, result, one, row * one.layers() + layer);
                out.print(String.join(",", cells.stream().map(String::valueOf).toList()));
                out.print("\r\n");
            }
        }
    }

    /// Whether there is a column `point`: without it, lines are of the stream after the blocks.
    private static boolean namesPoints(ProfileResult result) {
        return !result.request().points().equals(List.of(StreamPoint.RESID_POST));
    }

    /// Whether there is a column `lens`: without it, lines are of the logit lens.
    private static boolean namesLens(ProfileResult result) {
        return !result.request().lens().isLogit();
    }

    private static List<String> header(ProfileResult result) {
        List<String> names = new ArrayList<>();
        names.addAll(List.of("sample", "token", "window", "position", "next_id"));
        if (namesPoints(result)) {
            names.add("point");
        }
        if (namesLens(result)) {
            names.add("lens");
        }
        names.addAll(List.of("layer", "depth", "entropy"));
        result.beside().forEach(statistic -> names.add(statistic.name()));
        for (int k = 1; k <= result.request().readout().topK(); k++) {
            names.add("top_" + k + "_id");
            names.add("top_" + k + "_probability");
        }
        return names;
    }

    private static void top(List<Object> cells, ProfileResult result, TextProfile one, int at) {
        for (int k = 0; k < result.request().readout().topK(); k++) {
            cells.add(one.readouts().topIds()[at][k]);
            cells.add(one.readouts().topProbabilities()[at][k]);
        }
    }

    /// Empty where it is absent or not finite.
    private static Object shown(Statistic statistic, double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return statistic.isCount() ? (Object) (long) value : (Object) (float) value;
    }

    private static Object empty(OptionalInt id) {
        return id.isPresent() ? id.getAsInt() : "";
    }
}
