package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.Goldens;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    private static final Duration MAX_TIME = Duration.ofSeconds(2);
    private static final List<Long> NUMBERS =
            List.of(
                    0L,
                    -1L,
                    1L,
                    65_536L,
                    268_435_462L,
                    1L << 30,
                    (long) Integer.MAX_VALUE,
                    (long) Integer.MIN_VALUE,
                    1_000_000_000_000_000_000L);

    /// Of keys that other families have: most are inert, so one does. `-Dsizes.all` takes all.
    private static final List<Long> FOREIGN_NUMBERS =
            Boolean.getBoolean("sizes.all") ? NUMBERS : List.of(268_435_462L);

    /// Shares of a head that is turned, under the names that families give them.
    private static final List<String> SHARES = List.of("partial_rotary_factor", "rotary_pct");

    private static final List<Double> WRONG_SHARES = List.of(0.0, -1.0, 1e-9, 2.0, 1e6, 1e300);

    /// Keys that hold a size in some family.
    private static final Set<String> OF_ANY_FAMILY =
            models().flatMap(model -> sizes(config(model)).stream()).collect(Collectors.toSet());

    @TempDir Path folder;

    static Stream<String> models() {
        return Goldens.NAMES.stream();
    }

    /// One model of each family.
    static Stream<String> families() {
        Map<String, String> first = new TreeMap<>();
        for (String name : Goldens.NAMES) {
            ConfigJson json = ConfigJson.read(Goldens.directory(name).resolve("config.json"));
            first.putIfAbsent(Families.of(json, Optional.empty()).name(), name);
        }
        assertThat(first.keySet()).containsExactlyInAnyOrderElementsOf(Families.names());
        return first.values().stream();
    }

    /// One model of each family; `-Dsizes.all` takes all.
    static Stream<String> asked() {
        return Boolean.getBoolean("sizes.all") ? models() : families();
    }

    @ParameterizedTest
    @MethodSource("asked")
    void aSizeOfTheFileIsReadOrRefusedByName(String name) {
        ObjectNode config = config(name);
        List<String> paths = new ArrayList<>(sizes(config));
        for (String inner : List.of("text_config", "rope_parameters", "rope_scaling")) {
            if (config.get(inner) instanceof ObjectNode object) {
                sizes(object).forEach(key -> paths.add(inner + "/" + key));
            }
        }
        Copy copy = copy(name);
        assertThat(paths.stream().flatMap(path -> copy.wrongs(path, NUMBERS))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("families")
    void aSizeOfAnyFamilyIsReadOrRefusedByName(String name) {
        Set<String> keys = new TreeSet<>(OF_ANY_FAMILY);
        keys.removeAll(sizes(config(name)));
        Copy copy = copy(name);
        assertThat(keys.stream().flatMap(key -> copy.wrongs(key, FOREIGN_NUMBERS))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("families")
    void aShareOfAHeadIsReadOrRefusedByName(String name) {
        Copy copy = copy(name);
        assertThat(SHARES.stream().flatMap(key -> copy.wrongs(key, WRONG_SHARES))).isEmpty();
    }

    private static List<String> sizes(ObjectNode config) {
        return config.propertyNames().stream()
                .filter(key -> config.get(key).isInt() && !key.endsWith("_id"))
                .toList();
    }

    private static ObjectNode config(String name) {
        try {
            Path file = Goldens.directory(name).resolve("config.json");
            return (ObjectNode) JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A model whose configuration is rewritten time and again.
    private record Copy(Path directory, ObjectNode config) {
        Stream<String> wrongs(String path, List<? extends Number> numbers) {
            return numbers.stream().flatMap(number -> wrong(path, number).stream());
        }

        /// What is wrong with how a number is met.
        private Optional<String> wrong(String path, Number number) {
            ObjectNode hostile = config.deepCopy();
            String[] parts = path.split("/");
            String key = parts[parts.length - 1];
            ObjectNode at = parts.length == 1 ? hostile : (ObjectNode) hostile.get(parts[0]);
            at.set(key, JSON.valueToTree(number));
            long start = System.nanoTime();
            String outcome = outcome(hostile);
            // the first load of all also loads classes
            if (System.nanoTime() - start > MAX_TIME.toNanos()) {
                return Optional.of("%s = %s takes too long".formatted(path, number));
            }
            boolean named =
                    outcome.contains(key)
                            && (outcome.contains(number.toString())
                                    || outcome.contains("%,d".formatted(number.longValue())));
            // a size that is fine may be one that the tensors do not have
            boolean small = number.doubleValue() == 1;
            return outcome.equals("loaded") || named || small && outcome.startsWith("refused")
                    ? Optional.empty()
                    : Optional.of("%s = %s: %s".formatted(path, number, outcome));
        }

        private String outcome(ObjectNode hostile) {
            try (Arena arena = Arena.ofShared()) {
                Files.writeString(directory.resolve("config.json"), hostile.toString());
                LoadedModel.load(
                        directory, arena, new CpuBackend(Kernels.scalar(), new WorkerPool(1)));
                return "loaded";
            } catch (CheckpointException refused) {
                return "refused: " + refused.getMessage();
            } catch (IOException | RuntimeException | Error e) {
                return "failed: " + e;
            }
        }
    }

    @Test
    void aSizeThatNoTensorHasIsRefusedByName() {
        assertThat(refusal("llama-gqa-tied", "head_dim", 268_435_462))
                .contains(
                        "head_dim is 268,435,462, but no tensor of the weights has a dimension above");
        assertThat(refusal("llama-gqa-tied", "num_hidden_layers", Integer.MAX_VALUE))
                .contains("num_hidden_layers is 2,147,483,647, but the weights hold only")
                .contains("tensors");
        assertThat(refusal("llama-gqa-tied", "num_key_value_heads", 0))
                .contains("num_key_value_heads is 0, but must be at least 1");
        assertThat(refusal("opt-pre-norm", "max_position_embeddings", Integer.MAX_VALUE))
                .contains("max_position_embeddings is 2,147,483,647, but no tensor");
    }

    @Test
    void aGroupIsRepeatedNoMoreOftenThanThereAreTensors() {
        Copy copy = copy("gpt-neo-local");
        ObjectNode hostile = copy.config.deepCopy();
        hostile.remove("attention_layers");
        hostile.set("attention_types", JSON.readTree("[[[\"global\", \"local\"], 1000000000]]"));
        assertThat(copy.outcome(hostile))
                .contains("attention_types repeats a group of 2 1,000,000,000 times")
                .contains("the weights hold only");
    }

    private String refusal(String name, String key, int number) {
        Copy copy = copy(name);
        return copy.outcome(copy.config.deepCopy().put(key, number));
    }

    /// All but the configuration.
    private Copy copy(String name) {
        Path from = Goldens.directory(name);
        try (Stream<Path> files = Files.list(from)) {
            Path to = Files.createTempDirectory(folder, name);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("config.json")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
            return new Copy(to, config(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
