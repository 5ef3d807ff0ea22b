package entropylens.gguf;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a tensor of a GGUF file is among those of Hugging Face.
///
/// @param name there
/// @param rows which row of the file each row is; null where they are the same
/// @param columns which number of a row of the file each is; null where they are the same
/// @param transposed whether rows of the file are columns there
/// @param added to every weight of the file
record Place(
        String name,
        int @Nullable [] rows,
        int @Nullable [] columns,
        boolean transposed,
        float added) {
    /// As it is.
    static Place named(String name) {
        return new Place(name, null, null, false, 0);
    }

    /// Some rows, in an order.
    Place withRows(int... order) {
        return new Place(name, order, columns, transposed, added);
    }

    /// All numbers of each row, in an order.
    Place withColumns(int... order) {
        return new Place(name, rows, order, transposed, added);
    }

    Place asTransposed() {
        return new Place(name, rows, columns, true, added);
    }

    Place adding(float number) {
        return new Place(name, rows, columns, transposed, number);
    }

    /// Whether it can be computed with as the file has it.
    boolean isPlain(GgufTensor tensor) {
        return rows == null
                && columns == null
                && !transposed
                && added == 0
                && tensor.type().dtype().isPresent();
    }

    /// The sizes of a tensor at this place, outermost first.
    List<Long> shape(GgufTensor tensor) {
        List<Long> shape = tensor.shape();
        if (rows != null && shape.size() == 1) {
            return List.of((long) rows.length);
        }
        if (rows != null && rows.length == 1) {
            return List.of(shape.getLast());
        }
        if (rows != null && tensor.isConvolution()) {
            return List.of((long) rows.length, 1L, shape.getLast());
        }
        if (rows != null) {
            shape = List.of((long) rows.length, shape.getLast());
        }
        return transposed ? shape.reversed() : shape;
    }

    Tensor plain(GgufTensor tensor, Path file) {
        DType dtype = tensor.type().dtype().orElseThrow();
        return new Tensor(name, dtype, tensor.shape(), tensor.data(), file);
    }

    /// @throws CheckpointException when the tensor has no such form, or is of a type that is not
    ///   computed with
    RearrangedTensor rearranged(GgufTensor tensor, Path file) {
        if (!tensor.type().isRead()) {
            throw new CheckpointException(
                    "%s: tensor '%s' is %s, which is not read; read are %s: download the model in one of these"
                            .formatted(file, tensor.name(), tensor.type(), GgmlType.read()));
        }
        boolean vector = tensor.shape().size() == 1;
        boolean shifted = added != 0 && tensor.type() != GgmlType.F32;
        boolean reordered =
                (rows != null && tensor.shape().size() > 2 && !tensor.isConvolution())
                        || ((columns != null || transposed) && tensor.shape().size() > 2);
        boolean cut = rows != null && vector && tensor.type().blockWeights() > 1;
        if (shifted || reordered || cut || ((columns != null || transposed) && vector)) {
            throw new CheckpointException(
                    "%s: tensor '%s' of shape %s is %s, which is not what llama.cpp makes of this architecture; the file is damaged, or of a kind that is not read"
                            .formatted(file, tensor.name(), tensor.shape(), tensor.type()));
        }
        return new RearrangedTensor(this, tensor, file);
    }

    /// This place alone, for lists.
    List<Place> alone() {
        return Collections.singletonList(this);
    }
}
