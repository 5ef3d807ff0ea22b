package entropylens.model;

import entropylens.kernels.Activation;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What distinguishes one decoder-only transformer from another, beside its weights. Field names
/// are the field's; the keys of Hugging Face's config.json appear only in `entropylens.family`.
///
/// @param family name of the family that made it, for display
/// @param nCtx longest sequence the model was made for
/// @param activation between the projections of the MLP; gated MLPs apply it to the gate
/// @param logitSoftcap `c` of the readout's `c · tanh(z / c)`, if there is one
/// @param tiedUnembed whether W_U is W_E transposed
/// @param normEps what the norms add to the variance or mean square
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
        OptionalDouble logitSoftcap,
        boolean tiedUnembed,
        double normEps,
        Biases biases) {

    /// Which projections have biases.
    public record Biases(boolean attention, boolean mlp) {}

    /// Sizes and scaling of attention.
    ///
    /// @param scoreScale factor on `q · k`
    /// @param scaleByInverseLayer divides scores of block l by l + 1 as well (an option of GPT-2)
    /// @param slidingWindow how many positions a token sees, itself included; empty for all
    public record Attention(
            int nHeads,
            int nKvHeads,
            int dHead,
            double scoreScale,
            boolean scaleByInverseLayer,
            OptionalInt slidingWindow) {

        /// The factor on `q · k` in one block.
        public float scale(int layer) {
            return (float) (scaleByInverseLayer ? scoreScale / (layer + 1) : scoreScale);
        }

        /// First position that a token at `position` attends to.
        public int firstVisible(int position) {
            return slidingWindow.isPresent()
                    ? Math.max(0, position + 1 - slidingWindow.getAsInt())
                    : 0;
        }

        public int queryWidth() {
            return nHeads * dHead;
        }

        public int keyWidth() {
            return nKvHeads * dHead;
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
        attention.slidingWindow().ifPresent(window -> requirePositive("sliding window", window));
        if (attention.nHeads() % attention.nKvHeads() != 0) {
            throw new IllegalArgumentException(
                    "%d heads cannot be shared by %d key-value heads"
                            .formatted(attention.nHeads(), attention.nKvHeads()));
        }
        if (positions instanceof Positions.Rotary && attention.dHead() % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary positions need an even d_head, but it is " + attention.dHead());
        }
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive, but is " + value);
        }
    }

    /// Bytes of keys and values that one token of one session keeps.
    public long kvBytesPerToken() {
        return 2L * nLayers * attention.keyWidth() * Float.BYTES;
    }
}
