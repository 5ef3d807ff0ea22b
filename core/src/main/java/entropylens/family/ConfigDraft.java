package entropylens.family;

import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Activation;
import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.MixerShape;
import entropylens.model.Positions;
import entropylens.model.Positions.Pairing;
import entropylens.model.Residual;
import entropylens.model.Rope;
import entropylens.model.ScoreGrowth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// A [DecoderConfig] while a family fills it in, field by field. What is not mentioned is as in the
/// plainest decoder; sizes have no default, and a missing one is refused by [DecoderConfig].
final class ConfigDraft {
    /// The context of a model that no text is too long for.
    static final int ANY_LENGTH = Integer.MAX_VALUE;

    final String family;
    int nLayers;
    int dModel;
    int dMlp;
    int dVocab;
    int nCtx;
    int nHeads;
    int nKvHeads;
    int dHead;

    /// Width of a value, where that is not d_head.
    OptionalInt dValue = OptionalInt.empty();

    OptionalDouble scoreScale = OptionalDouble.empty();
    boolean scaleByInverseLayer;
    OptionalDouble scoreSoftcap = OptionalDouble.empty();
    OptionalDouble projectionClip = OptionalDouble.empty();
    boolean normsAfterTurn;
    Optional<ScoreGrowth> growth = Optional.empty();
    List<OptionalInt> windows = List.of();

    /// One for each block, where these differ in more than windows.
    List<MixerShape> mixers = List.of();

    Positions positions = new Positions.Learned();
    Activation activation = Activation.SILU;
    Residual residual = Residual.SEQUENTIAL;
    double embeddingScale = 1;
    double residualScale = 1;
    OptionalDouble logitSoftcap = OptionalDouble.empty();
    boolean tiedUnembed;

    ConfigDraft(String family) {
        this.family = family;
    }

    /// Sizes under the names that Llama gave them, which most families share.
    static ConfigDraft llama(ConfigJson json, String family) {
        return llama(json, family, Map.of());
    }

    /// @param whereAbsent transformers' own defaults, for families whose files rely on them; a
    ///   `head_dim` that is neither in the file nor here is `d_model / n_heads`
    static ConfigDraft llama(ConfigJson json, String family, Map<String, Integer> whereAbsent) {
        ConfigDraft draft = new ConfigDraft(family);
        draft.nLayers = size(json, "num_hidden_layers", whereAbsent);
        draft.dModel = size(json, "hidden_size", whereAbsent);
        draft.dMlp = size(json, "intermediate_size", whereAbsent);
        draft.dVocab = size(json, "vocab_size", whereAbsent);
        draft.nCtx = size(json, "max_position_embeddings", whereAbsent);
        draft.nHeads = size(json, "num_attention_heads", whereAbsent);
        draft.nKvHeads =
                json.intOr(
                        "num_key_value_heads",
                        whereAbsent.getOrDefault("num_key_value_heads", draft.nHeads));
        draft.dHead =
                json.has("head_dim") || whereAbsent.containsKey("head_dim")
                        ? size(json, "head_dim", whereAbsent)
                        : CommonKeys.headWidth(json, "hidden_size", "num_attention_heads");
        draft.tiedUnembed = json.boolOr("tie_word_embeddings", false);
        return draft;
    }

    private static int size(ConfigJson json, String key, Map<String, Integer> whereAbsent) {
        return !json.has(key) && whereAbsent.containsKey(key)
                ? whereAbsent.get(key)
                : json.requireInt(key);
    }

    /// The same rotary embedding in every block.
    void rotary(Rope rope, Pairing pairing) {
        rotary(Collections.nCopies(Math.max(0, nLayers), rope), pairing);
        if (rope instanceof Rope.Dynamic dynamic) {
            // the length that its config names is the one it was trained on, not the one it reaches
            nCtx = (int) Math.min(Integer.MAX_VALUE, dynamic.factor() * dynamic.originalContext());
        }
    }

    /// A rotary embedding for each block.
    void rotary(List<Rope> ropes, Pairing pairing) {
        positions = new Positions.Rotary(ropes, pairing);
    }

    /// A sliding window in the blocks that `sliding` names.
    void windows(OptionalInt width, IntPredicate sliding) {
        windows = new ArrayList<>();
        for (int layer = 0; layer < nLayers; layer++) {
            windows.add(sliding.test(layer) ? width : OptionalInt.empty());
        }
    }

    DecoderConfig build() {
        return new DecoderConfig(
                family,
                nLayers,
                dModel,
                dMlp,
                dVocab,
                nCtx,
                mixers.isEmpty()
                        ? IntStream.range(0, nLayers).<MixerShape>mapToObj(this::attention).toList()
                        : mixers,
                positions,
                activation,
                residual,
                (float) embeddingScale,
                (float) residualScale,
                logitSoftcap,
                tiedUnembed);
    }

    /// Attention of a block, as the fields say.
    AttentionShape attention(int layer) {
        double scale = scoreScale.orElse(1 / Math.sqrt(dHead));
        return new AttentionShape(
                nHeads,
                nKvHeads,
                dHead,
                dValue.orElse(dHead),
                scaleByInverseLayer ? scale / (layer + 1) : scale,
                scoreSoftcap,
                projectionClip,
                normsAfterTurn,
                windows.isEmpty() ? OptionalInt.empty() : windows.get(layer),
                OptionalInt.empty(),
                growth,
                OptionalInt.empty());
    }
}
