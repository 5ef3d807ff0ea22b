package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whatever number stands in a configuration, it is refused by name, or read; nothing is allocated
/// by it, nothing wraps around, and it takes no time.
class HostileSizesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int[] NUMBERS = {
        0, -1, 65_536, 268_435_462, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    @TempDir Path folder;

    static Stream<String> models() {
        return Goldens.NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("models")
    void anyIntegerIsReadOrRefusedByName(String name) throws IOException {
        Path from = Goldens.directory(name);
        ObjectNode config =
                (ObjectNode) JSON.readTree(Files.readString(from.resolve("config.json")));
        Path copy = copy(from, name);
        List<String> wrong = new ArrayList<>();
        for (String key : config.propertyNames()) {
            if (!config.get(key).isInt()) {
                continue;
            }
            for (int number : NUMBERS) {
                ObjectNode hostile = config.deepCopy();
                hostile.put(key, number);
                Files.writeString(copy.resolve("config.json"), hostile.toString());
                long start = System.nanoTime();
                try (Arena arena = Arena.ofShared()) {
                    LoadedModel.load(
                            copy, arena, new CpuBackend(Kernels.scalar(), new WorkerPool(1)));
                } catch (CheckpointException refused) {
                    String message = String.valueOf(refused.getMessage());
                    if (message.contains("-") && message.contains("shape [-")) {
                        wrong.add("%s = %d wraps around: %s".formatted(key, number, message));
                    }
                } catch (RuntimeException | Error e) {
                    wrong.add("%s = %d: %s".formatted(key, number, e));
                }
                // the first load of all also loads classes
                if (System.nanoTime() - start > Duration.ofSeconds(3).toNanos()) {
                    wrong.add("%s = %d takes too long".formatted(key, number));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aSizeThatNoTensorHasIsRefusedByName() throws IOException {
        assertThat(refusal("llama-gqa-tied", "head_dim", 268_435_462))
                .contains(
                        "head_dim is 268,435,462, but no tensor of the weights has a dimension above");
        assertThat(refusal("llama-gqa-tied", "num_hidden_layers", Integer.MAX_VALUE))
                .contains("num_hidden_layers is 2,147,483,647, but the weights hold only")
                .contains("tensors");
    }

    private String refusal(String name, String key, int number) throws IOException {
        Path from = Goldens.directory(name);
        ObjectNode config =
                (ObjectNode) JSON.readTree(Files.readString(from.resolve("config.json")));
        config.put(key, number);
        Path copy = copy(from, key);
        Files.writeString(copy.resolve("config.json"), config.toString());
        try (Arena arena = Arena.ofShared()) {
            LoadedModel.load(copy, arena, new CpuBackend(Kernels.scalar(), new WorkerPool(1)));
            return "loaded";
        } catch (CheckpointException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// All but the configuration.
    private Path copy(Path from, String name) throws IOException {
        Path to = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("config.json")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
        return to;
    }
}
