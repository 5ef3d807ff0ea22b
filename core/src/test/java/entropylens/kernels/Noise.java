package entropylens.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/// Seeded numbers for tests.
public final class Noise {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Noise() {}

    /// Normal with mean 0 and standard deviation 1.
    public static float[] floats(int n, long seed) {
        return floats(n, seed, 1);
    }

    /// Normal with mean 0 and the given standard deviation.
    public static float[] floats(int n, long seed, double std) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (std * random.nextGaussian());
        }
        return values;
    }

    /// Uniform in `[-limit, limit)`.
    public static float[] uniform(int n, long seed, double limit) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (limit * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    /// A dense matrix of normal weights, rounded to its type.
    public static DenseMatrix matrix(
            WeightType type, int outputs, int inputs, Matrix.Layout layout, long seed) {
        return matrix(type, outputs, inputs, layout, floats(outputs * inputs, seed));
    }

    /// A dense matrix of the given weights in the order of its layout, rounded to its type; outside
    /// the Java heap, as mapped weights are.
    public static DenseMatrix matrix(
            WeightType type, int outputs, int inputs, Matrix.Layout layout, float[] weights) {
        // not zeroed by hand and not aligned: a tensor may start at any byte of a file
        MemorySegment data =
                Arena.ofAuto().allocate((long) weights.length * type.bytes() + 1, 64).asSlice(1);
        for (int i = 0; i < weights.length; i++) {
            switch (type) {
                case F32 -> data.set(FLOAT, 4L * i, weights[i]);
                case F16 -> data.set(SHORT, 2L * i, Float.floatToFloat16(weights[i]));
                case BF16 ->
                        data.set(SHORT, 2L * i, (short) (Float.floatToIntBits(weights[i]) >>> 16));
            }
        }
        return Matrix.dense(data, type, outputs, inputs, layout);
    }

    /// One weight, widened.
    public static float weight(DenseMatrix matrix, int output, int input) {
        return ScalarKernels.weight(matrix, output, input);
    }
}
