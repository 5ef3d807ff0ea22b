package entropylens.lens;

import entropylens.kernels.PanelProducts;
import java.util.Arrays;

/// The divergence of what rows read from what the last layer reads, `KL(p_L ‖ p_l)`, and its
/// derivative by the rows. As in the readout, logits exist panel by panel and are forgotten.
///
/// With u what W_U is multiplied with, and without a soft-cap, the derivative by u is `E_{p_l}[W_U]
/// − E_{p_L}[W_U]`, where E is the mean over tokens of their rows of W_U; and the divergence is
/// `E_{p_L}[W_U] · (u_L − u_l) + ln Z_l − ln Z_L`. So of each row, one mean and one normaliser are
/// summed up, in one pass over W_U. With a soft-cap, whose slope is s, both means are of `s W_U`,
/// and the second is summed up for each row beside the first.
///
/// Sums are float32 within a panel and across panels, normalisers float64. Their order depends on
/// sizes alone, not on threads.
public final class DivergenceGradient {
    /// Most rows in one pass over W_U.
    private static final int MAX_ROWS = 256;

    /// Bound on what the stripes of a chunk sum up, where 4 of them fit it.
    private static final long SUM_BYTES = 128L << 20;

    private static final int MAX_STRIPES = 32;
    private static final int MIN_STRIPES = 4;

    private final Unembed unembed;

    public DivergenceGradient(Unembed unembed) {
        this.unembed = unembed;
    }

    /// Most bytes that it uses beside its arguments.
    public long scratchBytes() {
        long width = unembed.matrix().inputs();
        long kinds = unembed.softcap().isPresent() ? 2 : 1;
        long sums = 4L * MAX_ROWS * width * kinds;
        return stripes(MAX_ROWS, Integer.MAX_VALUE) * sums
                + 4L * MAX_ROWS * (3L * width + 2L * unembed.dModel());
    }

    /// Computes both for rows of the same positions.
    ///
    /// @param rows `positions × rowsEach × d_model`, not normed; the last row of a position is that
    ///   of the last layer
    /// @param gradients likewise, overwritten: of each row's own divergence, in nats; 0 for the
    ///   last of a position
    /// @param divergences of each row but the last of a position, summed over positions: what is
    ///   found is added
    /// @throws ArithmeticException when logits are not finite
    public void add(
            float[] rows, int positions, int rowsEach, float[] gradients, double[] divergences) {
        int width = rowsEach * unembed.dModel();
        int together = Math.max(1, MAX_ROWS / rowsEach);
        for (int first = 0; first < positions; first += together) {
            int count = Math.min(together, positions - first);
            float[] chunk = Arrays.copyOfRange(rows, first * width, (first + count) * width);
            float[] by = chunk(chunk, count * rowsEach, rowsEach, divergences);
            System.arraycopy(by, 0, gradients, first * width, count * width);
        }
    }

    private float[] chunk(float[] rows, int count, int rowsEach, double[] divergences) {
        float[] inputs = unembed.inputs(rows, count);
        GradientSums sums = sums(inputs, count, rowsEach);
        int width = unembed.matrix().inputs();
        float[] by = new float[count * width];
        float[] mean = new float[width];
        float[] last = new float[width];
        for (int row = 0; row < count; row++) {
            int of = row / rowsEach * rowsEach + rowsEach - 1;
            sums.requireFinite(row);
            if (row == of) {
                continue;
            }
            sums.mean(row, mean);
            sums.meanOfLast(row, of, last);
            for (int i = 0; i < width; i++) {
                by[row * width + i] = mean[i] - last[i];
            }
            divergences[row % rowsEach] += sums.divergence(row, of, inputs, last);
        }
        return unembed.pullBack(rows, count, by);
    }

    private GradientSums sums(float[] inputs, int count, int rowsEach) {
        PanelProducts products = unembed.panels(inputs, count);
        int panels = products.panels();
        int stripes = stripes(count, panels);
        GradientSums[] parts = new GradientSums[stripes];
        unembed.backend()
                .pool()
                .run(
                        stripes,
                        stripe -> {
                            GradientSums part = new GradientSums(unembed, products, rowsEach);
                            int end = (int) ((long) (stripe + 1) * panels / stripes);
                            for (int panel = (int) ((long) stripe * panels / stripes);
                                    panel < end;
                                    panel++) {
                                part.add(panel);
                            }
                            parts[stripe] = part;
                        });
        for (int stripe = 1; stripe < stripes; stripe++) {
            parts[0].merge(parts[stripe]);
        }
        return parts[0];
    }

    private int stripes(int rows, int panels) {
        long each = 4L * rows * unembed.matrix().inputs() * (unembed.softcap().isPresent() ? 2 : 1);
        return Math.min(panels, (int) Math.clamp(SUM_BYTES / each, MIN_STRIPES, MAX_STRIPES));
    }
}
