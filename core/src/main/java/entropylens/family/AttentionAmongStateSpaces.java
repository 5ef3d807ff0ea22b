package entropylens.family;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.model.MixerShape;
import java.util.ArrayList;
import java.util.List;

/// Families in which most blocks have a state space in the place of attention, with keys that begin
/// with `mamba_` (Bamba, Granite 4).
final class AttentionAmongStateSpaces {
    private AttentionAmongStateSpaces() {}

    static MixerShape.StateSpace shape(ConfigJson json, int dModel) {
        int heads = json.intOr("mamba_n_heads", 128);
        int inner = Math.multiplyExact(json.intOr("mamba_expand", 2), dModel);
        return new MixerShape.StateSpace(
                heads,
                StateSpaceLayout.headWidth(json, inner, heads),
                json.intOr("mamba_n_groups", 1),
                json.intOr("mamba_d_state", 256),
                json.intOr("mamba_d_conv", 4));
    }

    /// The draft's mixers.
    ///
    /// @param attends which blocks have attention
    static List<MixerShape> mixers(
            ConfigDraft draft, MixerShape.StateSpace shape, List<Boolean> attends) {
        List<MixerShape> mixers = new ArrayList<>();
        for (int layer = 0; layer < draft.nLayers; layer++) {
            mixers.add(attends.get(layer) ? draft.attention(layer) : shape);
        }
        return mixers;
    }

    /// The state spaces' tensors, for [LlamaLayout#otherMixer].
    static LlamaLayout.MixerReader reader(
            ConfigJson json, MixerShape.StateSpace shape, int dModel, NormReader norm) {
        StateSpaceLayout space = new StateSpaceLayout(shape, dModel);
        space.inputBias = json.boolOr("mamba_proj_bias", false);
        space.outputBias = space.inputBias;
        space.convolutionBias = json.boolOr("mamba_conv_bias", true);
        space.limits(json, "time_step_limit");
        space.norm = norm;
        json.mustBe("hidden_act", "silu", "the state space would have the same activation");
        // how the Python library computes
        json.withoutEffect("mamba_chunk_size", "num_logits_to_keep");
        return (tensors, block, layer) -> space.read(tensors, block + "mamba.");
    }

    /// Which blocks have attention, by their types, as transformers names them or once did.
    static List<Boolean> attends(ConfigJson json, String key, int nLayers) {
        List<Boolean> attends = new ArrayList<>();
        for (String type : json.strings(key)) {
            attends.add(
                    switch (type) {
                        case "attention", "full_attention" -> true;
                        case "mamba", "linear_attention" -> false;
                        default ->
                                throw new CheckpointException(
                                        "%s: %s names \"%s\", which is not implemented; implemented are attention and mamba"
                                                .formatted(json.file(), key, type));
                    });
        }
        if (attends.size() != nLayers) {
            throw new CheckpointException(
                    "%s: %s names %d blocks, but the model has %d; correct the file or download it again"
                            .formatted(json.file(), key, attends.size(), nLayers));
        }
        return attends;
    }
}
