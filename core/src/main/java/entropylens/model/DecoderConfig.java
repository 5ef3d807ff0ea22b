package entropylens.model;

import entropylens.kernels.Activation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What distinguishes one decoder-only transformer from another, beside its weights. Field names
/// are the field's; the keys of Hugging Face's config.json appear only in `entropylens.family`.
///
/// What a block has or lacks (norms, biases, a gate) is said by [Weights].
///
/// @param family name of the family that made it, for display
/// @param nCtx longest sequence the model was made for
/// @param mixers one for each block
/// @param activation between the projections of an MLP that has learned none of its own; gated MLPs
///   apply it to the gate
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
        List<Mixer> mixers,
        Positions positions,
        Activation activation,
        Residual residual,
        float embeddingScale,
        float residualScale,
        OptionalDouble logitSoftcap,
        boolean tiedUnembed) {
    /// Fused projections have some of these widths side by side, and their sum must be an int.
    private static final int MAX_WIDTH = 1 << 28;

    /// What lets a block look at other tokens, in sizes and choices.
    public sealed interface Mixer permits Attention, Recurrent, SideBySide {
        /// Bytes that a session of `capacity` tokens keeps for one such block.
        long stateBytes(int capacity);

        /// Floats that it needs for each row of a batch.
        long rowFloats();
    }

    /// A mixer that goes through the tokens one by one and keeps as much of a thousand as of one.
    public sealed interface Recurrent extends Mixer
            permits DeltaNet, ShortConvolution, SelectiveScan, StateSpace {
        /// Tokens that its convolution sees, the newest included.
        int taps();

        /// Of its convolution.
        int channels();

        /// Floats that its recurrence keeps.
        int memory();

        @Override
        default long stateBytes(int capacity) {
            return ((long) (taps() - 1) * channels() + memory()) * Float.BYTES;
        }
    }

    /// Sizes of a gated delta net (Qwen3-Next, Qwen 3.5).
    ///
    /// @param nKeyHeads heads of queries and keys, each of which serves as many value heads
    /// @param dKey elements of a query and of a key
    /// @param dValue elements of a value
    public record DeltaNet(int nKeyHeads, int nValueHeads, int dKey, int dValue, int taps)
            implements Recurrent {
        public DeltaNet {
            requirePositive("number of key heads", nKeyHeads);
            requirePositive("number of value heads", nValueHeads);
            requirePositive("width of a key", dKey);
            requirePositive("width of a value", dValue);
            requirePositive("width of the convolution", taps);
            long channels = 2L * nKeyHeads * dKey + (long) nValueHeads * dValue;
            long memory = (long) nValueHeads * dKey * dValue;
            if (channels * taps > MAX_WIDTH || memory > MAX_WIDTH) {
                throw new IllegalArgumentException(
                        "%,d key heads of %,d elements and %,d value heads of %,d are more than any model has"
                                .formatted(nKeyHeads, dKey, nValueHeads, dValue));
            }
            if (nValueHeads % nKeyHeads != 0) {
                throw new IllegalArgumentException(
                        "%d value heads cannot be shared out among %d key heads"
                                .formatted(nValueHeads, nKeyHeads));
            }
        }

        /// Of all queries of a token, and of all keys.
        public int keyWidth() {
            return nKeyHeads * dKey;
        }

        /// Of all values of a token.
        public int valueWidth() {
            return nValueHeads * dValue;
        }

        @Override
        public int channels() {
            return 2 * keyWidth() + valueWidth();
        }

        @Override
        public int memory() {
            return nValueHeads * dKey * dValue;
        }

        @Override
        public long rowFloats() {
            return 3L * channels() + 3L * valueWidth() + 4L * nValueHeads;
        }
    }

    /// Sizes of a gated short convolution (LFM2).
    public record ShortConvolution(int channels, int taps) implements Recurrent {
        public ShortConvolution {
            requirePositive("number of channels", channels);
            requirePositive("width of the convolution", taps);
            if ((long) channels * Math.max(3, taps) > MAX_WIDTH) {
                throw new IllegalArgumentException(
                        "a convolution of %,d channels over %,d tokens is more than any model has"
                                .formatted(channels, taps));
            }
        }

        /// It has no recurrence beside the convolution.
        @Override
        public int memory() {
            return 0;
        }

        @Override
        public long rowFloats() {
            return 5L * channels;
        }
    }

    /// Sizes of a selective scan (Mamba).
    ///
    /// @param states that each channel has
    /// @param rank elements that the steps of all channels come out of
    public record SelectiveScan(int channels, int states, int rank, int taps) implements Recurrent {
        public SelectiveScan {
            requirePositive("number of channels", channels);
            requirePositive("number of states", states);
            requirePositive("rank of the steps", rank);
            requirePositive("width of the convolution", taps);
            if ((long) channels * Math.max(states, taps) > MAX_WIDTH
                    || rank + 2L * states > MAX_WIDTH) {
                throw new IllegalArgumentException(
                        "%,d channels of %,d states, with steps out of %,d elements, are more than any model has"
                                .formatted(channels, states, rank));
            }
        }

        @Override
        public int memory() {
            return channels * states;
        }

        @Override
        public long rowFloats() {
            return 5L * channels + 2L * rank + 2L * states;
        }
    }

    /// Sizes of a state space mixer (Mamba-2).
    ///
    /// @param dHead channels of a head
    /// @param nGroups of heads, each of which shares B and C
    /// @param dState elements of B and of C, and of what a channel remembers
    public record StateSpace(int nHeads, int dHead, int nGroups, int dState, int taps)
            implements Recurrent {
        public StateSpace {
            requirePositive("number of state space heads", nHeads);
            requirePositive("width of a state space head", dHead);
            requirePositive("number of groups", nGroups);
            requirePositive("width of a state", dState);
            requirePositive("width of the convolution", taps);
            long inner = (long) nHeads * dHead;
            long channels = inner + 2L * nGroups * dState;
            if (inner > MAX_WIDTH
                    || channels > MAX_WIDTH
                    || channels * taps > MAX_WIDTH
                    || inner * dState > MAX_WIDTH) {
                throw new IllegalArgumentException(
                        "%,d heads of %,d channels with %,d groups of %,d states, over %,d tokens, are more than any model has"
                                .formatted(nHeads, dHead, nGroups, dState, taps));
            }
            if (nHeads % nGroups != 0) {
                throw new IllegalArgumentException(
                        "%d state space heads cannot be shared out among %d groups"
                                .formatted(nHeads, nGroups));
            }
        }

        /// Of all heads of a token.
        public int innerWidth() {
            return nHeads * dHead;
        }

        /// Of what one projection gives: gates, channels and steps.
        public int projectedWidth() {
            return innerWidth() + channels() + nHeads;
        }

        @Override
        public int channels() {
            return innerWidth() + 2 * nGroups * dState;
        }

        @Override
        public int memory() {
            return innerWidth() * dState;
        }

        @Override
        public long rowFloats() {
            return projectedWidth() + 2L * channels() + innerWidth();
        }
    }

    /// Attention and a state space that read the same and whose results are added (Falcon-H1).
    public record SideBySide(Attention attention, StateSpace space) implements Mixer {
        @Override
        public long stateBytes(int capacity) {
            return attention.stateBytes(capacity) + space.stateBytes(capacity);
        }

        @Override
        public long rowFloats() {
            return attention.rowFloats() + space.rowFloats();
        }
    }

    /// Sizes and scaling of attention in one block.
    ///
    /// @param dHead elements of a query and of a key
    /// @param dValue elements of a value
    /// @param scoreScale factor on `q · k`
    /// @param scoreSoftcap `c` of `c · tanh(score / c)`, if there is one (Gemma 2)
    /// @param projectionClip queries, keys and values are cut off at ± this, if given (OLMo)
    /// @param normsAfterTurn whether queries and keys are normed after the rotary turn, not before
    /// @param window how many positions a token sees, itself included; empty for all
    /// @param keysOf the earlier block whose keys and values are read, if they are not the block's
    ///   own (Gemma 4)
    /// @param growth of the factor on `q · k` with the position of q, if it grows (Ministral 3,
    ///   Llama 4)
    /// @param chunk length of the chunks that positions fall into from the first on, if a token
    ///   sees its own chunk alone (Llama 4)
    public record Attention(
            int nHeads,
            int nKvHeads,
            int dHead,
            int dValue,
            double scoreScale,
            OptionalDouble scoreSoftcap,
            OptionalDouble projectionClip,
            boolean normsAfterTurn,
            OptionalInt window,
            OptionalInt keysOf,
            Optional<ScoreGrowth> growth,
            OptionalInt chunk)
            implements Mixer {
        /// Attention whose scores have the same factor everywhere.
        public Attention(
                int nHeads,
                int nKvHeads,
                int dHead,
                int dValue,
                double scoreScale,
                OptionalDouble scoreSoftcap,
                OptionalDouble projectionClip,
                boolean normsAfterTurn,
                OptionalInt window,
                OptionalInt keysOf) {
            this(
                    nHeads,
                    nKvHeads,
                    dHead,
                    dValue,
                    scoreScale,
                    scoreSoftcap,
                    projectionClip,
                    normsAfterTurn,
                    window,
                    keysOf,
                    Optional.empty(),
                    OptionalInt.empty());
        }

        public Attention {
            requirePositive("number of heads", nHeads);
            requirePositive("number of key-value heads", nKvHeads);
            requirePositive("d_head", dHead);
            requirePositive("width of a value", dValue);
            window.ifPresent(width -> requirePositive("sliding window", width));
            chunk.ifPresent(length -> requirePositive("attention chunk", length));
            if ((long) nHeads * Math.max(dHead, dValue) > MAX_WIDTH) {
                throw new IllegalArgumentException(
                        "%,d heads of %,d elements each are more than any model has"
                                .formatted(nHeads, Math.max(dHead, dValue)));
            }
            if (nHeads % nKvHeads != 0) {
                throw new IllegalArgumentException(
                        "%d heads cannot be shared by %d key-value heads"
                                .formatted(nHeads, nKvHeads));
            }
        }

        /// Factor on `q · k` where q stands at `position`.
        public float scoreScaleAt(int position) {
            return (float) (growth.isEmpty() ? scoreScale : scoreScale * growth.get().at(position));
        }

        /// First position that a token at `position` attends to.
        public int firstVisible(int position) {
            int first = window.isPresent() ? Math.max(0, position + 1 - window.getAsInt()) : 0;
            return chunk.isPresent()
                    ? Math.max(first, position - position % chunk.getAsInt())
                    : first;
        }

        /// Of all queries of a token.
        public int queryWidth() {
            return nHeads * dHead;
        }

        /// Of all keys of a token.
        public int keyWidth() {
            return nKvHeads * dHead;
        }

        /// Of all values of a token.
        public int valueWidth() {
            return nKvHeads * dValue;
        }

        /// Of what all heads mix, which the output projection reads.
        public int mixedWidth() {
            return nHeads * dValue;
        }

        @Override
        public long stateBytes(int capacity) {
            return keysOf.isPresent()
                    ? 0
                    : (long) (keyWidth() + valueWidth()) * Float.BYTES * capacity;
        }

        @Override
        public long rowFloats() {
            return queryWidth() + keyWidth() + valueWidth() + 2L * mixedWidth();
        }
    }

    public DecoderConfig {
        requirePositive("number of blocks", nLayers);
        requirePositive("d_model", dModel);
        requirePositive("d_mlp", dMlp);
        requirePositive("d_vocab", dVocab);
        requirePositive("n_ctx", nCtx);
        mixers = List.copyOf(mixers);
        requireOneEach("mixers", mixers.size(), nLayers);
        requireWidth("d_model", dModel);
        requireWidth("d_mlp", dMlp);
        if (positions instanceof Positions.Rotary rotary) {
            requireOneEach("rotary embeddings", rotary.ropes().size(), nLayers);
        }
        for (int layer = 0; layer < nLayers; layer++) {
            Optional<Attention> attention = attention(mixers.get(layer));
            if (attention.isPresent()) {
                requireFit(positions, layer, attention.get());
                requireKeys(mixers, layer, attention.get());
            }
        }
    }

    private static void requireKeys(List<Mixer> mixers, int layer, Attention attention) {
        if (attention.keysOf().isEmpty()) {
            return;
        }
        int from = attention.keysOf().getAsInt();
        boolean fits =
                from >= 0
                        && from < layer
                        && mixers.get(from) instanceof Attention other
                        && other.keysOf().isEmpty()
                        && other.nKvHeads() == attention.nKvHeads()
                        && other.dHead() == attention.dHead()
                        && other.dValue() == attention.dValue();
        if (!fits) {
            throw new IllegalArgumentException(
                    "block %d cannot read keys and values of block %d".formatted(layer, from));
        }
    }

    /// The attention of a block.
    ///
    /// @throws IllegalArgumentException when the block has none
    public Attention attention(int layer) {
        return attention(mixers.get(layer))
                .orElseThrow(() ->
                        new IllegalArgumentException("block %d has no attention".formatted(layer)));
    }

    private static Optional<Attention> attention(Mixer mixer) {
        return switch (mixer) {
            case Attention attention -> Optional.of(attention);
            case SideBySide both -> Optional.of(both.attention());
            case Recurrent _ -> Optional.empty();
        };
    }

    /// The attention of all blocks that have it, in order.
    public List<Attention> attentions() {
        return mixers.stream().flatMap(mixer -> attention(mixer).stream()).toList();
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
                mixers,
                positions,
                activation,
                residual,
                embeddingScale,
                residualScale,
                logitSoftcap,
                false);
    }

    private static void requireFit(Positions positions, int layer, Attention attention) {
        switch (positions) {
            case Positions.None _, Positions.Learned _ -> {}
            case Positions.Rotary rotary ->
                    requireTurnable(rotary.ropes().get(layer), attention.dHead());
            case Positions.Alibi alibi ->
                    requireOneEach("slopes", alibi.slopes().length, attention.nHeads());
        }
    }

    private static void requireTurnable(Rope rope, int dHead) {
        boolean turns = !(rope instanceof Rope.None);
        if (turns && (rope.rotated() < 2 || rope.rotated() > dHead)) {
            throw new IllegalArgumentException(
                    "%d of %d elements of a head cannot be turned"
                            .formatted(rope.rotated(), dHead));
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

    /// Bytes that one session of `capacity` tokens keeps: keys and values, or what other mixers
    /// remember.
    public long stateBytes(int capacity) {
        return mixers.stream().mapToLong(mixer -> mixer.stateBytes(capacity)).sum();
    }
}
