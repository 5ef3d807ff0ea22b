package entropylens.lens;

import entropylens.kernels.Backend;
import entropylens.kernels.Linear;
import entropylens.kernels.Phase;

/// What a [Lens] makes of the rows of one layer before the model's own readout sees them. The bits
/// of a row depend on that row alone.
public sealed interface Translator permits Translator.Shift, Translator.Affine, RandomRotation {
    /// Width of the rows.
    int dModel();

    /// Translates `count` rows.
    ///
    /// @param rows `count × d_model`, left as they are
    /// @param out `count × d_model`, overwritten
    void apply(Backend backend, float[] rows, int count, float[] out);

    /// `h → h + by`.
    record Shift(float[] by) implements Translator {
        @Override
        public int dModel() {
            return by.length;
        }

        @Override
        public void apply(Backend backend, float[] rows, int count, float[] out) {
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < by.length; i++) {
                    out[row * by.length + i] = rows[row * by.length + i] + by[i];
                }
            }
        }
    }

    /// `h → A h + b`, or `h → h + (A h + b)`.
    ///
    /// @param map A and, perhaps, b
    /// @param added whether its result is added to h, as in a tuned lens
    record Affine(Linear map, boolean added) implements Translator {
        public Affine {
            if (map.inputs() != map.outputs()) {
                throw new IllegalArgumentException(
                        "a translator must be square, but is %d x %d"
                                .formatted(map.outputs(), map.inputs()));
            }
        }

        @Override
        public int dModel() {
            return map.inputs();
        }

        @Override
        public void apply(Backend backend, float[] rows, int count, float[] out) {
            backend.apply(map, rows, count, Phase.TOGETHER, out);
            for (int i = 0; added && i < count * dModel(); i++) {
                out[i] = rows[i] + out[i];
            }
        }
    }
}
