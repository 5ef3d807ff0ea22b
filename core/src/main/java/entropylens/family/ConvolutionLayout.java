package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.family.LlamaLayout.QueryKeyNorm;
import entropylens.model.MixerShape;
import entropylens.model.Positions.Pairing;
import entropylens.model.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What LFM2 and LFM2-MoE have in common: gated short convolutions in some blocks, attention in the
/// others, and names of tensors.
final class ConvolutionLayout {
    private ConvolutionLayout() {}

    /// Sizes, under Llama's keys and LFM2's own.
    static ConfigDraft draft(ConfigJson json, String family) {
        Map<String, Integer> whereAbsent = new HashMap<>(Map.of("num_key_value_heads", 8));
        if (json.has("block_ff_dim")) {
            whereAbsent.put("intermediate_size", 1); // the first files have it by this name alone
        }
        ConfigDraft draft = ConfigDraft.llama(json, family, whereAbsent);
        boolean tied = json.boolOr("tie_word_embeddings", true);
        draft.tiedUnembed = json.boolOr("tie_embedding", tied);
        draft.rotary(RopeKeys.read(json, draft.dHead, 1_000_000), Pairing.HALVES);
        return draft;
    }

    /// Gives each block its mixer, and says where the tensors are.
    ///
    /// @param types what each block has: `conv` or `full_attention`
    static LlamaLayout layout(ConfigJson json, ConfigDraft draft, List<String> types) {
        MixerShape.ShortConvolution shape =
                new MixerShape.ShortConvolution(draft.dModel, json.intOr("conv_L_cache", 3));
        draft.mixers = mixers(json, draft, types, shape);
        // other names of sizes, and what the code does anyway
        json.withoutEffect(
                "block_dim",
                "block_mlp_init_scale",
                "block_norm_eps",
                "block_out_init_scale",
                "block_use_swiglu",
                "block_use_xavier_init",
                "conv_dim",
                "conv_dim_out",
                "conv_use_xavier_init",
                "num_heads",
                "theta",
                "use_pos_enc");
        CommonKeys.withoutEffect(json);
        LlamaLayout layout =
                new LlamaLayout(draft.build(), NormReader.rms(json.doubleOr("norm_eps", 1e-5)));
        boolean biased = json.boolOr("conv_bias", false);
        layout.otherMixer = (tensors, block, layer) -> read(tensors, block, shape, biased);
        layout.mark = "operator_norm.weight";
        layout.ln1 = "operator_norm";
        layout.ln2 = "ffn_norm";
        layout.lnFinal = "embedding_norm";
        layout.queryKeyNorm = QueryKeyNorm.HEAD;
        layout.queryNorm = "q_layernorm";
        layout.keyNorm = "k_layernorm";
        layout.attentionOutput = "out_proj";
        layout.mlpRoom = "feed_forward.";
        layout.mlpGate = "w1";
        layout.mlpUp = "w3";
        layout.mlpDown = "w2";
        return layout;
    }

    private static List<MixerShape> mixers(
            ConfigJson json, ConfigDraft draft, List<String> types, MixerShape convolution) {
        if (types.size() != draft.nLayers) {
            throw new CheckpointException(
                    "%s: layer_types names %d blocks, but the model has %d; correct the file or download it again"
                            .formatted(json.file(), types.size(), draft.nLayers));
        }
        List<MixerShape> mixers = new ArrayList<>();
        for (String type : types) {
            mixers.add(
                    switch (type) {
                        case "conv" -> convolution;
                        case "full_attention" -> draft.attention(mixers.size());
                        default ->
                                throw new CheckpointException(
                                        "%s: layer_types names \"%s\", which is not implemented; implemented are full_attention and conv"
                                                .formatted(json.file(), type));
                    });
        }
        return mixers;
    }

    private static Weights.ShortConvolution read(
            TensorReader tensors, String block, MixerShape.ShortConvolution shape, boolean biased) {
        int channels = shape.channels();
        String prefix = block + "conv.";
        return new Weights.ShortConvolution(
                tensors.projection(prefix + "in_proj", 3 * channels, channels, biased),
                tensors.convolution(prefix + "conv", channels, shape.taps(), biased),
                tensors.projection(prefix + "out_proj", channels, channels, biased),
                null);
    }
}
