package entropylens.lens;

import entropylens.kernels.Linear;
import entropylens.kernels.Matrix;
import entropylens.model.ForwardPass;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What looking through lenses takes: matrices that are copied to a device, vectors on the heap,
/// and the rows of a layer while they are translated. Matrices of files stay mapped on the
/// processor.
///
/// @param count lenses, the logit lens among them
/// @param matrices of all translators, each once
/// @param held bytes of vectors and of the factors of controls, each once
/// @param perRow bytes for each row that is translated at a time; 0 where none is
/// @param each rows of a position
record LensMemory(int count, Set<Matrix> matrices, long held, long perRow, int each) {
    /// Of controls that draw for each text, what one text is looked at through; they hold the same
    /// factors.
    ///
    /// @param nLayers of the model
    static LensMemory of(List<Lens> lenses, int nLayers) {
        Seen seen = new Seen();
        lenses.forEach(lens -> lens.translators().values().forEach(seen::add));
        return new LensMemory(lenses.size(), seen.matrices, seen.held, seen.perRow, nLayers + 1);
    }

    /// @param positions that are held of a text before they are read, at most
    long heapBytes(long positions) {
        long norms = perRow == 0 ? 0 : (long) Double.BYTES * each;
        return held + positions * (perRow + norms);
    }

    /// Bytes that matrices take on a device, where they are not yet.
    long deviceBytes(ForwardPass pass) {
        return pass.bytesToCome(matrices);
    }

    private static final class Seen {
        final Set<Matrix> matrices = new HashSet<>();
        final Collection<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        long held;
        long perRow;

        void add(Translator translator) {
            switch (translator) {
                case Translator.Shift(float[] by) -> {
                    add(by, 4L * by.length);
                    take(8L * by.length);
                }
                case Translator.Affine(Linear map, boolean _) -> {
                    matrices.add(map.matrix());
                    if (map.bias() != null) {
                        add(map.bias(), 4L * map.bias().length);
                    }
                    take(8L * map.inputs());
                }
                case RandomRotation rotation -> {
                    long d = rotation.dModel();
                    add(rotation.mean(), 8 * d);
                    add(rotation.factor(), 4 * d * (d + 1));
                    Optional<Translator> then = rotation.then();
                    then.ifPresent(this::add);
                    // beside rows before and after: in float64, and before what is next
                    take(8 * d + 8 * d + (then.isPresent() ? 4 * d : 0));
                }
            }
        }

        private void add(Object array, long bytes) {
            held += arrays.add(array) ? bytes : 0;
        }

        private void take(long bytes) {
            perRow = Math.max(perRow, bytes);
        }
    }
}
