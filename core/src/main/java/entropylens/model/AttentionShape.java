package entropylens.model;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Sizes and scaling of attention in one block.
///
/// @param dHead elements of a query and of a key
/// @param dValue elements of a value
/// @param scoreScale factor on `q · k`
/// @param scoreSoftcap `c` of `c · tanh(score / c)`, if there is one (Gemma 2)
/// @param projectionClip queries, keys and values are cut off at ± this, if given (OLMo)
/// @param normsAfterTurn whether queries and keys are normed after the rotary turn, not before
/// @param window how many positions a token sees, itself included; empty for all
/// @param keysOf the earlier block whose keys and values are read, if they are not the block's own
///   (Gemma 4)
/// @param growth of the factor on `q · k` with the position of q, if it grows (Ministral 3, Llama
///   4)
/// @param chunk length of the chunks that positions fall into from the first on, if a token sees
///   its own chunk alone (Llama 4)
public record AttentionShape(
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
        implements MixerShape {
    /// Attention whose scores have the same factor everywhere.
    public AttentionShape(
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

    public AttentionShape {
        Widths.requirePositive("number of heads", nHeads);
        Widths.requirePositive("number of key-value heads", nKvHeads);
        Widths.requirePositive("d_head", dHead);
        Widths.requirePositive("width of a value", dValue);
        window.ifPresent(width -> Widths.requirePositive("sliding window", width));
        chunk.ifPresent(length -> Widths.requirePositive("attention chunk", length));
        if ((long) nHeads * Math.max(dHead, dValue) > Widths.MAX) {
            throw new IllegalArgumentException(
                    "%,d heads of %,d elements each are more than any model has"
                            .formatted(nHeads, Math.max(dHead, dValue)));
        }
        if (nHeads % nKvHeads != 0) {
            throw new IllegalArgumentException(
                    "%d heads cannot be shared by %d key-value heads".formatted(nHeads, nKvHeads));
        }
    }

    /// Factor on `q · k` where q stands at `position`.
    public float scoreScaleAt(int position) {
        return (float) (growth.isEmpty() ? scoreScale : scoreScale * growth.get().at(position));
    }

    /// First position that a token at `position` attends to.
    public int firstVisible(int position) {
        int first = window.isPresent() ? Math.max(0, position + 1 - window.getAsInt()) : 0;
        return chunk.isPresent() ? Math.max(first, position - position % chunk.getAsInt()) : first;
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
        return keysOf.isPresent() ? 0 : (long) (keyWidth() + valueWidth()) * Float.BYTES * capacity;
    }

    @Override
    public long rowFloats() {
        return queryWidth() + keyWidth() + valueWidth() + 2L * mixedWidth();
    }
}
