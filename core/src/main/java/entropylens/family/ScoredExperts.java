package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.Routing.Groups;
import entropylens.model.Routing.Score;
import entropylens.model.Routing.Scored;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Experts as DeepSeek has them, under its keys and names, which GLM and others took over: chosen
/// by scores, in groups of neighbours; beside them shared ones, as one MLP without a gate.
final class ScoredExperts {
    /// What transformers adds to a sum of shares before it divides by it.
    private static final double LEAST_SUM = 1e-20;

    private ScoredExperts() {}

    /// Sigmoids with a learned correction (DeepSeek-V3). The correction is for the choice alone.
    ///
    /// @param renormalised whether shares sum to 1 where the file does not say it
    static ExpertLayout sigmoid(ConfigJson json, boolean renormalised) {
        if (!json.stringOr("scoring_func", "sigmoid").equals("noaux_tc")) { // so in files of dots
            json.mustBe("scoring_func", "sigmoid", "this router scores by sigmoids");
        }
        json.mustBe("topk_method", "noaux_tc", "this router has a correction");
        int count = json.requireInt("n_routed_experts");
        int chosen = chosen(json, count);
        Groups groups = groups(json, count, chosen, 2);
        OptionalDouble leastSum =
                json.boolOr("norm_topk_prob", renormalised)
                        ? OptionalDouble.of(LEAST_SUM)
                        : OptionalDouble.empty();
        double scale = json.requireDouble("routed_scaling_factor");
        return layout(
                json,
                count,
                (tensors, router) ->
                        new Scored(
                                chosen,
                                Score.SIGMOID,
                                tensors.bias(router + ".e_score_correction_bias", count),
                                groups,
                                leastSum,
                                scale));
    }

    /// Softmax over all (DeepSeek-V2). Shares stay as they are: transformers does not read
    /// `norm_topk_prob` here, but the code that came with the model does.
    static ExpertLayout softmax(ConfigJson json) {
        json.mustBe("scoring_func", "softmax", "this router scores by softmax");
        json.mustBe("norm_topk_prob", false, "transformers leaves shares as they are");
        int count = json.requireInt("n_routed_experts");
        int chosen = chosen(json, count);
        Groups groups = groups(json, count, chosen, json.stringOr("topk_method", "greedy"));
        double scale = json.doubleOr("routed_scaling_factor", 1);
        return layout(
                json,
                count,
                (tensors, router) ->
                        new Scored(
                                chosen,
                                Score.SOFTMAX,
                                null,
                                groups,
                                OptionalDouble.empty(),
                                scale));
    }

    private static ExpertLayout layout(
            ConfigJson json, int count, ExpertLayout.RoutingReader routing) {
        int width = json.requireInt("moe_intermediate_size");
        ExpertLayout experts = new ExpertLayout(count, routing, width);
        experts.shared = "shared_experts";
        experts.sharedGate = false;
        experts.sharedWidth = Math.multiplyExact(width, json.requireInt("n_shared_experts"));
        json.mustBe("moe_layer_freq", 1, "transformers has experts in every block from the first");
        // of training, and of how experts lie on several devices
        json.withoutEffect("aux_loss_alpha", "ep_size", "seq_aux");
        ExpertLayout.withoutEffect(json);
        return experts;
    }

    private static int chosen(ConfigJson json, int count) {
        int chosen = json.requireInt("num_experts_per_tok");
        ExpertLayout.requireChosen(json, "num_experts_per_tok", chosen, count);
        return chosen;
    }

    private static @Nullable Groups groups(ConfigJson json, int count, int chosen, String method) {
        return switch (method) {
            case "greedy" -> {
                json.withoutEffect("n_group", "topk_group");
                yield null;
            }
            case "group_limited_greedy" -> groups(json, count, chosen, 1);
            default ->
                    throw new CheckpointException(
                            "%s: topk_method is \"%s\", which is not implemented; implemented are greedy and group_limited_greedy"
                                    .formatted(json.file(), method));
        };
    }

    /// @param best how many scores a group is judged by
    private static @Nullable Groups groups(ConfigJson json, int count, int chosen, int best) {
        int groups = json.intOr("n_group", 1);
        if (count % groups != 0 || count / groups < best) {
            throw new CheckpointException(
                    "%s: n_group is %,d, but %,d experts cannot make as many groups of at least %d; correct the file or download it again"
                            .formatted(json.file(), groups, count, best));
        }
        int kept = json.intOr("topk_group", 1);
        if (kept > groups || chosen > kept * (count / groups)) {
            throw new CheckpointException(
                    "%s: topk_group is %,d, but %d experts (num_experts_per_tok) are to be chosen out of so many of %d groups (n_group) of %d; correct the file or download it again"
                            .formatted(json.file(), kept, chosen, groups, count / groups));
        }
        return groups == kept ? null : new Groups(groups, kept, best);
    }
}
