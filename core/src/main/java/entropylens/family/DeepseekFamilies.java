package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.model.Positions.Pairing;
import java.util.Map;
import java.util.OptionalDouble;

/// What DeepSeek and the families after it have in common beside their experts.
final class DeepseekFamilies {
    private DeepseekFamilies() {}

    /// A layout with experts in some blocks and MLPs of another width in the rest.
    ///
    /// @param draft but for activation and the width of an MLP, which are read here
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft, ExpertLayout experts) {
        int dense = draft.dMlp;
        draft.dMlp = Math.max(dense, experts.width());
        draft.activation = CommonKeys.activation(json, "hidden_act", "silu");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.requireDouble("rms_norm_eps")));
        layout.experts = experts;
        layout.mlpWidth = dense;
        return layout;
    }

    /// The same with multi-head latent attention.
    static LlamaLayout latent(
            ConfigJson json, String family, Pairing pairing, ExpertLayout experts) {
        int heads = json.requireInt("num_attention_heads");
        ConfigDraft draft =
                ConfigDraft.llama(
                        json, family, Map.of("head_dim", 1, "num_key_value_heads", heads));
        LatentLayout latent = LatentLayout.read(json, draft);
        draft.rotary(RopeKeys.read(json, latent.turned(), RopeKeys.THETA), pairing);
        draft.scoreScale = OptionalDouble.of(RopeKeys.ofScores(json) / Math.sqrt(draft.dHead));
        LlamaLayout layout = layout(json, draft, experts);
        layout.latent = latent;
        layout.outputBias = latent.biased();
        return layout;
    }

    /// Neighbours, where the file does not say otherwise.
    static Pairing pairing(ConfigJson json) {
        return json.boolOr("rope_interleave", true) ? Pairing.NEIGHBOURS : Pairing.HALVES;
    }

    /// Experts in the blocks from `first_k_dense_replace` on.
    static ExpertLayout fromFirst(ConfigJson json, ExpertLayout experts) {
        int first = json.requireInt("first_k_dense_replace");
        experts.blocks = layer -> layer >= first;
        experts.blocksSaid = "%s: first_k_dense_replace is %d".formatted(json.file(), first);
        return experts;
    }

    /// Blocks for multi-token prediction, which a file has behind the others; transformers calls
    /// them by two names.
    static void furtherBlocks(ConfigJson json, LlamaLayout layout) {
        int named = json.intOr("num_mtp_layers", 1);
        layout.furtherBlocks = json.intOr("num_nextn_predict_layers", named);
        layout.blocksSaid =
                "%s: num_hidden_layers is %d and num_nextn_predict_layers is %d"
                        .formatted(
                                json.file(),
                                json.requireInt("num_hidden_layers"),
                                layout.furtherBlocks);
    }
}
