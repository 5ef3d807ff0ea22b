package entropylens.family;

import entropylens.model.AttentionShape;
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
import java.util.function.Predicate;
import java.util.stream.Stream;

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
                "grouped heads",
                model -> anyShape(model, shape -> shape.nKvHeads() < shape.nHeads()));
        COLUMNS.put(
                "window",
                model ->
                        anyShape(
                                model,
                                shape -> shape.window().isPresent() || shape.chunk().isPresent()));
        COLUMNS.put("q/k norms", model -> anyAttention(model, one -> one.queryNorm() != null));
        COLUMNS.put("q/k/v biases", FamiliesMatrix::biasedProjections);
        COLUMNS.put("gated MLP", model -> anyMlp(model, Weights.Mlp::gated));
        COLUMNS.put("MLP biases", model -> anyMlp(model, mlp -> mlp.up().biased()));
        COLUMNS.put(
                "experts",
                model ->
                        model.weights().blocks().stream()
                                .anyMatch(block ->
                                        block.mlp() instanceof Weights.Experts
                                                || block.mlp() instanceof Weights.MlpAndExperts));
        COLUMNS.put(
                "soft-caps",
                model ->
                        model.config().logitSoftcap().isPresent()
                                || anyShape(model, shape -> shape.scoreSoftcap().isPresent()));
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
        return anyAttention(model, one -> one.postNorm() != null)
                || model.config().residual() == Residual.POST_NORM;
    }

    private static boolean biasedProjections(Model model) {
        return anyAttention(
                model,
                attention ->
                        switch (attention.projections()) {
                            case Weights.Separate separate -> separate.query().biased();
                            case Weights.GatedQueries gated -> gated.queriesAndGates().biased();
                            case Weights.QueriesAlone alone -> alone.query().biased();
                            case Weights.KeysAsValues both -> both.query().biased();
                            case Weights.Interleaved interleaved -> interleaved.fused().biased();
                            case Weights.InParts parts -> parts.fused().biased();
                            case Weights.Latent latent -> latent.keyValueDown().biased();
                        });
    }

    private static boolean anyShape(Model model, Predicate<AttentionShape> has) {
        return model.config().attentions().stream().anyMatch(has);
    }

    private static boolean anyAttention(Model model, Predicate<Weights.Attention> has) {
        return model.weights().blocks().stream()
                .flatMap(block -> block.attention().stream())
                .anyMatch(has);
    }

    private static Weights.Block block(Model model) {
        return model.weights().blocks().getFirst();
    }

    private static boolean anyMlp(Model model, Predicate<Weights.Mlp> has) {
        return model.weights().blocks().stream()
                .flatMap(block ->
                        switch (block.mlp()) {
                            case null -> Stream.empty();
                            case Weights.Mlp mlp -> Stream.of(mlp);
                            case Weights.Experts experts -> experts.experts().stream();
                            case Weights.MlpAndExperts both -> Stream.of(both.mlp());
                        })
                .anyMatch(has);
    }
}
