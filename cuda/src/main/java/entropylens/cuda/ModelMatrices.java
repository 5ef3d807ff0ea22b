package entropylens.cuda;

import entropylens.kernels.Matrix;
import entropylens.model.Weights;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The matrices of a model. Weights are records of records, so that all are found without a list
/// that a new kind of block would have to be written into.
final class ModelMatrices {
    private final Set<Matrix> found = new LinkedHashSet<>();

    private ModelMatrices() {}

    /// Those that activations are multiplied with: all but the tables of the embedding, which are
    /// read row by row, unless W_U is tied to one.
    static Set<Matrix> multiplied(Weights weights) {
        ModelMatrices matrices = new ModelMatrices();
        matrices.add(weights.blocks());
        matrices.add(weights.readout());
        Weights.Embedding embedding = weights.embedding();
        matrices.add(embedding.projection());
        if (embedding.perLayer() != null) {
            matrices.add(embedding.perLayer().projection());
        }
        return matrices.found;
    }

    private void add(@Nullable Object part) {
        switch (part) {
            case null -> {
                // what a model lacks
            }
            case Matrix matrix -> found.add(matrix);
            case List<?> list -> list.forEach(this::add);
            case Record record -> {
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    add(value(record, component));
                }
            }
            default -> {
                // floats, numbers, names
            }
        }
    }

    private static @Nullable Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(
                    "cannot read " + component + " of " + record.getClass(), e);
        }
    }
}
