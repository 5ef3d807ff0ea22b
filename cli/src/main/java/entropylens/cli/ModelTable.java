package entropylens.cli;

import entropylens.family.LoadedModel;
import entropylens.family.Survey;
import entropylens.gguf.GgufSummary;
import entropylens.lens.MemoryPlan;
import entropylens.lens.SelfCheck;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What `models --check` found out, as lines with a label in front.
final class ModelTable {
    private static final int MAX_WIDTH = 100;
    private static final int MIN_WIDTH = 72;
    private static final int LABEL = 12;

    /// Files of weights, of kinds that are read and others; not what a trainer keeps of itself.
    private static final String WEIGHTS =
            ".*\\.(safetensors|gguf|h5|msgpack|pth?)|(pytorch_|adapter_)?model.*\\.bin";

    /// Columns of what a number is, and of a number.
    private static final int NAME = 36;

    private static final int NUMBER = 10;

    private final ModelCheck check;
    private final PrintWriter out;
    private final Style style;
    private final int width;

    private ModelTable(ModelCheck check, PrintWriter out, Style style) {
        this.check = check;
        this.out = out;
        this.style = style;
        this.width = Math.clamp(style.columns(), MIN_WIDTH, MAX_WIDTH);
    }

    static void print(ModelCheck check, PrintWriter out, Style style) {
        ModelTable table = new ModelTable(check, out, style);
        table.heading();
        table.sizes();
        table.weights();
        table.labelled("features", table.joined(check.features()));
        check.memory().ifPresent(table::memory);
        table.tokenizer();
        check.selfCheck().ifPresent(table::selfCheck);
        table.sentences("devices", check.devices());
        table.sentences("notes", check.notes());
        check.gguf().ifPresent(gguf -> table.sentences("not read", unread(gguf)));
        for (String problem : check.problems()) {
            table.out.println();
            Columns.wrapped(Columns.printable(problem), table.width)
                    .forEach(line -> table.line(style.pruning(line.stripTrailing())));
        }
    }

    private void line(String line) {
        out.println(line.stripTrailing());
    }

    /// A label, and lines beside it.
    private void labelled(String label, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            line(style.faint(Columns.padded(i == 0 ? label : "", LABEL)) + lines.get(i));
        }
    }

    private static List<String> unread(GgufSummary gguf) {
        return gguf.unread().entrySet().stream()
                .map(key -> key.getKey() + ": " + key.getValue())
                .toList();
    }

    private void sentences(String label, List<String> sentences) {
        labelled(
                label,
                sentences.stream()
                        .flatMap(sentence ->
                                Columns.wrapped(Columns.printable(sentence), width - LABEL)
                                        .stream())
                        .toList());
    }

    /// Phrases with dots between them, in as few lines as hold them.
    private List<String> joined(List<String> phrases) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String phrase : phrases) {
            String longer = line.isEmpty() ? phrase : line + " · " + phrase;
            if (!line.isEmpty() && Columns.width(longer) > width - LABEL) {
                lines.add(line);
                line = phrase;
            } else {
                line = longer;
            }
        }
        if (!line.isEmpty()) {
            lines.add(line);
        }
        return lines.stream()
                .flatMap(whole -> Columns.wrapped(whole, width - LABEL).stream())
                .toList();
    }

    private void heading() {
        Survey survey = check.survey();
        Columns.wrapped(Columns.printable(check.directory().toString()), width)
                .forEach(part -> line(style.strong(part)));
        List<String> phrases = new ArrayList<>();
        check.gguf()
                .ifPresent(
                        gguf -> phrases.add("GGUF of " + Columns.printable(gguf.architecture())));
        if (!survey.architectures().isEmpty()) {
            phrases.add(Columns.printable(String.join(", ", survey.architectures())));
        } else if (check.gguf().isEmpty()) {
            phrases.add("no architecture is named");
        }
        boolean asked = check.readAs().isPresent();
        survey.family()
                .ifPresent(name ->
                        phrases.add(asked ? "read as " + name + " on request" : "family " + name));
        check.loaded().flatMap(LoadingOptions::untrained).ifPresent(phrases::add);
        phrases.add(verdict());
        joined(phrases).forEach(this::line);
        check.loaded()
                .map(LoadedModel::ignoredConfigKeys)
                .filter(keys -> !keys.isEmpty())
                .ifPresent(keys ->
                        line(
                                "ignored keys of config.json, not understood: "
                                        + Columns.printable(keys.toString())));
        out.println();
    }

    private String verdict() {
        if (check.passed()) {
            return "supported";
        }
        if (check.loaded().isPresent()) {
            return style.pruning("did not pass");
        }
        return style.pruning(
                check.survey().family().isPresent() ? "cannot be used" : "not supported");
    }

    private void sizes() {
        List<String> phrases = new ArrayList<>();
        Map<String, Integer> sizes = check.sizes();
        sizes.forEach((name, size) -> phrases.add(size(name, size)));
        check.loaded()
                .ifPresent(loaded ->
                        phrases.add(
                                String.format(Locale.ROOT, "%,d parameters", loaded.parameters())));
        labelled("sizes", joined(phrases));
        check.loaded()
                .map(LoadedModel::adapters)
                .filter(adapters -> !adapters.isEmpty())
                .ifPresent(adapters ->
                        labelled(
                                "adapters",
                                adapters.stream()
                                        .map(AdapterOptions::words)
                                        .flatMap(words ->
                                                Columns.wrapped(words, width - LABEL).stream())
                                        .toList()));
    }

    private static String size(String name, int size) {
        return switch (name) {
            case "n_layers" -> ProfileTable.count(size, "block");
            case "n_heads" -> ProfileTable.count(size, "head");
            case "n_kv_heads" -> ProfileTable.count(size, "key-value head");
            default -> String.format(Locale.ROOT, "%s %,d", name, size);
        };
    }

    private void weights() {
        List<String> phrases = new ArrayList<>();
        OptionalLong bytes = check.survey().weightBytes();
        check.survey()
                .dtype()
                .ifPresent(type ->
                        phrases.add(bytes.isPresent() ? type : type + ", config.json says"));
        check.survey()
                .quantisation()
                .ifPresent(how -> {
                    phrases.add("quantised: " + how);
                    phrases.add("dequantised when used; activations stay float32");
                });
        bytes.ifPresent(all -> phrases.add(Bytes.shown(all)));
        List<String> files =
                check.files().keySet().stream().filter(name -> name.matches(WEIGHTS)).toList();
        phrases.add(
                switch (files.size()) {
                    case 0 -> "no weight file";
                    case 1 -> Columns.printable(files.getFirst());
                    default ->
                            "%d files, %s to %s"
                                    .formatted(
                                            files.size(),
                                            Columns.printable(files.getFirst()),
                                            Columns.printable(files.getLast()));
                });
        labelled("weights", joined(phrases));
        check.gguf().ifPresent(gguf -> labelled("types", joined(shares(gguf))));
    }

    /// What each type of tensors takes of all bytes.
    private static List<String> shares(GgufSummary gguf) {
        return gguf.types().entrySet().stream()
                .map(type ->
                        String.format(
                                Locale.ROOT,
                                "%s %.1f %%",
                                type.getKey(),
                                100.0 * type.getValue() / gguf.bytes()))
                .toList();
    }

    private void memory(ModelCheck.Memory memory) {
        MemoryPlan plan = memory.plan();
        List<String> lines = new ArrayList<>();
        check.survey()
                .weightBytes()
                .ifPresent(bytes ->
                        lines.add(
                                amount("weights, mapped", bytes)
                                        + (memory.machine() == 0
                                                ? ""
                                                : "   of %s in this machine"
                                                        .formatted(
                                                                Bytes.shown(memory.machine())))));
        lines.add(amount("KV cache, " + texts(plan), plan.kvBytes()));
        lines.add(amount("residuals to be read out", plan.streamBytes()));
        lines.add(amount("activations and readout", plan.scratchBytes()));
        lines.add(
                amount("heap: these three", plan.total())
                        + "   of %s that this JVM may use"
                                .formatted(Bytes.shown(memory.heapLimit())));
        if (check.gguf().isPresent()) {
            lines.add("the file opens at once: what is used of it is read when it is used");
        }
        labelled("memory", lines);
        if (!memory.fits()) {
            labelled(
                    "",
                    List.of(
                            style.pruning("too much for this JVM:")
                                    + " ENTROPY_LENS_JAVA_OPTS=-Xmx…, fewer texts or shorter ones"));
        }
    }

    private static String texts(MemoryPlan plan) {
        return String.format(
                Locale.ROOT,
                "%,d %s of %,d",
                plan.sequences(),
                plan.sequences() == 1 ? "text" : "texts",
                plan.longest());
    }

    private static String amount(String what, long bytes) {
        return named(what, Bytes.shown(bytes));
    }

    private static String named(String what, String value) {
        return Columns.padded(what, NAME)
                + " ".repeat(Math.max(1, NUMBER - value.length()))
                + value;
    }

    private void tokenizer() {
        labelled(
                "tokenizer",
                List.of(
                        check.tokenizerSize().isPresent()
                                ? String.format(
                                        Locale.ROOT,
                                        "%,d entries",
                                        check.tokenizerSize().getAsInt())
                                : check.files().containsKey("tokenizer.json")
                                        ? "tokenizer.json cannot be used"
                                        : "none that is read: prompts as --token-ids"));
    }

    private void selfCheck(SelfCheck.Result result) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s in %,d ms, on %d tokens of %s, by the kernels %s"
                        .formatted(
                                result.passed() ? "passed" : style.pruning("failed"),
                                result.millis(),
                                result.tokens(),
                                result.text() ? "English" : "noise",
                                check.kernels()));
        result.decoding()
                .ifPresent(
                        d -> lines.add(difference("token by token against one pass", d, result)));
        result.batching()
                .ifPresent(
                        d -> lines.add(difference("beside another text against alone", d, result)));
        OptionalDouble loss = result.loss();
        if (loss.isPresent()) {
            lines.add(
                    named("loss", decimals(loss.getAsDouble()))
                            + "   nats a token; guessing has ln V = "
                            + decimals(result.guessing()));
        }
        result.shuffledLoss()
                .ifPresent(shuffled ->
                        lines.add(
                                named("loss of the same tokens shuffled", decimals(shuffled))
                                        + "   nats a token"));
        labelled("self-check", lines);
    }

    private static String difference(String what, double value, SelfCheck.Result result) {
        String shown = value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
        return named(what, shown)
                + "   of the largest element; "
                + (Double.isFinite(result.bound())
                        ? String.format(Locale.ROOT, "at most %.0e", result.bound())
                        : "not judged, since products are rounded");
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
