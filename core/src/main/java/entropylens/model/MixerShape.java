package entropylens.model;

/// What lets a block look at other tokens, in sizes and choices.
public sealed interface MixerShape
        permits AttentionShape, MixerShape.Recurrent, MixerShape.SideBySide {
    /// Bytes that a session of `capacity` tokens keeps for one such block.
    long stateBytes(int capacity);

    /// Floats that it needs for each row of a batch.
    long rowFloats();

    /// A mixer that goes through the tokens one by one and keeps as much of a thousand as of one.
    sealed interface Recurrent extends MixerShape
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
    record DeltaNet(int nKeyHeads, int nValueHeads, int dKey, int dValue, int taps)
            implements Recurrent {
        public DeltaNet {
            Widths.requirePositive("number of key heads", nKeyHeads);
            Widths.requirePositive("number of value heads", nValueHeads);
            Widths.requirePositive("width of a key", dKey);
            Widths.requirePositive("width of a value", dValue);
            Widths.requirePositive("width of the convolution", taps);
            long channels = 2L * nKeyHeads * dKey + (long) nValueHeads * dValue;
            long memory = (long) nValueHeads * dKey * dValue;
            if (channels * taps > Widths.MAX || memory > Widths.MAX) {
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
    record ShortConvolution(int channels, int taps) implements Recurrent {
        public ShortConvolution {
            Widths.requirePositive("number of channels", channels);
            Widths.requirePositive("width of the convolution", taps);
            if ((long) channels * Math.max(3, taps) > Widths.MAX) {
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
    record SelectiveScan(int channels, int states, int rank, int taps) implements Recurrent {
        public SelectiveScan {
            Widths.requirePositive("number of channels", channels);
            Widths.requirePositive("number of states", states);
            Widths.requirePositive("rank of the steps", rank);
            Widths.requirePositive("width of the convolution", taps);
            if ((long) channels * Math.max(states, taps) > Widths.MAX
                    || rank + 2L * states > Widths.MAX) {
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
    record StateSpace(int nHeads, int dHead, int nGroups, int dState, int taps)
            implements Recurrent {
        public StateSpace {
            Widths.requirePositive("number of state space heads", nHeads);
            Widths.requirePositive("width of a state space head", dHead);
            Widths.requirePositive("number of groups", nGroups);
            Widths.requirePositive("width of a state", dState);
            Widths.requirePositive("width of the convolution", taps);
            long inner = (long) nHeads * dHead;
            long channels = inner + 2L * nGroups * dState;
            if (inner > Widths.MAX
                    || channels > Widths.MAX
                    || channels * taps > Widths.MAX
                    || inner * dState > Widths.MAX) {
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
    record SideBySide(AttentionShape attention, StateSpace space) implements MixerShape {
        @Override
        public long stateBytes(int capacity) {
            return attention.stateBytes(capacity) + space.stateBytes(capacity);
        }

        @Override
        public long rowFloats() {
            return attention.rowFloats() + space.rowFloats();
        }
    }
}
