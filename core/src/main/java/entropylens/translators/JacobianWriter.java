package entropylens.translators;

import entropylens.checkpoint.TorchSave;
import entropylens.checkpoint.TorchSave.Tensor;
import entropylens.kernels.DenseMatrix;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes a Jacobian lens that was fitted as `jlens` does: matrices in float16, by block. The
/// embedding's has no place there.
public final class JacobianWriter {
    private static final ValueLayout.OfShort LITTLE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private JacobianWriter() {}

    /// @param lens as [JacobianFit] makes it
    /// @param facts of how it was made, by name; `texts` is the number of prompts
    public static void write(Lens lens, SortedMap<String, String> facts, OutputStream out)
            throws IOException {
        Map<Integer, Object> matrices = new TreeMap<>();
        List<Integer> blocks = new ArrayList<>();
        int d = lens.translators().firstEntry().getValue().dModel();
        try (Arena arena = Arena.ofConfined()) {
            lens.translators()
                    .tailMap(1)
                    .forEach((layer, translator) -> {
                        blocks.add(layer - 1);
                        matrices.put(layer - 1, half(translator, d, arena));
                    });
            SortedMap<String, String> metadata = new TreeMap<>(facts);
            metadata.put("model_name", facts.getOrDefault(OwnFile.MODEL, ""));
            Map<String, Object> dict = new LinkedHashMap<>(); // the same bytes every time
            dict.put("J", matrices);
            dict.put("n_prompts", Integer.parseInt(facts.getOrDefault("texts", "0")));
            dict.put("source_layers", blocks);
            dict.put("d_model", d);
            dict.put("metadata", metadata);
            TorchSave.write(dict, out);
        }
    }

    private static Tensor half(Translator translator, int d, Arena arena) {
        if (!(translator instanceof Translator.Affine affine)
                || !(affine.map().matrix() instanceof DenseMatrix dense)) {
            throw new IllegalArgumentException("only matrices are written as a Jacobian lens");
        }
        MemorySegment data = arena.allocate(2L * d * d);
        for (int i = 0; i < d * d; i++) {
            float value = dense.data().getAtIndex(OwnFile.LITTLE, i);
            data.setAtIndex(LITTLE, i, Float.floatToFloat16(value));
        }
        return new Tensor(TorchSave.Type.HALF, List.of((long) d, (long) d), data);
    }
}
