package entropylens.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/// A tensor that a file holds in another form than the engine computes with: transposed, with its
/// rows in another order, or in blocks of quantised weights. It is written out when it is asked
/// for.
public interface DerivedTensor {
    /// The tensor's name.
    String name();

    /// The element type of what is written out.
    DType dtype();

    /// The sizes of what is written out, outermost first.
    List<Long> shape();

    /// Where it lies, for messages.
    Path file();

    /// Bytes that it takes in the file.
    long storedBytes();

    /// What the type that it is stored in is called.
    default String storedAs() {
        return dtype().name();
    }

    /// How many elements there are.
    default long elements() {
        return shape().stream().reduce(1L, Math::multiplyExact);
    }

    /// Whether it claims more elements than are stored.
    default boolean repeats() {
        return false;
    }

    /// The tensor written out, row by row, in memory of `arena`.
    ///
    /// @throws CheckpointException when it cannot be
    Tensor copied(Arena arena);
}
