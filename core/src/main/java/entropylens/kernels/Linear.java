package entropylens.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One matrix and, perhaps, a bias.
///
/// @param bias one per output, or null
public record Linear(Matrix matrix, float @Nullable [] bias) implements Projection {
    public Linear {
        if (bias != null && bias.length != matrix.outputs()) {
            throw new IllegalArgumentException(
                    "%d biases for %d outputs".formatted(bias.length, matrix.outputs()));
        }
    }

    @Override
    public int inputs() {
        return matrix.inputs();
    }

    @Override
    public int outputs() {
        return matrix.outputs();
    }

    @Override
    public boolean biased() {
        return bias != null;
    }

    @Override
    public long bytes() {
        return matrix.bytes();
    }

    @Override
    public Linear outputs(int from, int to) {
        return new Linear(
                matrix.outputs(from, to), bias == null ? null : Arrays.copyOfRange(bias, from, to));
    }
}
