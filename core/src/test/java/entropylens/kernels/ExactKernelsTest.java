package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.kernels.Matrix.Layout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the contract of [Kernels] says exact, the vector kernels give the bits of the scalar ones.
class ExactKernelsTest {
    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels VECTOR = new VectorKernels();
    private static final int LANES = VECTOR.lanes();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 511, 512, 513, 768, 1100})
    void aTileIsExact(int length) {
        int aStride = length + 3;
        float[] a = Noise.floats(2 + Kernels.TILE_ROWS * aStride, 1);
        float[] b = Noise.floats(1 + length * 4 * LANES, 2);
        for (int vectors = 1; vectors <= Kernels.TILE_VECTORS; vectors++) {
            int columns = vectors * LANES;
            int cStride = columns + 1;
            float[] scalar = Noise.floats(3 + Kernels.TILE_ROWS * cStride, 3);
            float[] vector = scalar.clone();
            // a vector of the scalar kernels is one float: as many of them as columns
            SCALAR.tile(a, 2, aStride, b, 1, length, columns, scalar, 3, cStride);
            VECTOR.tile(a, 2, aStride, b, 1, length, vectors, vector, 3, cStride);
            assertThat(vector).as("%d vectors", vectors).isEqualTo(scalar);
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 511, 512, 513, 768, 1023, 1024, 1025,
                1100
            })
    void columnSumsAreExact(int size) {
        for (WeightType type : WeightType.values()) {
            for (int other : new int[] {1, 3, 17, 64}) {
                columnSums(Noise.matrix(type, size, other, Layout.IN_OUT, 1), 0, size);
                columnSums(Noise.matrix(type, other, size, Layout.IN_OUT, 2), 0, other);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void columnSumsOfASliceAreExact(WeightType type) {
        DenseMatrix fused = Noise.matrix(type, 150, 1030, Layout.IN_OUT, 1);
        for (int[] cut : new int[][] {{0, 50}, {50, 100}, {1, 34}, {37, 150}, {149, 150}}) {
            DenseMatrix slice = fused.outputs(cut[0], cut[1]);
            int outputs = slice.outputs();
            columnSums(slice, 0, outputs);
            columnSums(slice, outputs / 3, outputs);
            columnSums(slice, outputs / 5, outputs - outputs / 7);
        }
    }

    private static void columnSums(DenseMatrix weights, int from, int to) {
        float[] x = Noise.floats(weights.inputs() + 2, 4);
        float[] scalar = Noise.floats(weights.outputs() + 3, 5);
        float[] vector = scalar.clone();
        SCALAR.columnSums(weights, x, 2, scalar, 3, from, to);
        VECTOR.columnSums(weights, x, 2, vector, 3, from, to);
        assertThat(vector)
                .as(
                        "%s %d x %d, outputs %d to %d",
                        weights.type(), weights.outputs(), weights.inputs(), from, to)
                .isEqualTo(scalar);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 511, 512, 513, 768, 1100})
    void mixIsExact(int width) {
        for (int count : new int[] {1, 2, 7, 65}) {
            float[] weights = Noise.floats(count, 1);
            float[] values = Noise.floats(3 + count * width, 2);
            float[] scalar = Noise.floats(width + 4, 3);
            float[] vector = scalar.clone();
            SCALAR.mix(weights, values, 3, width, count, scalar, 2);
            VECTOR.mix(weights, values, 3, width, count, vector, 2);
            assertThat(vector).as("%d values", count).isEqualTo(scalar);
        }
    }

    @ParameterizedTest
    @EnumSource
    void weightsAreReadExactly(WeightType type) {
        DenseMatrix weights = Noise.matrix(type, 700, 9, Layout.IN_OUT, 3);
        for (int count : new int[] {1, 7, 8, 9, 15, 16, 17, 4 * LANES, 4 * LANES + 1, 512, 697}) {
            float[] scalar = new float[5 * count + 3];
            float[] vector = new float[5 * count + 3];
            SCALAR.read(weights, 3, 2, 5, count, scalar, 2);
            VECTOR.read(weights, 3, 2, 5, count, vector, 2);
            assertThat(vector).as("%d weights", count).isEqualTo(scalar);
            assertThat(scalar[2 + count]).isEqualTo(ScalarKernels.weight(weights, 3, 3));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyFiniteHalfIsReadExactly(WeightType type) {
        float[] all = new float[1 << 16];
        for (int i = 0; i < all.length; i++) {
            float half =
                    type == WeightType.F16
                            ? Float.float16ToFloat((short) i)
                            : Float.intBitsToFloat(i << 16);
            all[i] = Float.isFinite(half) ? half : 0;
        }
        DenseMatrix weights = Noise.matrix(type, all.length, 1, Layout.IN_OUT, all);
        float[] read = new float[all.length];
        VECTOR.columnSums(weights, new float[] {1}, 0, read, 0, 0, all.length);
        for (int i = 0; i < all.length; i++) {
            assertThat(read[i] == all[i]).as("half %04x", i).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 96, 511})
    void columnMaximaAndCountsAreExact(int entries) {
        for (int vectors = 1; vectors <= Kernels.TILE_VECTORS; vectors++) {
            int rows = vectors * LANES;
            float[] z = Noise.floats(5 + entries * rows, 1);
            for (int i = 0; i < z.length; i++) {
                z[i] = Math.round(4 * z[i]) / 4f; // ties
            }
            z[5] = Float.NEGATIVE_INFINITY;
            z[5 + (entries - 1) * rows + 1] = Float.POSITIVE_INFINITY;
            z[5 + entries / 2 * rows + 2] = Float.NaN;
            for (int e = 0; e < entries; e++) {
                z[5 + e * rows + 3] = Float.NEGATIVE_INFINITY;
                z[5 + e * rows + 4] = e % 2 == 0 ? -0f : 0f;
            }
            float[] scalar = new float[rows];
            float[] vector = new float[rows];
            SCALAR.columnMax(z, 5, entries, rows, scalar);
            VECTOR.columnMax(z, 5, entries, rows, vector);
            assertThat(vector).isEqualTo(scalar);
            float[] threshold = Noise.floats(rows, 2);
            for (int r = 0; r < rows; r++) {
                threshold[r] = Math.round(4 * threshold[r]) / 4f;
            }
            threshold[rows / 2] = Float.NEGATIVE_INFINITY;
            SCALAR.columnAbove(z, 5, entries, rows, threshold, scalar);
            VECTOR.columnAbove(z, 5, entries, rows, threshold, vector);
            assertThat(vector).isEqualTo(scalar);
            for (int from = 0; from <= entries * rows; from++) {
                assertThat(VECTOR.columnNext(z, 5, entries, rows, threshold, from))
                        .isEqualTo(SCALAR.columnNext(z, 5, entries, rows, threshold, from));
            }
        }
    }

    @Test
    void valuesOfALeastSizeAreKept() {
        for (int count = 0; count < 4 * LANES; count++) {
            float[] values = Noise.floats(count, count);
            for (int i = 0; i < count; i++) {
                values[i] = Math.round(4 * values[i]) / 4f; // ties
            }
            if (count > 2) {
                values[count / 2] = Float.NaN;
            }
            float[] scalar = new float[count];
            int kept = SCALAR.atLeast(0.25f, values, count, scalar);
            assertThat(VECTOR.atLeast(0.25f, values, count, values)).isEqualTo(kept);
            assertThat(Arrays.copyOf(values, kept)).isEqualTo(Arrays.copyOf(scalar, kept));
        }
    }
}
