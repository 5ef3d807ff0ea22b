package entropylens.cli;

import entropylens.lens.EntropyProfile;
import entropylens.lens.TextProfile;
import entropylens.model.DecoderConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// The profile as a table, a line per layer, with a bar and one sentence.
final class ProfileTable {
    private static final int BAR = 24;
    private static final int TEXT = 300;

    private final ProfileResult result;
    private final PrintWriter out;
    private final Style style;

    private ProfileTable(ProfileResult result, PrintWriter out, Style style) {
        this.result = result;
        this.out = out;
        this.style = style;
    }

    static void print(ProfileResult result, PrintWriter out, Style style) {
        ProfileTable table = new ProfileTable(result, out, style);
        table.heading();
        table.text();
        table.rows();
        out.println();
        out.println(ProfileSummary.of(result));
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }

    private void heading() {
        DecoderConfig config = result.loaded().model().config();
        line(
                "%s",
                style.strong(
                        "%s · %s · %d blocks · V %,d · %s"
                                .formatted(
                                        name(),
                                        config.family(),
                                        config.nLayers(),
                                        config.dVocab(),
                                        result.loaded().dtype())));
        line("%s", style.faint(conditions()));
        if (!result.loaded().ignoredConfigKeys().isEmpty()) {
            line(
                    "ignored keys of config.json, not understood: %s",
                    result.loaded().ignoredConfigKeys());
        }
        result.request().intervention().actions().keySet().stream()
                .sorted()
                .forEach(block -> line("block %d (blocks.%d) is skipped", block + 1, block));
    }

    private String name() {
        var file = result.loaded().directory().toAbsolutePath().normalize().getFileName();
        return file == null ? "model" : file.toString();
    }

    private String conditions() {
        TextProfile first = result.texts().getFirst();
        var sampling = result.request().sampling();
        String how =
                sampling.temperature() == 0
                        ? "greedy"
                        : String.format(
                                Locale.ROOT,
                                "temperature %s%s, seed %d",
                                sampling.temperature(),
                                sampling.topP() < 1 ? ", top-p " + sampling.topP() : "",
                                sampling.seed());
        int prompt = first.promptIds().length;
        return result.request().ofPrompt()
                ? "%d prompt tokens, every position · kernels %s"
                        .formatted(prompt, result.loaded().model().kernels().name())
                : "%d prompt tokens, %s, %s · kernels %s"
                        .formatted(
                                prompt, generated(), how, result.loaded().model().kernels().name());
    }

    private String generated() {
        int rows = result.texts().getFirst().rows();
        if (result.texts().size() > 1) {
            return "%d samples of up to %d tokens"
                    .formatted(result.texts().size(), result.request().tokens());
        }
        return rows < result.request().tokens()
                ? "%d generated (the text ended)".formatted(rows)
                : rows + " generated";
    }

    private void text() {
        TextProfile first = result.texts().getFirst();
        String prompt = result.text().decode(first.promptIds());
        String generated = result.text().decode(first.generatedIds());
        if (prompt == null || generated == null) {
            return;
        }
        String shown = printable(prompt) + style.strong(printable(generated));
        line(
                "%s%s",
                result.texts().size() > 1 ? "first sample: " : "",
                shown.length() > TEXT + 40 ? shown.substring(0, TEXT) + "…" : shown);
    }

    /// Control characters would move the cursor of the terminal.
    static String printable(String text) {
        return text.replace("\n", "⏎").replaceAll("\\p{Cntrl}", "·");
    }

    private void rows() {
        double[] mean = result.mean();
        double[] spread = result.spread();
        double[] delta = EntropyProfile.delta(mean);
        double[][] windows =
                result.windows() > 1 ? result.meanWindows(result.windows()) : new double[0][];
        double largest = Math.max(1e-9, java.util.Arrays.stream(mean).max().orElse(1));
        List<ProfileResult.TopToken> top = result.topTokens();
        out.println();
        StringBuilder head = new StringBuilder("layer  depth  ");
        head.append(result.normalized() ? "   H / ln V     " : "    H, nats     ");
        head.append("      ΔH    ");
        for (int w = 0; w < windows.length; w++) {
            head.append(String.format(Locale.ROOT, "%6s  ", "w" + (w + 1)));
        }
        head.append(
                String.format(
                        Locale.ROOT,
                        "%-" + (BAR + 2) + "s",
                        String.format(Locale.ROOT, "0 … %.2f of %.2f", largest, result.maximum())));
        head.append("most frequent top token");
        line("%s", style.faint(head.toString()));
        for (int l = 0; l < mean.length; l++) {
            StringBuilder row = new StringBuilder();
            row.append(
                    String.format(
                            Locale.ROOT,
                            "%5s   %.2f   %6.3f ± %5.3f  ",
                            result.layerNumber(l) == 0 ? "emb" : result.layerNumber(l),
                            result.depth(l),
                            mean[l],
                            spread[l]));
            row.append(l == 0 ? " ".repeat(11) : change(delta[l - 1]));
            for (double[] window : windows) {
                row.append(String.format(Locale.ROOT, "%6.3f  ", window[l]));
            }
            double step = l == 0 ? 0 : delta[l - 1];
            row.append(paint(step, bar(mean[l] / largest))).append("  ");
            row.append(
                    String.format(
                            Locale.ROOT,
                            "%-14s %3.0f %%",
                            quoted(top.get(l).id()),
                            100 * top.get(l).share()));
            line("%s", row);
        }
    }

    private String quoted(int id) {
        return "'" + printable(result.text().token(id)) + "'";
    }

    private String change(double delta) {
        String arrow = delta > 0 ? "▲" : delta < 0 ? "▼" : " ";
        String text =
                String.format(
                        Locale.ROOT, "%s %s%.3f", arrow, delta < 0 ? "−" : "+", Math.abs(delta));
        return paint(delta, text) + " ".repeat(Math.max(1, 11 - text.length()));
    }

    private String paint(double delta, String text) {
        return delta > 0 ? style.expansion(text) : delta < 0 ? style.pruning(text) : text;
    }

    /// A bar of eighths of a character.
    static String bar(double share) {
        int eighths = (int) Math.round(Math.clamp(share, 0, 1) * BAR * 8);
        String full = "█".repeat(eighths / 8);
        String rest = eighths % 8 == 0 ? "" : String.valueOf((char) ('█' + 8 - eighths % 8));
        return full + rest + " ".repeat(BAR - full.length() - rest.length());
    }
}
