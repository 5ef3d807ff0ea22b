package entropylens.lens;

import entropylens.kernels.Backend;
import entropylens.model.HostRows;
import entropylens.model.KeptRows;
import java.util.Arrays;
import java.util.Optional;

/// Puts collected rows through a lens, the rows of one layer together, in place: what was there is
/// not needed any more, except for its norms.
final class TranslatedRows {
    private final Lens lens;
    private final LogitLens readout;
    private final int firstLayer;
    private final int layers;
    private final int nLayers;
    private final int dModel;
    private double[] norms = new double[0];

    /// @param firstLayer of the rows of a position
    /// @param layers rows of a position that may be translated; what follows them stays
    /// @param nLayers of the model
    TranslatedRows(
            Lens lens, LogitLens readout, int firstLayer, int layers, int nLayers, int dModel) {
        this.lens = lens;
        this.readout = readout;
        this.firstLayer = firstLayer;
        this.layers = layers;
        this.nLayers = nLayers;
        this.dModel = dModel;
    }

    /// @param rows `[position][rowsEach][d_model]`
    void translate(KeptRows rows, int positions, int rowsEach) {
        if (lens.isLogit()) {
            return;
        }
        RowReader reader = readout.reader();
        if (reader == null || rows instanceof HostRows) {
            translate(rows.floats(positions * rowsEach), positions, rowsEach);
            return;
        }
        norms = reader.norms(rows, positions * rowsEach);
        for (int index = 0; index < layers; index++) {
            Optional<Translator> translator = lens.of(firstLayer + index, nLayers);
            if (translator.isPresent()) {
                reader.translate(rows, index, rowsEach, positions, translator.get());
            }
        }
    }

    private void translate(float[] rows, int positions, int rowsEach) {
        Backend backend = readout.unembed().backend();
        norms = new double[positions * rowsEach];
        Arrays.setAll(norms, row -> ChunkReader.norm(rows, row * dModel, dModel));
        float[] of = new float[positions * dModel];
        float[] translated = new float[positions * dModel];
        for (int index = 0; index < layers; index++) {
            Optional<Translator> translator = lens.of(firstLayer + index, nLayers);
            if (translator.isPresent()) {
                for (int p = 0; p < positions; p++) {
                    System.arraycopy(rows, (p * rowsEach + index) * dModel, of, p * dModel, dModel);
                }
                translator.get().apply(backend, of, positions, translated);
                for (int p = 0; p < positions; p++) {
                    System.arraycopy(
                            translated, p * dModel, rows, (p * rowsEach + index) * dModel, dModel);
                }
            }
        }
    }

    /// Fills in what is of the stream itself, whatever it was looked at through.
    void fillIn(Readouts readouts) {
        if (!lens.isLogit() && readouts.request().statistics().contains(Statistic.H_NORM)) {
            System.arraycopy(norms, 0, readouts.column(Statistic.H_NORM), 0, norms.length);
        }
    }
}
