package entropylens.family;

import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import entropylens.model.Norm;
import entropylens.model.Positions;
import entropylens.model.Residual;
import entropylens.model.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// docs/families.md's table: which family has which part, read off the models of its goldens.
final class FamiliesMatrix {
    private static final Map<String, Predicate<Model>> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("RMSNorm", model -> lnFinal(model) instanceof Norm.Rms);
        COLUMNS.put("LayerNorm", model -> lnFinal(model) instanceof Norm.Layer);
        COLUMNS.put("norms behind", FamiliesMatrix::normsBehind);
        COLUMNS.put(
                "parallel",
                model ->
                        model.config().residual() == Residual.PARALLEL
                                || model.config().residual() == Residual.PARALLEL_ONE_NORM);
        COLUMNS.put("learned", model -> model.config().positions() instanceof Positions.Learned);
        COLUMNS.put("rotary", model -> model.config().positions() instanceof Positions.Rotary);
        COLUMNS.put("ALiBi", model -> model.config().positions() instanceof Positions.Alibi);
        COLUMNS.put(
                "grouped heads", model -> attention(model).nKvHeads() < attention(model).nHeads());
        COLUMNS.put(
                "window",
                model -> attention(model).windows().stream().anyMatch(OptionalInt::isPresent));
        COLUMNS.put("q/k norms", model -> block(model).attention().queryNorm() != null);
        COLUMNS.put("q/k/v biases", FamiliesMatrix::biasedProjections);
        COLUMNS.put("gated MLP", model -> mlp(model).gate() != null);
        COLUMNS.put("MLP biases", model -> mlp(model).up().biased());
        COLUMNS.put(
                "experts",
                model ->
                        model.weights().blocks().stream()
                                .anyMatch(block -> block.mlp() instanceof Weights.Experts));
        COLUMNS.put(
                "soft-caps",
                model ->
                        model.config().logitSoftcap().isPresent()
                                || attention(model).scoreSoftcap().isPresent());
        COLUMNS.put("tied W_U", model -> model.config().tiedUnembed());
    }

    private FamiliesMatrix() {}

    static String header() {
        List<String> titles = new ArrayList<>(List.of("family"));
        titles.addAll(COLUMNS.keySet());
        return "| "
                + String.join(" | ", titles)
                + " |\n|---"
                + "|:-:".repeat(COLUMNS.size())
                + "|\n";
    }

    /// ● where all models have it, ○ where some do, nothing where none does.
    static String row(String family, List<Model> models) {
        StringBuilder row = new StringBuilder("| [%s](#%s) |".formatted(family, family));
        COLUMNS.values()
                .forEach(column -> {
                    long have = models.stream().filter(column).count();
                    String mark = have == models.size() ? "●" : have > 0 ? "○" : "";
                    row.append(mark.isEmpty() ? " |" : " " + mark + " |");
                });
        return row.append('\n').toString();
    }

    private static Norm lnFinal(Model model) {
        var block = block(model);
        var norm = model.weights().readout().lnFinal();
        if (norm == null) {
            norm = block.ln1() != null ? block.ln1() : block.ln2();
        }
        return Objects.requireNonNull(norm).norm();
    }

    private static boolean normsBehind(Model model) {
        return block(model).attention().postNorm() != null
                || model.config().residual() == Residual.POST_NORM;
    }

    private static boolean biasedProjections(Model model) {
        return switch (block(model).attention().projections()) {
            case Weights.Separate separate -> separate.query().biased();
            case Weights.Interleaved interleaved -> interleaved.fused().biased();
        };
    }

    private static DecoderConfig.Attention attention(Model model) {
        return model.config().attention();
    }

    private static Weights.Block block(Model model) {
        return model.weights().blocks().getFirst();
    }

    private static Weights.Mlp mlp(Model model) {
        return switch (block(model).mlp()) {
            case Weights.Mlp mlp -> mlp;
            case Weights.Experts experts -> experts.experts().getFirst();
        };
    }
}
