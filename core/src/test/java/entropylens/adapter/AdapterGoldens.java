package entropylens.adapter;

import entropylens.Goldens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The small random adapters in src/test/resources/adapters, and the entropies that PEFT gives with
/// them: made by tools/adapter_goldens.py.
final class AdapterGoldens {
    static final Path ROOT = Path.of("src/test/resources/adapters");

    static final List<Case> CASES = cases();

    private AdapterGoldens() {}

    /// @param base the golden whose checkpoint is adapted
    /// @param adapters that are active together
    /// @param entropy `[layers, tokens]`, in nats
    record Case(
            String name,
            Path base,
            List<AdapterSource> adapters,
            int[] inputIds,
            double[][] entropy) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Case named(String name) {
        return CASES.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<Case> cases() {
        JsonNode root = new JsonMapper().readTree(ROOT.resolve("goldens.json").toFile());
        List<Case> cases = new ArrayList<>();
        for (JsonNode json : root.get("cases").values()) {
            List<AdapterSource> adapters = new ArrayList<>();
            for (JsonNode adapter : json.get("adapters").values()) {
                adapters.add(
                        new AdapterSource(
                                ROOT.resolve(adapter.get("name").asString()),
                                adapter.get("scale").asDouble()));
            }
            cases.add(
                    new Case(
                            json.get("name").asString(),
                            Goldens.directory(json.get("base").asString()),
                            adapters,
                            json.get("input_ids").values().stream()
                                    .mapToInt(JsonNode::asInt)
                                    .toArray(),
                            json.get("entropy").values().stream()
                                    .map(layer ->
                                            layer.values().stream()
                                                    .mapToDouble(JsonNode::asDouble)
                                                    .toArray())
                                    .toArray(double[][]::new)));
        }
        return cases;
    }
}
