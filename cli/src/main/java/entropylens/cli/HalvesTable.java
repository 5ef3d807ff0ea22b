package entropylens.cli;

import entropylens.lens.StreamPoint;
import entropylens.result.Halves;
import entropylens.result.ProfileResult;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/// What each half of each block does to the entropy, a line per block, and one sentence.
final class HalvesTable {
    private final ProfileResult result;
    private final Halves halves;
    private final PrintWriter out;
    private final Style style;

    private HalvesTable(ProfileResult result, Halves halves, PrintWriter out, Style style) {
        this.result = result;
        this.halves = halves;
        this.out = out;
        this.style = style;
    }

    /// Prints nothing where the stream was not read before, between and after the halves.
    static void print(ProfileResult result, PrintWriter out, Style style) {
        Halves.of(result, 1)
                .ifPresent(halves -> new HalvesTable(result, halves, out, style).print());
    }

    private void print() {
        double[] before = result.at(StreamPoint.RESID_PRE).mean();
        double[] between = result.at(StreamPoint.RESID_MID).mean();
        double[] attention = halves.attention()[0];
        double[] mlp = halves.mlp()[0];
        out.println();
        out.println(
                style.faint(
                        String.format(
                                Locale.ROOT,
                                "%5s  %10s  %-12s  %10s  %-12s  %10s",
                                "block",
                                "H before",
                                "ΔH attention",
                                "H between",
                                "ΔH MLP",
                                "H after")));
        for (int l = 0; l < attention.length; l++) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "%5d  %10.3f  %s  %10.3f  %s  %10.3f",
                            l + 1,
                            before[l],
                            ProfileTable.change(style, attention[l], 12),
                            between[l],
                            ProfileTable.change(style, mlp[l], 12),
                            between[l] + mlp[l]));
        }
        out.println();
        out.println(sentence("Attention", attention));
        out.println(sentence("The MLP", mlp));
    }

    private static String sentence(String half, double[] change) {
        return String.format(
                Locale.ROOT,
                "%s expands in %d of %s and prunes in %d: %s%.2f in all.",
                half,
                Arrays.stream(change).filter(step -> step > 0).count(),
                ProfileTable.count(change.length, "block"),
                Arrays.stream(change).filter(step -> step < 0).count(),
                Arrays.stream(change).sum() < 0 ? "−" : "+",
                Math.abs(Arrays.stream(change).sum()));
    }
}
