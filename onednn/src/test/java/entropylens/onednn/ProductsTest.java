package entropylens.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.kernels.Backend;
import entropylens.kernels.CodedMatrix;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.kernels.Matrix.Layout;
import entropylens.kernels.PanelProducts;
import entropylens.kernels.Phase;
import entropylens.kernels.WeightType;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products of every kind of matrix, against float64 sums of both sides rounded to bfloat16.
class ProductsTest {
    /// Of `Σ |x w|`: worst seen 1.4e-7; doubled.
    private static final double BOUND = 2.8e-7;

    private final WorkerPool pool = new WorkerPool(2);
    private final Backend backend = Here.backend(pool);
    private final Random random = new Random(1);

    @AfterEach
    void close() {
        backend.close();
        pool.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 7, 5",
        "2, 64, 1",
        "15, 33, 16",
        "16, 48, 17",
        "17, 100, 300",
        "65, 1030, 40",
        "130, 16, 700",
        "64, 2048, 130"
    })
    void productsAreThoseOfRoundedSides(int rows, int inputs, int outputs) {
        for (WeightType type : WeightType.values()) {
            DenseMatrix matrix = matrix(outputs, inputs, type, Layout.OUT_IN);
            float[] bias = floats(outputs);
            float[] x = floats(rows * inputs);
            float[] out = new float[rows * outputs];
            backend.apply(new Linear(matrix, bias), x, rows, Phase.TOGETHER, out);
            for (int row = 0; row < rows; row++) {
                for (int o = 0; o < outputs; o++) {
                    require(matrix, o, x, row, out[row * outputs + o], bias[o]);
                }
            }
        }
    }

    @Test
    void aSliceOfAFusedMatrixIsReadWhereItLies() {
        DenseMatrix wide = matrix(96, 40, WeightType.BF16, Layout.OUT_IN);
        DenseMatrix half = new DenseMatrix(wide.data(), WeightType.BF16, 96, 20, Layout.OUT_IN, 40);
        Matrix slice = half.outputs(30, 90);
        float[] x = floats(3 * 20);
        float[] out = apply(slice, x, 3, Phase.TOGETHER);
        for (int i = 0; i < out.length; i++) {
            require(slice, i % 60, x, i / 60, out[i], 0);
        }
    }

    /// What [Phase#TOGETHER] promises: a row's bits depend on that row alone.
    @ParameterizedTest
    @CsvSource({"768, 300, BF16", "1030, 40, F32", "8200, 33, BF16"})
    void theBitsOfARowDependOnThatRowAlone(int inputs, int outputs, WeightType type) {
        Matrix matrix = matrix(outputs, inputs, type, Layout.OUT_IN);
        int rows = 130;
        float[] x = floats(rows * inputs);
        float[] together = apply(matrix, x, rows, Phase.TOGETHER);
        for (int count : new int[] {1, 17, 40, 63, 66}) {
            int from = rows - count;
            float[] some = Arrays.copyOfRange(x, from * inputs, rows * inputs);
            assertThat(apply(matrix, some, count, Phase.TOGETHER))
                    .as("%d rows of %d", count, rows)
                    .isEqualTo(Arrays.copyOfRange(together, from * outputs, rows * outputs));
        }
    }

    @Test
    void panelsOfAReadoutAreItsProducts() {
        int rows = 70;
        int outputs = 1000;
        int inputs = 512;
        DenseMatrix matrix = matrix(outputs, inputs, WeightType.BF16, Layout.OUT_IN);
        float[] x = floats(rows * inputs);
        float[] out = apply(matrix, x, rows, Phase.TOGETHER);
        PanelProducts panels = backend.panels(matrix, x, rows);
        for (int panel = 0; panel < panels.panels(); panel++) {
            float[] found = panels.compute(panel).clone();
            for (int row = 0; row < rows; row++) {
                int tile = panels.tiles().tileOf(row);
                int at = panels.tiles().offset(tile, panels.outputs(panel));
                for (int o = 0; o < panels.outputs(panel); o++) {
                    int output = panels.firstOutput(panel) + o;
                    float one =
                            found[
                                    at
                                            + o * panels.tiles().stride(tile)
                                            + row
                                            - panels.tiles().firstRow(tile)];
                    assertThat(one).isEqualTo(out[row * outputs + output]);
                }
            }
        }
        assertThat(panels.exact(69, 999)).isEqualTo(out[69 * outputs + 999]);
        assertThat(panels.exact(3, 0)).isEqualTo(out[3 * outputs]);
    }

    @Test
    void aQuantisedMatrixIsDecodedAndRounded() {
        int inputs = 64;
        int outputs = 20;
        CodedMatrix coded =
                new CodedMatrix(
                        "codes",
                        (output, to, at) -> {
                            for (int i = 0; i < inputs; i++) {
                                to[at + i] = (float) Math.sin(output * inputs + i);
                            }
                        },
                        0,
                        outputs,
                        inputs,
                        inputs);
        float[] weights = new float[outputs * inputs];
        for (int o = 0; o < outputs; o++) {
            backend.read(coded, o, weights, o * inputs);
        }
        MemorySegment decoded = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, weights);
        float[] x = floats(18 * inputs);
        assertThat(apply(coded, x, 18, Phase.TOGETHER))
                .isEqualTo(
                        apply(
                                Matrix.dense(
                                        decoded, WeightType.F32, outputs, inputs, Layout.OUT_IN),
                                x,
                                18,
                                Phase.TOGETHER));
    }

    /// A single row of a text alone, and matrices stored the other way round.
    @Test
    void whatStaysWithTheVectorKernelsIsNotRounded() {
        float[] x = floats(3 * 64);
        for (Layout layout : Layout.values()) {
            Linear linear = new Linear(matrix(40, 64, WeightType.F32, layout), null);
            boolean alone = layout == Layout.OUT_IN;
            int rows = alone ? 1 : 3;
            Phase phase = alone ? Phase.ALONE : Phase.TOGETHER;
            float[] expected = new float[rows * 40];
            Backend.cpu(pool).apply(linear, x, rows, phase, expected);
            assertThat(apply(linear.matrix(), x, rows, phase)).isEqualTo(expected);
        }
    }

    private float[] apply(Matrix matrix, float[] x, int rows, Phase phase) {
        float[] out = new float[rows * matrix.outputs()];
        backend.apply(new Linear(matrix, null), x, rows, phase, out);
        return out;
    }

    private void require(Matrix matrix, int output, float[] x, int row, float found, float bias) {
        int inputs = matrix.inputs();
        double sum = bias;
        double size = Math.abs(bias);
        for (int i = 0; i < inputs; i++) {
            double product =
                    (double) rounded(x[row * inputs + i])
                            * rounded(weight((DenseMatrix) matrix, output, i));
            sum += product;
            size += Math.abs(product);
        }
        if (!(Math.abs(found - sum) <= BOUND * size)) {
            throw new AssertionError(
                    "row %d, output %d: %s, not %s".formatted(row, output, found, sum));
        }
    }

    private static float weight(DenseMatrix matrix, int output, int input) {
        long at =
                matrix.layout() == Layout.OUT_IN
                        ? (long) output * matrix.stride() + input
                        : (long) input * matrix.stride() + output;
        return switch (matrix.type()) {
            case F32 -> matrix.data().getAtIndex(ValueLayout.JAVA_FLOAT, at);
            case BF16 ->
                    Float.intBitsToFloat(
                            matrix.data().getAtIndex(ValueLayout.JAVA_SHORT, at) << 16);
            case F16 -> Float.float16ToFloat(matrix.data().getAtIndex(ValueLayout.JAVA_SHORT, at));
        };
    }

    /// To the nearest bfloat16, to even where two are as near.
    private static float rounded(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
    }

    private DenseMatrix matrix(int outputs, int inputs, WeightType type, Layout layout) {
        long size = (long) outputs * inputs;
        // no byte more than the weights, so that what reads beyond them is likelier to be seen
        MemorySegment data = Arena.ofAuto().allocate(size * type.bytes(), 64);
        for (long i = 0; i < size; i++) {
            float weight = (float) random.nextGaussian();
            switch (type) {
                case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, weight);
                case BF16 ->
                        data.setAtIndex(
                                ValueLayout.JAVA_SHORT,
                                i,
                                (short) (Float.floatToRawIntBits(rounded(weight)) >>> 16));
                case F16 ->
                        data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(weight));
            }
        }
        return Matrix.dense(data, type, outputs, inputs, layout);
    }

    private float[] floats(int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        return floats;
    }
}
