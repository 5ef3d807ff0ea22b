package entropylens.kernels;

import java.util.Arrays;

/// Another operator with factors before and behind it: `out = after ∘ (W (before · x) + bias)`.
///
/// @param before multiplies all that it takes
/// @param after one for each output
public record Scaled(Projection inner, float before, float[] after) implements Projection {
    public Scaled {
        if (inner instanceof Scaled || after.length != inner.outputs()) {
            throw new IllegalArgumentException(
                    "%d factors for %d outputs".formatted(after.length, inner.outputs()));
        }
    }

    /// The same factor for all outputs; the operator itself where that is 1.
    public static Projection of(Projection inner, double factor) {
        return of(inner, 1, factor);
    }

    /// The same factors for all inputs, and for all outputs; the operator itself where both are 1.
    public static Projection of(Projection inner, double before, double after) {
        if (before == 1 && after == 1) {
            return inner;
        }
        float[] factors = new float[inner.outputs()];
        Arrays.fill(factors, (float) after);
        return new Scaled(inner, (float) before, factors);
    }

    @Override
    public int inputs() {
        return inner.inputs();
    }

    @Override
    public int outputs() {
        return inner.outputs();
    }

    @Override
    public boolean biased() {
        return inner.biased();
    }

    @Override
    public long bytes() {
        return inner.bytes();
    }

    @Override
    public Scaled outputs(int from, int to) {
        return new Scaled(inner.outputs(from, to), before, Arrays.copyOfRange(after, from, to));
    }
}
