package entropylens.lens;

import entropylens.kernels.Backend;
import entropylens.model.KeptRows;
import org.jspecify.annotations.Nullable;

/// Reads rows out where they are: what sums over their logits on a device. The definitions stay
/// here: it gives sums ([SummedRows]), of which statistics are read as from the processor's.
public interface RowReader {
    /// A backend that has one.
    interface Maker extends Backend {
        /// For the readout of a model.
        RowReader rowReader(Unembed unembed);
    }

    /// Most rows of one call of [Reading#sum].
    int capacity(ReadoutRequest request);

    /// Begins to read rows, which may lie on the heap or on the device.
    ///
    /// @param count of them, from the first on
    Reading begin(KeptRows rows, int count, ReadoutRequest request);

    /// Puts rows of one layer through a lens, in place, where they are on the device: the rows
    /// `first`, `first + each`, `first + 2 each` …
    ///
    /// @param count how many
    void translate(KeptRows rows, int first, int each, int count, Translator by);

    /// Euclidean norms of the first `count` rows, which are on the device.
    double[] norms(KeptRows rows, int count);

    /// One readout, chunk after chunk, in the order of the rows.
    interface Reading extends AutoCloseable {
        /// Sums over the logits of some rows.
        ///
        /// @param rows by slot; the last ones may only be there to be compared with
        /// @param owned slots whose sums are asked for, the first ones
        /// @param targets token by slot, [LogitLens#NO_TARGET] for none; null where none is needed
        /// @param references slot that each slot is compared with; null where none is needed
        SummedRows sum(
                int[] rows, int owned, int @Nullable [] targets, int @Nullable [] references);

        @Override
        void close();
    }
}
