package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Grid;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attention against plain loops in float64.
class AttentionKernelsTest {
    /// Values are normal numbers; worst seen 1.5e-6; doubled.
    private static final Offset<Double> BOUND = Offset.offset(3e-6);

    private static final int FIRST = 40;
    private static final int ROWS = 41;

    @ParameterizedTest
    @CsvSource({"1,1,4,4", "6,2,5,7", "3,1,12,12", "8,1,33,20", "12,1,64,64", "4,2,128,128"})
    void allKernelsMixWhatEveryRowSees(int heads, int kvHeads, int dHead, int dValue) {
        try (KernelRig rig = new KernelRig()) {
            Case one = new Case(rig, heads, kvHeads, dHead, dValue);
            double[] expected = one.expected();
            check(one.rowByRow(1), expected);
            check(one.rowByRow(2), expected);
            check(one.inTiles(32), expected);
            check(one.inTiles(16), expected);
        }
    }

    private static void check(float[] actual, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], BOUND);
        }
    }

    /// Rows of one session, at positions from 40 on, that see a window of 30 tokens.
    private static final class Case {
        private final KernelRig rig;
        private final int heads;
        private final int kvHeads;
        private final int dHead;
        private final int dValue;
        private final float[] query;
        private final float[] keys;
        private final float[] values;
        private final float[] sinks;
        private final int[] positions = new int[ROWS];
        private final int[] firsts = new int[ROWS];
        private final float[] scales = new float[ROWS];
        private final long[] keysOf = new long[ROWS];
        private final long[] valuesOf = new long[ROWS];

        Case(KernelRig rig, int heads, int kvHeads, int dHead, int dValue) {
            this.rig = rig;
            this.heads = heads;
            this.kvHeads = kvHeads;
            this.dHead = dHead;
            this.dValue = dValue;
            query = KernelRig.noise(ROWS * heads * dHead, 2, 1);
            keys = KernelRig.noise((FIRST + ROWS) * kvHeads * dHead, 1, 2);
            values = KernelRig.noise((FIRST + ROWS) * kvHeads * dValue, 1, 3);
            sinks = KernelRig.noise(heads, 1, 4);
            DeviceMemory cachedKeys = rig.of(keys);
            DeviceMemory cachedValues = rig.of(values);
            for (int r = 0; r < ROWS; r++) {
                positions[r] = FIRST + r;
                firsts[r] = positions[r] - 29;
                scales[r] = (float) (1 / Math.sqrt(dHead));
                keysOf[r] = cachedKeys.address();
                valuesOf[r] = cachedValues.address();
            }
        }

        double[] expected() {
            double[] out = new double[ROWS * heads * dValue];
            for (int r = 0; r < ROWS; r++) {
                for (int h = 0; h < heads; h++) {
                    mix(r, h, out);
                }
            }
            return out;
        }

        private void mix(int r, int h, double[] out) {
            int kvHead = h / (heads / kvHeads);
            double total = Math.exp(sinks[h]);
            double[] mixed = new double[dValue];
            for (int p = firsts[r]; p <= positions[r]; p++) {
                double score = 0;
                for (int i = 0; i < dHead; i++) {
                    score +=
                            (double) query[(r * heads + h) * dHead + i]
                                    * keys[(p * kvHeads + kvHead) * dHead + i];
                }
                double weight = Math.exp(score * scales[r]);
                total += weight;
                for (int i = 0; i < dValue; i++) {
                    mixed[i] += weight * values[(p * kvHeads + kvHead) * dValue + i];
                }
            }
            for (int i = 0; i < dValue; i++) {
                out[(r * heads + h) * dValue + i] = mixed[i] / total;
            }
        }

        float[] rowByRow(int splits) {
            int group = heads / kvHeads;
            int room = Math.min(group, 8);
            int shared = 4 * (512 * room + room * quads(dHead) + 128 * room + 2 * room);
            DeviceMemory out = rig.allocate(4L * ROWS * heads * dValue);
            DeviceMemory partial = rig.allocate(4L * ROWS * heads * splits * (dValue + 2));
            rig.run(
                    "attention",
                    "attention_f32",
                    new Grid(ROWS, kvHeads * ((group + 7) / 8), splits),
                    128,
                    shared,
                    out,
                    partial,
                    rig.of(query),
                    rig.of(keysOf),
                    rig.of(valuesOf),
                    rig.of(positions),
                    rig.of(firsts),
                    rig.of(scales),
                    0L,
                    rig.of(sinks),
                    0L,
                    0,
                    1f,
                    0f,
                    heads,
                    kvHeads,
                    dHead,
                    dValue,
                    splits);
            if (splits > 1) {
                rig.run(
                        "attention",
                        "attention_merge",
                        Grid.of(ROWS, heads),
                        128,
                        0,
                        out,
                        partial,
                        0L,
                        rig.of(sinks),
                        ROWS,
                        heads,
                        dValue,
                        splits);
            }
            return rig.floats(out, ROWS * heads * dValue);
        }

        float[] inTiles(int most) {
            int tiles = (ROWS + most - 1) / most;
            int[] tile = new int[2 * tiles];
            for (int t = 0; t < tiles; t++) {
                tile[2 * t] = t * most;
                tile[2 * t + 1] = Math.min(most, ROWS - t * most);
            }
            int widest = Math.max(quads(dHead), quads(dValue));
            int shared = 4 * most * (quads(dHead) + 4 + widest + 4 + most + 4);
            DeviceMemory out = rig.allocate(4L * ROWS * heads * dValue);
            rig.run(
                    "prefill",
                    "prefill" + most + "_f32",
                    Grid.of(tiles, heads),
                    128,
                    shared,
                    out,
                    rig.of(query),
                    rig.of(keysOf),
                    rig.of(valuesOf),
                    rig.of(positions),
                    rig.of(firsts),
                    rig.of(scales),
                    0L,
                    rig.of(sinks),
                    0L,
                    0,
                    1f,
                    0f,
                    heads,
                    kvHeads,
                    dHead,
                    dValue,
                    rig.of(tile));
            return rig.floats(out, ROWS * heads * dValue);
        }

        private static int quads(int width) {
            return (width + 3) / 4 * 4;
        }
    }
}
