package entropylens.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/// A named block of weights in a mapped file. `data` is a read-only slice of the mapping:
/// row-major, little-endian, exactly `elements() * dtype().bytes()` bytes, valid as long as the
/// arena that the checkpoint was opened with, and not necessarily aligned to the element size.
///
/// @param name the tensor's name in the file
/// @param dtype the element type
/// @param shape the sizes, outermost first; empty for a scalar
/// @param data the mapped bytes
/// @param file where it lies, for messages
public record Tensor(String name, DType dtype, List<Long> shape, MemorySegment data, Path file) {

    /// Takes a copy of `shape`.
    public Tensor {
        shape = List.copyOf(shape);
    }

    /// How many elements there are; 1 for a scalar.
    public long elements() {
        return data.byteSize() / dtype.bytes();
    }
}
