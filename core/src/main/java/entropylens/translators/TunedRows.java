package entropylens.translators;

import entropylens.kernels.Backend;
import entropylens.lens.DivergenceGradient;
import entropylens.lens.Unembed;
import entropylens.model.DecoderConfig;
import entropylens.model.Model;
import java.util.Arrays;

/// Takes the rows of a step, some positions at a time, through translators and readout, and adds
/// what comes back to the gradients.
final class TunedRows implements StreamRows.Sink {
    /// Bytes of rows that are held before they are read; [TunedTranslators] and readout need them
    /// three times.
    private static final long LIMIT = 16L << 20;

    private final TunedTranslators translators;
    private final DivergenceGradient readout;
    private final Backend backend;
    private final int rowsEach;
    private final int d;
    private final int most;

    /// `[position][layer][d]`.
    private final float[] rows;

    private int held;
    private long added;

    TunedRows(Model model, TunedTranslators translators) {
        DecoderConfig config = model.config();
        this.translators = translators;
        this.readout = new DivergenceGradient(Unembed.of(model));
        this.backend = model.backend();
        this.rowsEach = config.nLayers() + 1;
        this.d = config.dModel();
        this.most = most(config);
        this.rows = new float[most * rowsEach * d];
    }

    private static int most(DecoderConfig config) {
        return (int) Math.max(1, LIMIT / (4L * (config.nLayers() + 1) * config.dModel()));
    }

    /// Most bytes that it uses.
    static long bytes(Model model) {
        DecoderConfig config = model.config();
        return 5L * 4 * most(config) * (config.nLayers() + 1) * config.dModel()
                + new DivergenceGradient(Unembed.of(model)).scratchBytes();
    }

    @Override
    public void add(float[][] layers, int count) {
        for (int row = 0; row < count; row++) {
            for (int layer = 0; layer < rowsEach; layer++) {
                System.arraycopy(layers[layer], row * d, rows, (held * rowsEach + layer) * d, d);
            }
            if (++held == most) {
                flush();
            }
        }
    }

    private void flush() {
        int width = rowsEach * d;
        float[] translated = Arrays.copyOf(rows, held * width);
        float[] of = new float[held * d];
        float[] out = new float[held * d];
        for (int layer = 0; layer < rowsEach - 1; layer++) {
            for (int p = 0; p < held; p++) {
                System.arraycopy(rows, p * width + layer * d, of, p * d, d);
            }
            translators.translator(layer).apply(backend, of, held, out);
            for (int p = 0; p < held; p++) {
                System.arraycopy(out, p * d, translated, p * width + layer * d, d);
            }
        }
        float[] gradients = new float[translated.length];
        readout.add(translated, held, rowsEach, gradients, new double[rowsEach - 1]);
        translators.addGradients(gradients, rows, held, rowsEach);
        added += held;
        held = 0;
    }

    /// Reads what is left of a step.
    ///
    /// @return positions that the step had
    long finish() {
        if (held > 0) {
            flush();
        }
        long all = added;
        added = 0;
        return all;
    }
}
