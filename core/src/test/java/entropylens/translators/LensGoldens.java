package entropylens.translators;

import entropylens.Goldens;
import entropylens.checkpoint.StrictJson;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.Model;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The random lenses in src/test/resources/lenses, and what they read by the formulas of jlens and
/// tuned-lens on transformers' streams. Made by tools/lens_goldens.py.
final class LensGoldens {
    static final Path ROOT = Path.of("src/test/resources/lenses");

    static final List<Case> CASES = cases();

    private LensGoldens() {}

    /// @param base a golden's checkpoint
    /// @param file below [#ROOT]
    /// @param firstLayer of the tables
    /// @param entropy `[layer][token]`
    /// @param klToLast likewise
    record Case(
            String name,
            String base,
            String file,
            int[] inputIds,
            int firstLayer,
            double[][] entropy,
            double[][] klToLast) {
        LensSource source() {
            return source(ROOT.resolve(file));
        }

        /// The same kind of lens, from elsewhere.
        LensSource source(Path path) {
            return LensSource.parse(
                    file.endsWith(".pt")
                            ? "jacobian:" + path
                            : file.endsWith(".safetensors") ? path.toString() : "tuned:" + path);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Case named(String name) {
        return CASES.stream().filter(test -> test.name.equals(name)).findFirst().orElseThrow();
    }

    static Model load(String golden) {
        return load(golden, Kernels.best());
    }

    static Model load(String golden, Kernels kernels) {
        return LoadedModel.load(
                        Goldens.directory(golden),
                        Arena.ofAuto(),
                        new CpuBackend(kernels, new WorkerPool(1)))
                .model();
    }

    private static List<Case> cases() {
        Path file = ROOT.resolve("goldens.json");
        JsonNode json = StrictJson.object(file, StrictJson.bytes(file, 1_000_000));
        return json.get("cases").valueStream().map(LensGoldens::read).toList();
    }

    private static Case read(JsonNode json) {
        return new Case(
                json.get("name").asString(),
                json.get("base").asString(),
                json.get("file").asString(),
                json.get("input_ids").valueStream().mapToInt(JsonNode::asInt).toArray(),
                json.get("first_layer").asInt(),
                table(json.get("entropy")),
                table(json.get("kl_to_last")));
    }

    private static double[][] table(JsonNode json) {
        return json.valueStream()
                .map(layer -> layer.valueStream().mapToDouble(JsonNode::asDouble).toArray())
                .toArray(double[][]::new);
    }
}
