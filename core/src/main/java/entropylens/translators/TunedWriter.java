package entropylens.translators;

import entropylens.checkpoint.TorchSave;
import entropylens.checkpoint.TorchSave.Tensor;
import entropylens.kernels.DenseMatrix;
import entropylens.kernels.WeightType;
import entropylens.lens.Lens;
import entropylens.lens.Translator;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// Writes a lens that was trained as `tuned-lens` 0.2 does: what belongs into the two files of its
/// directory.
public final class TunedWriter {
    /// One of the two files.
    public static final String CONFIG = TunedDirectory.CONFIG;

    /// The other.
    public static final String PARAMETERS = TunedDirectory.PARAMETERS;

    private TunedWriter() {}

    /// Writes `params.pt`.
    ///
    /// @param lens of matrices of float32 that are added, as [TunedFit] makes them
    public static void writeParameters(Lens lens, OutputStream out) throws IOException {
        Map<String, Object> state = new LinkedHashMap<>(); // the same bytes every time
        try (Arena arena = Arena.ofConfined()) {
            lens.translators()
                    .forEach((layer, translator) -> {
                        state.put(layer + ".weight", weight(translator));
                        state.put(layer + ".bias", bias(translator, arena));
                    });
            TorchSave.write(state, out);
        }
    }

    private static Tensor weight(Translator translator) {
        if (translator instanceof Translator.Affine affine
                && affine.added()
                && affine.map().matrix() instanceof DenseMatrix dense
                && dense.type() == WeightType.F32) {
            long d = dense.inputs();
            return new Tensor(TorchSave.Type.FLOAT, List.of(d, d), dense.data());
        }
        throw new IllegalArgumentException(
                "only matrices of float32 that are added are written as a tuned lens");
    }

    private static Tensor bias(Translator translator, Arena arena) {
        float[] bias = ((Translator.Affine) translator).map().bias();
        if (bias == null) {
            throw new IllegalArgumentException("a translator of a tuned lens needs a bias");
        }
        MemorySegment data = arena.allocate(4L * bias.length);
        for (int i = 0; i < bias.length; i++) {
            data.setAtIndex(OwnFile.LITTLE, i, bias[i]);
        }
        return new Tensor(TorchSave.Type.FLOAT, List.of((long) bias.length), data);
    }

    /// Writes `config.json`. Keys of its own are under `entropy_lens`, which the package leaves
    /// out.
    ///
    /// @param facts of how the lens was made, by name
    public static void writeConfig(Lens lens, SortedMap<String, String> facts, OutputStream out)
            throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("base_model_name_or_path", facts.getOrDefault(OwnFile.MODEL, ""));
        config.put("d_model", lens.translators().firstEntry().getValue().dModel());
        config.put("num_hidden_layers", lens.translators().size());
        config.put("bias", true);
        config.put("base_model_revision", null);
        config.put("unembed_hash", null);
        config.put("lens_type", TunedDirectory.KIND);
        config.put(TunedDirectory.OURS, new TreeMap<>(facts));
        String text =
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(config);
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
