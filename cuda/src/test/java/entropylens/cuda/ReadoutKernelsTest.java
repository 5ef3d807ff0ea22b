package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Grid;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The readout's reductions, tile by tile, against plain loops in float64.
class ReadoutKernelsTest {
    /// Worst seen 7e-8 relative to 1 + the entropy; doubled.
    private static final double BOUND = 1.4e-7;

    private static final int ROWS = 3;

    @ParameterizedTest
    @CsvSource({"1,1", "31,31", "33,10", "127,64", "1027,512", "5003,2048", "9001,9001"})
    void theEntropyIsThatOfTheWholeRow(int vocabulary, int width) {
        float[] logits = KernelRig.noise(ROWS * vocabulary, 3, vocabulary);
        try (KernelRig rig = new KernelRig()) {
            DeviceMemory state = rig.allocate(8L * 10 * ROWS);
            rig.run("readout", "readout_begin", Grid.of(1), 256, 0, state, ROWS, 0);
            for (int from = 0; from < vocabulary; from += width) {
                int columns = Math.min(width, vocabulary - from);
                DeviceMemory tile = rig.of(tile(logits, vocabulary, from, columns));
                int warps = columns <= 1024 ? 1 : columns <= 2048 ? 2 : columns <= 8192 ? 4 : 8;
                rig.run(
                        "readout",
                        "readout_entropy",
                        Grid.of(ROWS),
                        32 * warps,
                        0,
                        state,
                        tile,
                        (long) columns,
                        ROWS,
                        columns);
            }
            double[] sums = rig.doubles(state, 10 * ROWS);
            for (int r = 0; r < ROWS; r++) {
                double actual = Math.log(sums[ROWS + r]) - sums[2 * ROWS + r] / sums[ROWS + r];
                double expected = entropy(logits, r * vocabulary, vocabulary);
                assertThat(actual).isCloseTo(expected, Offset.offset(BOUND * (1 + expected)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"31,31", "127,64", "1027,512", "5003,2048"})
    void theLargestLogitsComeFirstAndOfEqualOnesTheSmallerId(int vocabulary, int width) {
        int k = 17;
        float[] logits = KernelRig.noise(ROWS * vocabulary, 3, vocabulary);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Math.round(logits[i]); // many are equal
        }
        try (KernelRig rig = new KernelRig()) {
            DeviceMemory top = rig.allocate(4L * ROWS * k);
            DeviceMemory ids = rig.allocate(4L * ROWS * k);
            rig.run("readout", "top_begin", Grid.of(1), 256, 0, top, ids, ROWS, k);
            for (int from = 0; from < vocabulary; from += width) {
                int columns = Math.min(width, vocabulary - from);
                DeviceMemory tile = rig.of(tile(logits, vocabulary, from, columns));
                rig.run(
                        "readout",
                        "top_tile",
                        Grid.of(1),
                        128,
                        32 * k,
                        top,
                        ids,
                        k,
                        tile,
                        (long) columns,
                        ROWS,
                        columns,
                        from,
                        0L,
                        0f);
            }
            int[] found = rig.ints(ids, ROWS * k);
            for (int r = 0; r < ROWS; r++) {
                int row = r * vocabulary;
                int[] expected =
                        IntStream.range(0, vocabulary)
                                .boxed()
                                .sorted(
                                        Comparator.comparingDouble(
                                                        (Integer id) -> -logits[row + id])
                                                .thenComparingInt(id -> id))
                                .mapToInt(id -> id)
                                .limit(k)
                                .toArray();
                assertThat(Arrays.copyOfRange(found, r * k, (r + 1) * k)).isEqualTo(expected);
            }
        }
    }

    private static float[] tile(float[] logits, int vocabulary, int from, int columns) {
        float[] tile = new float[ROWS * columns];
        for (int r = 0; r < ROWS; r++) {
            System.arraycopy(logits, r * vocabulary + from, tile, r * columns, columns);
        }
        return tile;
    }

    private static double entropy(float[] logits, int from, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[from + i]);
        }
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < count; i++) {
            double exp = Math.exp(logits[from + i] - max);
            sum += exp;
            weighted += exp * (logits[from + i] - max);
        }
        return Math.log(sum) - weighted / sum;
    }
}
