package entropylens.cli.report;

import entropylens.study.report.Evidence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a verdict rests on, in words: the same on the page, with scripts or without, and on the
/// terminal. Minus signs are hyphens.
public final class EvidenceWords {
    private static final int DIGITS = 3;

    private EvidenceWords() {}

    /// One part for each thing known, in a fixed order; none where nothing is.
    public static List<String> of(Evidence evidence) {
        List<String> parts = new ArrayList<>();
        if (!evidence.unit().isEmpty()) {
            parts.add("n = %d %s".formatted(evidence.n(), evidence.unit()));
        }
        if (Double.isFinite(evidence.adjusted())) {
            parts.add(
                    "p %s over the run (%s alone: %s)"
                            .formatted(p(evidence.adjusted()), p(evidence.p()), evidence.test()));
        }
        number(parts, "null", evidence.nullLevel());
        number(parts, "untrained twin", evidence.twin());
        if (!evidence.noTwin().isEmpty()) {
            parts.add("untrained twin – (%s)".formatted(evidence.noTwin()));
        }
        number(parts, "worth the name from", evidence.worth());
        number(parts, "detectable from", evidence.detectable());
        if (Double.isFinite(evidence.adjusted()) && !Double.isFinite(evidence.detectable())) {
            parts.add("detectable – (the interval has no width)");
        }
        seeds(parts, evidence.seeds(), evidence.overSeeds());
        return parts;
    }

    private static void number(List<String> parts, String name, double value) {
        if (Double.isFinite(value)) {
            parts.add(name + " " + Numbers.fixed(value, DIGITS));
        }
    }

    private static void seeds(List<String> parts, String what, double[] figures) {
        double[] known = Arrays.stream(figures).filter(Double::isFinite).sorted().toArray();
        if (known.length > 0) {
            parts.add(
                    "%s … %s over %d %s"
                            .formatted(
                                    Numbers.fixed(known[0], DIGITS),
                                    Numbers.fixed(known[known.length - 1], DIGITS),
                                    known.length,
                                    what));
        }
    }

    private static String p(double value) {
        return value < 0.001 ? "< 0.001" : "= " + Numbers.fixed(value, DIGITS);
    }
}
