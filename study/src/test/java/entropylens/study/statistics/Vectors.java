package entropylens.study.statistics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Inputs and what scikit-learn, SciPy and statsmodels made of them; written by
/// tools/make_statistics_vectors.py.
final class Vectors {
    private static final Path ROOT = Path.of("src/test/resources/statistics");

    private Vectors() {}

    static JsonNode read(String subject) {
        Path file = ROOT.resolve(subject + ".json");
        if (!Files.exists(file)) {
            throw new IllegalStateException(
                    file + " is not here; make it with tools/make_statistics_vectors.py");
        }
        return JsonMapper.shared().readTree(file.toFile());
    }

    static double number(JsonNode node, String name) {
        return node.required(name).doubleValue();
    }

    static double[] doubles(JsonNode node, String name) {
        return doubles(node.required(name));
    }

    static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    static double[][] matrix(JsonNode node, String name) {
        return node.required(name).valueStream().map(Vectors::doubles).toArray(double[][]::new);
    }

    static int[] ints(JsonNode node, String name) {
        return ints(node.required(name));
    }

    static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    static int[][] intMatrix(JsonNode node, String name) {
        return node.required(name).valueStream().map(Vectors::ints).toArray(int[][]::new);
    }

    /// Indices `from .. to - 1`.
    static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }
}
