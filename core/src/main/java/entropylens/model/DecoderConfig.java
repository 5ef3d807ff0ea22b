package entropylens.model;

import entropylens.kernels.Activation;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What distinguishes one decoder-only transformer from another, beside its weights. Field names
/// are the field's; the keys of Hugging Face's config.json appear only in `entropylens.family`.
///
/// What a block has or lacks (norms, biases, a gate) is said by [Weights].
///
/// @param family name of the family that made it, for display
/// @param nCtx longest sequence the model was made for
/// @param activation between the projections of the MLP; gated MLPs apply it to the gate
/// @param embeddingScale factor on the embedding of a token (Gemma: √d_model; otherwise 1)
/// @param residualScale factor on what attention and MLP add to the stream (Granite; otherwise 1)
/// @param logitSoftcap `c` of the readout's `c · tanh(z / c)`, if there is one
/// @param tiedUnembed whether W_U is W_E transposed
public record DecoderConfig(
        String family,
        int nLayers,
        int dModel,
        int dMlp,
        int dVocab,
        int nCtx,
        Attention attention,
        Positions positions,
        Activation activation,
        Residual residual,
        float embeddingScale,
        float residualScale,
        OptionalDouble logitSoftcap,
        boolean tiedUnembed) {
    /// Fused projections have some of these widths side by side, and their sum must be an int.
    private static final int MAX_WIDTH = 1 << 28;

    /// Sizes and scaling of attention.
    ///
    /// @param scoreScale factor on `q · k`
    /// @param scaleByInverseLayer divides scores of block l by l + 1 as well (an option of GPT-2)
    /// @param scoreSoftcap `c` of `c · tanh(score / c)`, if there is one (Gemma 2)
    /// @param projectionClip queries, keys and values are cut off at ± this, if given (OLMo)
    /// @param windows per block, how many positions a token sees, itself included; empty for all
    public record Attention(
            int nHeads,
            int nKvHeads,
            int dHead,
            double scoreScale,
            boolean scaleByInverseLayer,
            OptionalDouble scoreSoftcap,
            OptionalDouble projectionClip,
            List<OptionalInt> windows) {

        public Attention {
            windows = List.copyOf(windows);
        }

        /// The factor on `q · k` in one block.
        public float scale(int layer) {
            return (float) (scaleByInverseLayer ? scoreScale / (layer + 1) : scoreScale);
        }

        /// First position that a token at `position` attends to in a block.
        public int firstVisible(int layer, int position) {
            OptionalInt window = windows.get(layer);
            return window.isPresent() ? Math.max(0, position + 1 - window.getAsInt()) : 0;
        }

        /// @throws ArithmeticException when it is no int: no such model exists
        public int queryWidth() {
            return Math.multiplyExact(nHeads, dHead);
        }

        /// @throws ArithmeticException when it is no int: no such model exists
        public int keyWidth() {
            return Math.multiplyExact(nKvHeads, dHead);
        }
    }

    public DecoderConfig {
        requirePositive("number of blocks", nLayers);
        requirePositive("d_model", dModel);
        requirePositive("d_mlp", dMlp);
        requirePositive("d_vocab", dVocab);
        requirePositive("n_ctx", nCtx);
        requirePositive("number of heads", attention.nHeads());
        requirePositive("number of key-value heads", attention.nKvHeads());
        requirePositive("d_head", attention.dHead());
        attention
                .windows()
                .forEach(window -> window.ifPresent(w -> requirePositive("sliding window", w)));
        requireOneEach("sliding windows", attention.windows().size(), nLayers);
        requireWidth("d_model", dModel);
        requireWidth("d_mlp", dMlp);
        if ((long) attention.nHeads() * attention.dHead() > MAX_WIDTH) {
            throw new IllegalArgumentException(
                    "%,d heads of %,d elements each are more than any model has"
                            .formatted(attention.nHeads(), attention.dHead()));
        }
        if (attention.nHeads() % attention.nKvHeads() != 0) {
            throw new IllegalArgumentException(
                    "%d heads cannot be shared by %d key-value heads"
                            .formatted(attention.nHeads(), attention.nKvHeads()));
        }
        switch (positions) {
            case Positions.Learned _ -> {}
            case Positions.Rotary rotary -> requireTurnable(rotary, nLayers, attention.dHead());
            case Positions.Alibi alibi ->
                    requireOneEach("slopes", alibi.slopes().length, attention.nHeads());
        }
    }

    /// The same, with a W_U of its own.
    public DecoderConfig untied() {
        return new DecoderConfig(
                family,
                nLayers,
                dModel,
                dMlp,
                dVocab,
                nCtx,
                attention,
                positions,
                activation,
                residual,
                embeddingScale,
                residualScale,
                logitSoftcap,
                false);
    }

    private static void requireTurnable(Positions.Rotary rotary, int nLayers, int dHead) {
        requireOneEach("rotary embeddings", rotary.ropes().size(), nLayers);
        for (Rope rope : rotary.ropes()) {
            if (rope.rotated() < 2 || rope.rotated() > dHead) {
                throw new IllegalArgumentException(
                        "%d of %d elements of a head cannot be turned"
                                .formatted(rope.rotated(), dHead));
            }
        }
    }

    private static void requireWidth(String what, int value) {
        if (value > MAX_WIDTH) {
            throw new IllegalArgumentException(
                    "%s is %,d, but no model has more than %,d".formatted(what, value, MAX_WIDTH));
        }
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive, but is " + value);
        }
    }

    private static void requireOneEach(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(
                    "%d %s are given where %d are needed".formatted(found, what, expected));
        }
    }

    /// Bytes of keys and values that one token of one session keeps.
    public long kvBytesPerToken() {
        return 2L * nLayers * attention.keyWidth() * Float.BYTES;
    }
}
