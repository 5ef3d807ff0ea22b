package entropylens.quantised;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.SafetensorsWriter;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.model.Batch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Quantised checkpoints whose settings, headers and states are damaged at random: each is refused
/// by name, or computed with within its bounds. Every damage keeps the files well-formed, so that
/// it reaches the formats; what damages the files themselves is tested with them.
class QuantisedDamageTest {
    private static final int DAMAGES = Integer.getInteger("quantised.damages", 2_000);

    private static final JsonMapper JSON = new JsonMapper();

    private static final List<String> ODD =
            List.of(
                    "null",
                    "0",
                    "1",
                    "-1",
                    "2",
                    "3",
                    "7",
                    "8",
                    "64",
                    "2147483647",
                    "-2147483648",
                    "9223372036854775807",
                    "1e300",
                    "1.5",
                    "true",
                    "false",
                    "\"\"",
                    "\"gptq\"",
                    "\"float\"",
                    "\"int\"",
                    "\"block\"",
                    "\"pack-quantized\"",
                    "\"re:(a+)+$\"",
                    "[]",
                    "[0, 0]",
                    "[1, 2147483647]",
                    "[-1, 16]",
                    "[16, 32, 1]",
                    "{}",
                    "[[[[]]]]");

    /// Types of one size.
    private static final List<List<String>> SAME_SIZE =
            List.of(
                    List.of("U8", "I8", "BOOL", "F8_E4M3", "F8_E5M2"),
                    List.of("F16", "BF16", "I16", "U16"),
                    List.of("F32", "I32", "U32"),
                    List.of("F64", "I64", "U64"));

    private static final List<String> SUFFIXES =
            List.of(
                    ".weight",
                    ".weight_scale",
                    ".weight_scale_inv",
                    ".weight_packed",
                    ".weight_shape",
                    ".weight_zero_point",
                    ".weight_g_idx",
                    ".qweight",
                    ".qzeros",
                    ".scales",
                    ".g_idx",
                    ".SCB",
                    ".weight.absmax",
                    ".weight.nested_absmax",
                    ".bias",
                    ".input_scale");

    @TempDir Path directory;

    @Test
    void aDamagedCheckpointIsRefusedOrComputedWithinItsBounds() throws IOException {
        Backend backend = new CpuBackend(Kernels.best(), new WorkerPool(1));
        int refused = 0;
        for (int seed = 0; seed < DAMAGES; seed++) {
            Random random = new Random(seed);
            String name =
                    QuantisedGoldens.MODELS.get(random.nextInt(QuantisedGoldens.MODELS.size()));
            write(QuantisedGoldens.directory(name), random);
            try (Arena arena = Arena.ofShared()) {
                LoadedModel loaded = LoadedModel.load(directory, arena, backend);
                Batch batch = new Batch();
                batch.add(loaded.model().newSession(3), 1, 47, 2);
                assertThat(loaded.model().forward(batch)).isNotEmpty();
            } catch (CheckpointException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed %d, %s: %s".formatted(seed, name, e), e);
            }
        }
        System.out.printf("%,d damages, %,d refused%n", DAMAGES, refused);
        assertThat(refused).as("refused of %d", DAMAGES).isBetween(DAMAGES / 4, DAMAGES - 1);
    }

    private void write(Path from, Random random) throws IOException {
        ObjectNode config =
                (ObjectNode) JSON.readTree(Files.readString(from.resolve("config.json")));
        byte[] file = Files.readAllBytes(from.resolve("model.safetensors"));
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        ObjectNode header =
                (ObjectNode) JSON.readTree(new String(file, 8, length, StandardCharsets.UTF_8));
        byte[] data = Arrays.copyOfRange(file, 8 + length, file.length);
        int damages = 1 + random.nextInt(3);
        for (int i = 0; i < damages; i++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> damageSettings((ObjectNode) config.get("quantization_config"), random);
                case 2 -> header = damagedHeader(header, random);
                default -> damageState(header, data, random);
            }
        }
        Files.writeString(directory.resolve("config.json"), config.toString());
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                SafetensorsWriter.raw(header.toString(), data));
    }

    /// One value, somewhere, is another, or gone; or there is a key more.
    private static void damageSettings(ObjectNode settings, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(settings, objects);
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> keys = new ArrayList<>(object.propertyNames());
        if (keys.isEmpty() || random.nextInt(8) == 0) {
            List<String> more =
                    List.of(
                            "transform_config",
                            "sparsity_config",
                            "is_marlin_format",
                            "weight_block_size",
                            "checkpoint_format",
                            "version",
                            "bits",
                            "group_size",
                            "what");
            object.set(more.get(random.nextInt(more.size())), odd(random));
        } else {
            String key = keys.get(random.nextInt(keys.size()));
            if (random.nextInt(4) == 0) {
                object.remove(key);
            } else {
                object.set(key, odd(random));
            }
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
            object.values().forEach(value -> collect(value, objects));
        }
    }

    private static JsonNode odd(Random random) {
        return JSON.readTree(ODD.get(random.nextInt(ODD.size())));
    }

    /// A tensor has another type or shape of as many bytes, or another name; or two change places.
    private static ObjectNode damagedHeader(ObjectNode header, Random random) {
        List<String> names = new ArrayList<>(header.propertyNames());
        names.remove("__metadata__");
        String name = names.get(random.nextInt(names.size()));
        ObjectNode entry = (ObjectNode) header.get(name);
        switch (random.nextInt(4)) {
            case 0 -> otherType(entry, random);
            case 1 -> otherShape(entry, random);
            case 2 -> {
                return renamed(header, name, otherName(name, random));
            }
            default -> {
                String other = names.get(random.nextInt(names.size()));
                header.set(name, header.get(other));
                header.set(other, entry);
            }
        }
        return header;
    }

    private static void otherType(ObjectNode entry, Random random) {
        String type = entry.get("dtype").asString();
        for (List<String> types : SAME_SIZE) {
            if (types.contains(type)) {
                entry.put("dtype", types.get(random.nextInt(types.size())));
            }
        }
    }

    private static void otherShape(ObjectNode entry, Random random) {
        List<Long> sizes = new ArrayList<>();
        ((ArrayNode) entry.get("shape")).values().forEach(size -> sizes.add(size.asLong()));
        int from = sizes.isEmpty() ? -1 : random.nextInt(sizes.size());
        if (from >= 0 && sizes.get(from) % 2 == 0 && random.nextBoolean()) {
            sizes.set(from, sizes.get(from) / 2);
            sizes.add(random.nextInt(sizes.size() + 1), 2L);
        } else if (sizes.size() > 1 && random.nextBoolean()) {
            Collections.reverse(sizes);
        } else {
            sizes.add(random.nextInt(sizes.size() + 1), 1L);
        }
        ArrayNode shape = entry.putArray("shape");
        sizes.forEach(shape::add);
    }

    private static String otherName(String name, Random random) {
        int dot =
                name.lastIndexOf(
                        '.', name.contains(".weight.") ? name.indexOf(".weight.") : name.length());
        return name.substring(0, Math.max(dot, 1)) + SUFFIXES.get(random.nextInt(SUFFIXES.size()));
    }

    private static ObjectNode renamed(ObjectNode header, String name, String to) {
        ObjectNode renamed = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> property : header.properties()) {
            String key = property.getKey();
            if (!key.equals(to)) {
                renamed.set(key.equals(name) ? to : key, property.getValue());
            }
        }
        return renamed;
    }

    /// Bytes of a small tensor, be it a state in JSON or an index of groups.
    private static void damageState(ObjectNode header, byte[] data, Random random) {
        List<String> names = new ArrayList<>(header.propertyNames());
        names.removeIf(name ->
                !name.matches(".*(quant_state|g_idx|weight_shape|weight_format|SCB|zero|scale).*"));
        if (names.isEmpty()) {
            return;
        }
        JsonNode offsets = header.get(names.get(random.nextInt(names.size()))).get("data_offsets");
        int from = offsets.get(0).asInt();
        int to = offsets.get(1).asInt();
        for (int i = 0; i < 2 && from < to; i++) {
            data[from + random.nextInt(to - from)] = (byte) random.nextInt();
        }
    }
}
