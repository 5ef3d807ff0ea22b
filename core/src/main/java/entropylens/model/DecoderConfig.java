package entropylens.model;

import entropylens.hook.ScaledBlock;
import entropylens.kernels.Activation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

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
        List<MixerShape> mixers,
        Positions positions,
        Activation activation,
        Residual residual,
        float embeddingScale,
        float residualScale,
        OptionalDouble logitSoftcap,
        boolean tiedUnembed) {
    public DecoderConfig {
        Widths.requirePositive("number of blocks", nLayers);
        Widths.requirePositive("d_model", dModel);
        Widths.requirePositive("d_mlp", dMlp);
        Widths.requirePositive("d_vocab", dVocab);
        Widths.requirePositive("n_ctx", nCtx);
        mixers = List.copyOf(mixers);
        requireOneEach("mixers", mixers.size(), nLayers);
        requireWidth("d_model", dModel);
        requireWidth("d_mlp", dMlp);
        if (positions instanceof Positions.Rotary rotary) {
            requireOneEach("rotary embeddings", rotary.ropes().size(), nLayers);
        }
        for (int layer = 0; layer < nLayers; layer++) {
            Optional<AttentionShape> attention = attention(mixers.get(layer));
            if (attention.isPresent()) {
                requireFit(positions, layer, attention.get());
                requireKeys(mixers, layer, attention.get());
            }
        }
    }

    /// @throws IllegalArgumentException when there is no such block, or it has no MLP to scale
    public void requireTakes(List<ScaledBlock> blocks) {
        for (ScaledBlock block : blocks) {
            if (block.layer() >= nLayers) {
                throw new IllegalArgumentException(
                        "there is no block %d; this model has blocks 1..%d"
                                .formatted(block.layer() + 1, nLayers));
            }
            if (residual == Residual.ONE_SUM
                    && block.action().mlp() != block.action().attention()) {
                throw new IllegalArgumentException(
                        "a block of this model, of the family %s, adds to the stream once, so %s must have the same factor twice"
                                .formatted(family, block));
            }
        }
    }

    private static void requireKeys(List<MixerShape> mixers, int layer, AttentionShape attention) {
        if (attention.keysOf().isEmpty()) {
            return;
        }
        int from = attention.keysOf().getAsInt();
        boolean fits =
                from >= 0
                        && from < layer
                        && mixers.get(from) instanceof AttentionShape other
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
    public AttentionShape attention(int layer) {
        return attention(mixers.get(layer))
                .orElseThrow(() ->
                        new IllegalArgumentException("block %d has no attention".formatted(layer)));
    }

    private static Optional<AttentionShape> attention(MixerShape mixer) {
        return switch (mixer) {
            case AttentionShape attention -> Optional.of(attention);
            case MixerShape.SideBySide both -> Optional.of(both.attention());
            case MixerShape.Recurrent _ -> Optional.empty();
        };
    }

    /// The attention of all blocks that have it, in order.
    public List<AttentionShape> attentions() {
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

    private static void requireFit(Positions positions, int layer, AttentionShape attention) {
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
        if (value > Widths.MAX) {
            throw new IllegalArgumentException(
                    "%s is %,d, but no model has more than %,d".formatted(what, value, Widths.MAX));
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
