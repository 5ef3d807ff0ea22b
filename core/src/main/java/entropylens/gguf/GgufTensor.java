package entropylens.gguf;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor as the file has it.
///
/// @param name in the file
/// @param shape outermost size first, as everywhere else here; the file has them the other way
///   round
/// @param offset from the beginning of the data
/// @param bytes that it takes
/// @param data those bytes
record GgufTensor(
        String name, GgmlType type, List<Long> shape, long offset, long bytes, MemorySegment data) {

    GgufTensor {
        shape = List.copyOf(shape);
    }

    /// One of the tensors that this one is made of, along its outermost size.
    GgufTensor slice(int index) {
        long size = bytes / shape.getFirst();
        return new GgufTensor(
                name,
                type,
                shape.subList(1, shape.size()),
                offset + index * size,
                size,
                data.asSlice(index * size, size));
    }

    /// A vector as a matrix of one row.
    GgufTensor asRow() {
        return new GgufTensor(name, type, List.of(1L, shape.getFirst()), offset, bytes, data);
    }

    /// Its rows one after the other.
    GgufTensor asVector() {
        return new GgufTensor(name, type, List.of(rows() * rowWeights()), offset, bytes, data);
    }

    /// A matrix with a row for each channel as weights of a convolution.
    GgufTensor asConvolution() {
        return new GgufTensor(
                name, type, List.of(shape.getFirst(), 1L, shape.getLast()), offset, bytes, data);
    }

    boolean isConvolution() {
        return shape.size() == 3 && shape.get(1) == 1;
    }

    /// The size of a row.
    long rowWeights() {
        return shape.getLast();
    }

    long rowBytes() {
        return rowWeights() / type.blockWeights() * type.blockBytes();
    }

    /// How many rows there are, of all but the innermost size.
    long rows() {
        return shape.subList(0, shape.size() - 1).stream().reduce(1L, (a, b) -> a * b);
    }
}
