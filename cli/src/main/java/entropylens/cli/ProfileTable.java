package entropylens.cli;

import entropylens.hook.ScaledBlock;
import entropylens.lens.EntropyProfile;
import entropylens.lens.StreamPoint;
import entropylens.lens.TextProfile;
import entropylens.model.DecoderConfig;
import entropylens.model.Sampling;
import entropylens.result.ProfileResult;
import entropylens.result.ProfileSummary;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The profile as a table, a line per layer, with a bar and one sentence.
final class ProfileTable {
    /// Columns that a line takes at most; fewer in a narrow terminal.
    private static final int MAX_WIDTH = 100;

    private static final int MIN_WIDTH = 72;

    /// Columns of everything left of the windows: layer, depth, entropy, change.
    private static final int LEFT = 42;

    private static final int WINDOW = 8;
    private static final int SHARE = 6;
    private static final int MAX_BAR = 24;
    private static final int MIN_BAR = 8;
    private static final int MAX_PROMPT = 120;
    private static final int MAX_GENERATED = 280;

    private final ProfileResult result;
    private final PrintWriter out;
    private final Style style;
    private final int width;

    private ProfileTable(ProfileResult result, PrintWriter out, Style style) {
        this.width = Math.clamp(style.columns(), MIN_WIDTH, MAX_WIDTH);
        this.result = result;
        this.out = out;
        this.style = style;
    }

    static void print(ProfileResult result, PrintWriter out, Style style) {
        ProfileTable table = new ProfileTable(result, out, style);
        table.heading();
        table.text();
        for (StreamPoint point : result.points()) {
            new ProfileTable(result.at(point), out, style).profile();
        }
        HalvesTable.print(result, out, style);
    }

    /// The lines of one point, and what they say.
    private void profile() {
        if (!result.request().points().equals(List.of(StreamPoint.RESID_POST))) {
            line("");
            line(style.strong("at %s: %s".formatted(result.point(), result.point().meaning())));
        }
        rows();
        line("");
        ProfileSummary summary = ProfileSummary.of(result);
        if (result.point().isStream()) {
            Columns.wrapped(summary.changes(), width).forEach(this::line);
        }
        line(summary.peak());
    }

    private void line(String line) {
        out.println(line.stripTrailing());
    }

    private void heading() {
        DecoderConfig config = result.loaded().model().config();
        String model =
                String.format(
                        Locale.ROOT,
                        "%s%s%s · %s · %s · V %,d · %s · kernels %s",
                        Columns.name(result.modelName()),
                        AdapterOptions.shown(result.loaded()),
                        LoadingOptions.untrained(result.loaded())
                                .map(how -> " · " + how)
                                .orElse(""),
                        config.family(),
                        count(config.nLayers(), "block"),
                        config.dVocab(),
                        result.loaded().dtype()
                                + result.loaded()
                                        .quantisation()
                                        .map(how -> " · quantised: " + how)
                                        .orElse(""),
                        result.loaded().model().backend().name());
        Columns.wrapped(model, width).forEach(part -> line(style.strong(part.stripTrailing())));
        Columns.wrapped(conditions(), width)
                .forEach(part -> line(style.faint(part.stripTrailing())));
        LensOption.shown(result.request().lens())
                .ifPresent(
                        lens -> Columns.wrapped("through the " + lens, width).forEach(this::line));
        if (result.loaded().readAs().isPresent()) {
            String named = String.join(", ", result.loaded().architectures());
            line(
                    "read as %s on request; config.json names %s"
                            .formatted(
                                    config.family(), Columns.first(Columns.printable(named), 44)));
        }
        if (!result.loaded().ignoredConfigKeys().isEmpty()) {
            line(
                    "ignored keys of config.json, not understood: "
                            + Columns.printable(result.loaded().ignoredConfigKeys().toString()));
        }
        result.request()
                .intervention()
                .skipped()
                .forEach(block ->
                        line("block %d (blocks.%d) is skipped".formatted(block + 1, block)));
        result.request().intervention().scaled().forEach(block -> line(scaled(block)));
        result.patched().stream()
                .flatMap(patched -> patched.sources().stream())
                .forEach(source ->
                        line(
                                "%s of block %d at position %d is that of the other text at position %d"
                                        .formatted(
                                                source.point().word(),
                                                source.block() + 1,
                                                source.to(),
                                                source.from())));
    }

    private static String scaled(ScaledBlock block) {
        return "block %d (blocks.%d): attention times %s, MLP times %s"
                .formatted(
                        block.layer() + 1,
                        block.layer(),
                        ScaledBlock.shown(block.action().attention()),
                        ScaledBlock.shown(block.action().mlp()));
    }

    private String conditions() {
        String prompt = count(result.texts().getFirst().promptIds().length, "prompt token");
        String measured =
                result.generated()
                        .map(how -> generated(how.tokens()) + ", " + sampling(how.sampling()))
                        .orElse("every position");
        return "%s, %s · ± over %s"
                .formatted(prompt, measured, result.texts().size() > 1 ? "samples" : "tokens");
    }

    private static String sampling(Sampling sampling) {
        return sampling.temperature() == 0
                ? "greedy"
                : "temperature %s%s, seed %d"
                        .formatted(
                                sampling.temperature(),
                                sampling.topP() < 1 ? ", top-p " + sampling.topP() : "",
                                sampling.seed());
    }

    private String generated(int asked) {
        if (result.texts().size() > 1) {
            return "%d samples of up to %s".formatted(result.texts().size(), count(asked, "token"));
        }
        int rows = result.texts().getFirst().positions();
        return rows < asked ? rows + " generated (the text ended)" : rows + " generated";
    }

    static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /// The end of the prompt, and what was generated from it.
    private void text() {
        TextProfile first = result.texts().getFirst();
        String given = result.tokens().decode(first.promptIds());
        String generated = result.tokens().decode(first.generatedIds());
        if (given == null || generated == null) {
            return;
        }
        String prompt =
                (result.texts().size() > 1 ? "first sample: " : "")
                        + Columns.last(Columns.printable(given), MAX_PROMPT);
        int start = 0;
        for (String part :
                Columns.wrapped(
                        prompt + Columns.first(Columns.printable(generated), MAX_GENERATED),
                        width)) {
            int split = Math.clamp(prompt.length() - start, 0, part.length());
            line(part.substring(0, split) + style.strong(part.substring(split).stripTrailing()));
            start += part.length();
        }
    }

    private int barColumns(int windows) {
        return Math.clamp(width - LEFT - WINDOW * windows - 24, MIN_BAR, MAX_BAR);
    }

    private int tokenColumns(int windows) {
        int longest =
                result.topTokens().stream()
                        .mapToInt(top -> Columns.width(quoted(top.id())))
                        .max()
                        .orElse(0);
        int room = width - LEFT - WINDOW * windows - barColumns(windows) - 2 - SHARE;
        return Math.min(Math.max(longest, 14), Math.max(room, 10));
    }

    private void rows() {
        double[] mean = result.mean();
        double[] spread = result.spread();
        double[] delta = EntropyProfile.delta(mean);
        double[][] windows =
                result.windows() > 1 ? result.meanWindows(result.windows()) : new double[0][];
        double largest = Math.max(1e-9, Arrays.stream(mean).max().orElse(1));
        int bar = barColumns(windows.length);
        int tokens = tokenColumns(windows.length);
        List<ProfileResult.TopToken> top = result.topTokens();
        out.println();
        line(style.faint(header(windows.length, largest)));
        for (int l = 0; l < mean.length; l++) {
            double step = l == 0 ? 0 : delta[l - 1];
            StringBuilder row = new StringBuilder();
            row.append(
                    String.format(
                            Locale.ROOT,
                            "%5s   %.2f   %6.3f ± %5.3f  ",
                            result.layerNumber(l) == 0 ? "emb" : result.layerNumber(l),
                            result.depth(l),
                            mean[l],
                            spread[l]));
            row.append(l == 0 ? " ".repeat(11) : change(style, step, 11));
            for (double[] window : windows) {
                row.append(String.format(Locale.ROOT, "%6.3f  ", window[l]));
            }
            row.append(paint(style, step, bar(mean[l] / largest, bar))).append("  ");
            row.append(Columns.padded(Columns.first(quoted(top.get(l).id()), tokens), tokens));
            row.append(String.format(Locale.ROOT, " %3.0f %%", 100 * top.get(l).share()));
            line(row.toString());
        }
    }

    private String header(int windows, double largest) {
        StringBuilder head = new StringBuilder("layer  depth  ");
        head.append(result.normalized() ? "  H / ln V ± sd " : "  H, nats ± sd  ");
        head.append("    ΔH      ");
        for (int w = 1; w <= windows; w++) {
            head.append(String.format(Locale.ROOT, "%6s  ", "w" + w));
        }
        int bar = barColumns(windows);
        String scale = String.format(Locale.ROOT, "0 … %.2f", largest);
        String of = String.format(Locale.ROOT, " (at most %.2f)", result.maximum());
        head.append(Columns.padded(bar < 20 ? Columns.first(scale, bar) : scale + of, bar + 2));
        String title = "most frequent top token";
        return head + (head.length() + title.length() <= width ? title : "top token");
    }

    private String quoted(int id) {
        return "'" + Columns.printable(result.tokens().token(id)) + "'";
    }

    /// A change with its sign and an arrow, and spaces up to `columns`, one at least.
    static String change(Style style, double delta, int columns) {
        String sign = delta > 0 ? "▲ +" : delta < 0 ? "▼ −" : "   ";
        String text = sign + String.format(Locale.ROOT, "%.3f", Math.abs(delta));
        return paint(style, delta, text) + " ".repeat(Math.max(1, columns - text.length()));
    }

    private static String paint(Style style, double delta, String text) {
        return delta > 0 ? style.expansion(text) : delta < 0 ? style.pruning(text) : text;
    }

    /// A bar of eighths of a character, and spaces up to `columns`.
    static String bar(double share, int columns) {
        int eighths = (int) Math.round(Math.clamp(share, 0, 1) * columns * 8);
        String full = "█".repeat(eighths / 8);
        String rest = eighths % 8 == 0 ? "" : String.valueOf((char) ('█' + 8 - eighths % 8));
        return Columns.padded(full + rest, columns);
    }
}
