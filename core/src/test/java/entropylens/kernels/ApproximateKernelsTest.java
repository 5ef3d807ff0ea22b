package entropylens.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Worst;
import entropylens.kernels.Matrix.Layout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where the contract of [Kernels] leaves the order of a sum or the polynomial open, the vector
/// kernels agree with the scalar ones within these bounds.
class ApproximateKernelsTest {
    /// Relative to `Σ |x w|`: worst seen 2.4e-7 (BF16, 768 inputs, vector/4); doubled.
    static final double DOT = 4.8e-7;

    /// Relative to `Σ |q k|`: worst seen 1.34e-7 (width 8, vector/8); doubled.
    static final double SCORE = 2.7e-7;

    /// Relative: worst seen 7.9e-8 (x = -71.05); doubled.
    static final double EXP = 1.6e-7;

    /// Relative, for probabilities above 1e-30: worst seen 2.0e-7 (513 scores of std 1); doubled.
    static final double SOFTMAX = 4.1e-7;

    /// Relative to |x|: worst seen 1.2e-7 (SiLU at 8.03, one unit in the last place); doubled.
    static final double ACTIVATION = 2.4e-7;

    /// Relative to |x| + 1 or the value, whichever is larger: worst seen 1.2e-7 (x = 6.4); doubled.
    static final double XIELU = 2.4e-7;

    /// Relative to the cap: worst seen 1.3e-7 (z = -25.0, cap 15); doubled.
    static final double SOFTCAP = 2.6e-7;

    /// Sums of columns of at most 192 entries, relative to the sum of the magnitudes of their
    /// terms: worst seen 5.1e-7, 1.9e-7, 4.8e-7, 3.1e-7 and 4.8e-7 (31 to 64 entries, vector/16);
    /// doubled.
    static final double COLUMN_EXP = 1e-6;

    static final double COLUMN_WEIGHTED = 3.7e-7;
    static final double COLUMN_POWER = 9.6e-7;
    static final double COLUMN_MOMENTS = 6.1e-7;
    static final double COLUMN_CROSS = 9.6e-7;

    /// The same: worst seen 2.2e-7 (31 entries, vector/16); doubled.
    static final double COLUMN_SQUARES = 4.4e-7;

    private static final Kernels SCALAR = new ScalarKernels();
    private static final Kernels VECTOR = new VectorKernels();
    private static final int LANES = VECTOR.lanes();
    private static final int[] SIZES = {
        1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 511, 512, 513, 768, 1100
    };

    /// Entries of a readout's tile; the caller takes at most 192 at a time.
    private static final int[] ENTRIES = {1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 96, 191, 192};

    @Test
    void rowDotsAgree() {
        Worst worst = new Worst("rowDots (relative to its terms)");
        for (WeightType type : WeightType.values()) {
            for (int inputs : SIZES) {
                DenseMatrix whole = Noise.matrix(type, 23, inputs, Layout.OUT_IN, inputs);
                rowDots(whole, 0, 23, worst);
                rowDots(whole.outputs(3, 20), 2, 15, worst);
            }
        }
        worst.requireWithin(DOT);
    }

    private static void rowDots(DenseMatrix weights, int from, int to, Worst worst) {
        float[] x = Noise.floats(weights.inputs() + 3, 1);
        float[] scalar = Noise.floats(30, 2);
        float[] vector = scalar.clone();
        SCALAR.rowDots(weights, x, 3, scalar, 5, from, to);
        VECTOR.rowDots(weights, x, 3, vector, 5, from, to);
        for (int i = 0; i < scalar.length; i++) {
            double terms = 0;
            int output = i - 5;
            for (int k = 0; output >= from && output < to && k < weights.inputs(); k++) {
                terms += Math.abs((double) x[3 + k] * Noise.weight(weights, output, k));
            }
            worst.see(
                    vector[i],
                    scalar[i],
                    terms,
                    () -> weights.type() + " of " + weights.inputs() + " inputs");
        }
    }

    @Test
    void scoresAgree() {
        Worst worst = new Worst("scores (relative to their terms)");
        for (int width : SIZES) {
            for (int count : new int[] {1, 5}) {
                float[] query = Noise.floats(2 + width, 1);
                float[] keys = Noise.floats(3 + count * width, 2);
                float[] scalar = new float[count + 1];
                float[] vector = new float[count + 1];
                SCALAR.scores(query, 2, keys, 3, width, count, 0.37f, scalar);
                VECTOR.scores(query, 2, keys, 3, width, count, 0.37f, vector);
                for (int j = 0; j < count; j++) {
                    double terms = 0;
                    for (int i = 0; i < width; i++) {
                        terms += Math.abs(0.37 * query[2 + i] * keys[3 + j * width + i]);
                    }
                    worst.see(vector[j], scalar[j], terms, () -> "width " + width);
                }
                assertThat(vector[count]).isZero();
            }
        }
        worst.requireWithin(SCORE);
    }

    /// On a grid of 6 million points, and at the ends.
    @Test
    void expAgreesWithFloat64() {
        Worst worst = new Worst("exp (relative)");
        float[] x = new float[LANES];
        double step = 176.0 / 6_000_000;
        for (double start = -87.29; start < 88.69; start += LANES * step) {
            for (int i = 0; i < LANES; i++) {
                x[i] = (float) Math.min(start + i * step, 88.69);
            }
            float[] in = x.clone();
            VectorMath.exp(VectorMath.load(x, 0)).intoArray(x, 0);
            for (int i = 0; i < LANES; i++) {
                double exact = Math.exp(in[i]);
                double error = (x[i] - exact) / exact;
                float at = in[i];
                worst.see(error, () -> "x = " + at);
            }
        }
        worst.requireWithin(EXP);
        assertThat(exp(0)).isEqualTo(1);
        assertThat(exp(-87.3f)).isZero();
        assertThat(exp(-1000)).isZero();
        assertThat(exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(exp(Float.NaN)).isNaN();
        assertThat(exp(Float.POSITIVE_INFINITY)).isFinite().isEqualTo(exp(88.7f));
    }

    private static float exp(float x) {
        float[] all = new float[LANES];
        Arrays.fill(all, x);
        VectorMath.exp(VectorMath.load(all, 0)).intoArray(all, 0);
        return all[LANES - 1];
    }

    @Test
    void softmaxAgrees() {
        Worst worst = new Worst("softmax (relative)");
        for (int count : SIZES) {
            for (double std : new double[] {0, 1, 10, 100}) {
                float[] scalar = Noise.floats(count + 2, count, std);
                scalar[count / 2] = count > 2 ? Float.NEGATIVE_INFINITY : 0;
                float[] vector = scalar.clone();
                SCALAR.softmax(scalar, count);
                VECTOR.softmax(vector, count);
                for (int i = 0; i < scalar.length; i++) {
                    worst.see(
                            vector[i],
                            scalar[i],
                            Math.max(scalar[i], 1e-30),
                            () -> count + " scores of std " + std);
                }
            }
        }
        worst.requireWithin(SOFTMAX);
    }

    @ParameterizedTest
    @EnumSource
    void activationsAgree(Activation activation) {
        Worst worst = new Worst(activation + " (relative to |x|)");
        for (int count : SIZES) {
            for (double limit : new double[] {1e-6, 0.1, 1, 10, 100, 1e4}) {
                float[] x = Noise.uniform(count + 5, count, limit);
                float[] scalar = x.clone();
                float[] vector = x.clone();
                SCALAR.activate(activation, scalar, 2, count);
                VECTOR.activate(activation, vector, 2, count);
                for (int i = 0; i < x.length; i++) {
                    float at = x[i];
                    worst.see(vector[i], scalar[i], Math.abs(at), () -> "x = " + at);
                }
            }
        }
        worst.requireWithin(ACTIVATION);
    }

    @Test
    void exponentialsAgree() {
        Worst worst = new Worst("exp in place (relative)");
        for (int count : SIZES) {
            for (double limit : new double[] {1e-3, 1, 30, 80}) {
                float[] x = Noise.uniform(count + 7, count, limit);
                float[] scalar = x.clone();
                float[] vector = x.clone();
                SCALAR.exp(scalar, 2, count);
                VECTOR.exp(vector, 2, count);
                for (int i = 0; i < x.length; i++) {
                    float at = x[i];
                    worst.see(vector[i], scalar[i], Math.abs(scalar[i]), () -> "x = " + at);
                }
            }
        }
        worst.requireWithin(EXP);
        float[] ends = new float[VECTOR.lanes()];
        ends[0] = Float.NEGATIVE_INFINITY;
        VECTOR.exp(ends, 0, ends.length);
        assertThat(ends[0]).isZero();
        assertThat(ends[1]).isEqualTo(1);
    }

    @Test
    void learnedActivationsAgree() {
        Worst worst = new Worst("xIELU (relative to its size)");
        Xielu activation = new Xielu(0.7f, 1.3f, 0.5f, -0.01f);
        for (int count : SIZES) {
            for (double limit : new double[] {1e-6, 0.1, 1, 10, 100}) {
                float[] x = Noise.uniform(count + 6, count, limit);
                float[] scalar = x.clone();
                float[] vector = x.clone();
                SCALAR.activate(activation, scalar, 2, count);
                VECTOR.activate(activation, vector, 2, count);
                for (int i = 0; i < x.length; i++) {
                    float at = x[i];
                    double size = Math.max(Math.abs(at) + 1, Math.abs(scalar[i]));
                    worst.see(vector[i], scalar[i], size, () -> "x = " + at);
                }
            }
        }
        worst.requireWithin(XIELU);
    }

    @Test
    void theSoftCapAgrees() {
        Worst worst = new Worst("softcap (relative to the cap)");
        for (int count : SIZES) {
            for (double limit : new double[] {1e-3, 1, 30, 1000}) {
                for (float cap : new float[] {15, 30, 50}) {
                    float[] z = Noise.uniform(count + 3, count, limit);
                    float[] scalar = z.clone();
                    float[] vector = z.clone();
                    SCALAR.softcap(scalar, count, cap);
                    VECTOR.softcap(vector, count, cap);
                    for (int i = 0; i < z.length; i++) {
                        float at = z[i];
                        worst.see(vector[i], scalar[i], cap, () -> "z = " + at + ", cap " + cap);
                    }
                }
            }
        }
        worst.requireWithin(SOFTCAP);
    }

    /// A tile of logits, as the readout sees them, and one as its reference.
    private record Tile(int entries, int rows, double std, float[] z, float[] y, float[] shift) {
        static final int OFFSET = 5;

        Tile(int entries, int vectors, double std) {
            int rows = vectors * LANES;
            this(
                    entries,
                    rows,
                    std,
                    Noise.floats(OFFSET + entries * rows, entries, std),
                    Noise.floats(OFFSET + entries * rows, entries + 1, std),
                    new float[rows]);
            SCALAR.columnMax(y, OFFSET, entries, rows, shift);
        }

        double terms(int row, java.util.function.DoubleBinaryOperator term) {
            double sum = 0;
            for (int e = 0; e < entries; e++) {
                int at = OFFSET + e * rows + row;
                sum += Math.abs(term.applyAsDouble(y[at] - (double) shift[row], z[at] - y[at]));
            }
            return sum;
        }

        @Override
        public String toString() {
            return entries + " entries of " + rows + " rows, std " + std;
        }
    }

    private interface TileCheck {
        void check(Tile tile, float[][] scalar, float[][] vector);
    }

    private static void forEveryTile(TileCheck check) {
        for (int entries : ENTRIES) {
            for (int vectors = 1; vectors <= Kernels.TILE_VECTORS; vectors++) {
                for (double std : new double[] {0.01, 1, 3, 30}) {
                    Tile tile = new Tile(entries, vectors, std);
                    check.check(tile, new float[2][tile.rows], new float[2][tile.rows]);
                }
            }
        }
    }

    @Test
    void columnExponentialsAgree() {
        Worst sum = new Worst("columnExp sum (relative)");
        Worst weighted = new Worst("columnExp weighted (relative to its terms)");
        forEveryTile((t, scalar, vector) -> {
            SCALAR.columnExp(t.y, Tile.OFFSET, t.entries, t.rows, t.shift, scalar[0], scalar[1]);
            VECTOR.columnExp(t.y, Tile.OFFSET, t.entries, t.rows, t.shift, vector[0], vector[1]);
            for (int r = 0; r < t.rows; r++) {
                double terms = t.terms(r, (x, _) -> Math.exp(x) * (1 + Math.abs(x)));
                sum.see(vector[0][r], scalar[0][r], scalar[0][r], t::toString);
                weighted.see(vector[1][r], scalar[1][r], terms, t::toString);
            }
        });
        sum.requireWithin(COLUMN_EXP);
        weighted.requireWithin(COLUMN_WEIGHTED);
    }

    @Test
    void columnSquaresAgree() {
        Worst worst = new Worst("columnSquares (relative to its terms)");
        forEveryTile((t, scalar, vector) -> {
            SCALAR.columnSquares(t.y, Tile.OFFSET, t.entries, t.rows, t.shift, scalar[0]);
            VECTOR.columnSquares(t.y, Tile.OFFSET, t.entries, t.rows, t.shift, vector[0]);
            for (int r = 0; r < t.rows; r++) {
                double terms = t.terms(r, (x, _) -> Math.exp(x) * (1 + x * x));
                worst.see(vector[0][r], scalar[0][r], terms, t::toString);
            }
        });
        worst.requireWithin(COLUMN_SQUARES);
    }

    @Test
    void columnPowersAgree() {
        Worst worst = new Worst("columnPower (relative)");
        for (float alpha : new float[] {0.05f, 0.5f, 2, 5}) {
            forEveryTile((t, scalar, vector) -> {
                SCALAR.columnPower(t.y, Tile.OFFSET, t.entries, t.rows, t.shift, alpha, scalar[0]);
                VECTOR.columnPower(t.y, Tile.OFFSET, t.entries, t.rows, t.shift, alpha, vector[0]);
                for (int r = 0; r < t.rows; r++) {
                    worst.see(
                            vector[0][r], scalar[0][r], scalar[0][r], () -> t + ", alpha " + alpha);
                }
            });
        }
        worst.requireWithin(COLUMN_POWER);
    }

    @Test
    void columnMomentsAgree() {
        Worst worst = new Worst("columnMoments (relative to its terms)");
        forEveryTile((t, scalar, vector) -> {
            SCALAR.columnMoments(
                    t.y, Tile.OFFSET, t.entries, t.rows, t.shift, scalar[0], scalar[1]);
            VECTOR.columnMoments(
                    t.y, Tile.OFFSET, t.entries, t.rows, t.shift, vector[0], vector[1]);
            for (int r = 0; r < t.rows; r++) {
                double sum = t.terms(r, (x, _) -> x);
                double squares = t.terms(r, (x, _) -> x * x);
                worst.see(vector[0][r], scalar[0][r], sum, t::toString);
                worst.see(vector[1][r], scalar[1][r], squares, t::toString);
            }
        });
        worst.requireWithin(COLUMN_MOMENTS);
    }

    @Test
    void columnCrossTermsAgree() {
        Worst worst = new Worst("columnCross (relative to its terms)");
        forEveryTile((t, scalar, vector) -> {
            SCALAR.columnCross(t.y, t.z, Tile.OFFSET, t.entries, t.rows, t.shift, scalar[0]);
            VECTOR.columnCross(t.y, t.z, Tile.OFFSET, t.entries, t.rows, t.shift, vector[0]);
            for (int r = 0; r < t.rows; r++) {
                double terms = t.terms(r, (x, difference) -> Math.exp(x) * difference);
                worst.see(vector[0][r], scalar[0][r], terms, t::toString);
            }
        });
        worst.requireWithin(COLUMN_CROSS);
    }

    /// Masked tokens: exponentials of -∞ are 0, and so is everything they are multiplied with.
    @Test
    void minusInfinityContributesNothingToAnySum() {
        for (Kernels kernels : new Kernels[] {SCALAR, VECTOR}) {
            int rows = LANES;
            float[] z = new float[3 * rows];
            float[] y = new float[3 * rows];
            Arrays.fill(y, rows, 2 * rows, Float.NEGATIVE_INFINITY);
            Arrays.fill(z, rows, 2 * rows, Float.NEGATIVE_INFINITY);
            float[] shift = new float[rows];
            float[] sum = new float[rows];
            float[] other = new float[rows];
            kernels.columnExp(y, 0, 3, rows, shift, sum, other);
            assertThat(sum).containsOnly(2);
            for (float w : other) {
                assertThat(w).isCloseTo(0, org.assertj.core.api.Assertions.within(1e-30f));
            }
            kernels.columnSquares(y, 0, 3, rows, shift, sum);
            for (float q : sum) {
                assertThat(q).isCloseTo(0, org.assertj.core.api.Assertions.within(1e-30f));
            }
            kernels.columnPower(y, 0, 3, rows, shift, 0.5f, sum);
            assertThat(sum).containsOnly(2);
            kernels.columnCross(y, z, 0, 3, rows, shift, sum);
            assertThat(sum).containsOnly(0);
            Arrays.fill(z, 3);
            kernels.columnCross(y, z, 0, 3, rows, shift, sum);
            assertThat(sum).containsOnly(-6);
        }
    }
}
