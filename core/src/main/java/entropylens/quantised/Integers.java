package entropylens.quantised;

import entropylens.checkpoint.DType;
import entropylens.checkpoint.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Small tensors of integers.
final class Integers {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_SHOWN = 8;

    private Integers() {}

    /// The first few elements, or all if they are no more.
    static List<Long> of(Tensor tensor) {
        List<Long> values = new ArrayList<>();
        for (long i = 0; i < Math.min(MAX_SHOWN, tensor.elements()); i++) {
            values.add(
                    tensor.dtype() == DType.I64
                            ? tensor.data().get(LONG, 8 * i)
                            : tensor.data().get(Scales.INT, 4 * i));
        }
        return values;
    }

    /// The group of each input; null where they are equal groups of neighbours.
    ///
    /// @param count of groups
    /// @throws entropylens.checkpoint.CheckpointException when one is not in `[0, count)`
    static int @org.jspecify.annotations.Nullable [] groups(Tensor index, int count) {
        int inputs = (int) index.elements();
        int[] groups = new int[inputs];
        boolean neighbours = count > 0 && inputs % count == 0;
        for (int i = 0; i < inputs; i++) {
            groups[i] = index.data().get(Scales.INT, 4L * i);
            if (groups[i] < 0 || groups[i] >= count) {
                throw Stored.wrong(index, "name one of %d groups for each input".formatted(count));
            }
            neighbours &= groups[i] == i / Math.max(1, inputs / count);
        }
        return neighbours ? null : groups;
    }
}
