package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.MixerShape;
import entropylens.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Gated delta nets in some blocks, gated attention in the others, as Qwen3-Next and Qwen 3.5 have
/// them: sizes, and where the tensors are.
final class DeltaNetLayout {
    private final MixerShape.DeltaNet shape;
    private final int dModel;
    private final NormReader norm;

    /// Whether queries, keys and values are one projection, and gates, rates and steps one each
    /// (Qwen 3.5).
    boolean apart;

    private DeltaNetLayout(MixerShape.DeltaNet shape, int dModel, NormReader norm) {
        this.shape = shape;
        this.dModel = dModel;
        this.norm = norm;
    }

    /// Reads the sizes, and gives each block of the draft its mixer.
    static DeltaNetLayout of(ConfigJson json, ConfigDraft draft) {
        MixerShape.DeltaNet shape =
                new MixerShape.DeltaNet(
                        json.intOr("linear_num_key_heads", 16),
                        json.intOr("linear_num_value_heads", 32),
                        json.intOr("linear_key_head_dim", 128),
                        json.intOr("linear_value_head_dim", 128),
                        json.intOr("linear_conv_kernel_dim", 4));
        List<MixerShape> mixers = new ArrayList<>();
        for (String type : types(json, draft.nLayers)) {
            mixers.add(
                    switch (type) {
                        case "linear_attention" -> shape;
                        case "full_attention" -> draft.attention(mixers.size());
                        default ->
                                throw new CheckpointException(
                                        "%s: layer_types names \"%s\", which is not implemented; implemented are full_attention and linear_attention"
                                                .formatted(json.file(), type));
                    });
        }
        draft.mixers = mixers;
        double eps = json.doubleOr("rms_norm_eps", 1e-6);
        return new DeltaNetLayout(shape, draft.dModel, NormReader.rms(eps));
    }

    private static List<String> types(ConfigJson json, int nLayers) {
        List<String> types = json.strings("layer_types");
        int interval = json.intOr("full_attention_interval", 4);
        if (types.isEmpty()) {
            if (interval < 1) {
                throw new CheckpointException(
                        "%s: full_attention_interval is %d, but must be at least 1; correct the file or download it again"
                                .formatted(json.file(), interval));
            }
            return IntStream.range(0, nLayers)
                    .mapToObj(l -> (l + 1) % interval == 0 ? "full_attention" : "linear_attention")
                    .toList();
        }
        if (types.size() != nLayers) {
            throw new CheckpointException(
                    "%s: layer_types names %d blocks, but the model has %d; correct the file or download it again"
                            .formatted(json.file(), types.size(), nLayers));
        }
        return types;
    }

    Weights.DeltaNet read(TensorReader tensors, String block) {
        String prefix = block + "linear_attn.";
        int heads = shape.nValueHeads();
        return new Weights.DeltaNet(
                apart ? apart(tensors, prefix, heads) : byKeyHead(tensors, prefix, heads),
                tensors.convolution(prefix + "conv1d", shape.channels(), shape.taps(), false),
                tensors.logUniform(prefix + "A_log", heads, 0.01, 16),
                tensors.gain(prefix + "dt_bias", heads, 1),
                norm.read(tensors, prefix + "norm", shape.dValue()),
                tensors.projection(prefix + "out_proj", dModel, shape.valueWidth(), false),
                null);
    }

    private Weights.ByKeyHead byKeyHead(TensorReader tensors, String prefix, int heads) {
        int vectors = shape.channels() + shape.valueWidth();
        return new Weights.ByKeyHead(
                tensors.projection(prefix + "in_proj_qkvz", vectors, dModel, false),
                tensors.projection(prefix + "in_proj_ba", 2 * heads, dModel, false));
    }

    private Weights.Apart apart(TensorReader tensors, String prefix, int heads) {
        return new Weights.Apart(
                tensors.projection(prefix + "in_proj_qkv", shape.channels(), dModel, false),
                tensors.projection(prefix + "in_proj_z", shape.valueWidth(), dModel, false),
                tensors.projection(prefix + "in_proj_b", heads, dModel, false),
                tensors.projection(prefix + "in_proj_a", heads, dModel, false));
    }
}
