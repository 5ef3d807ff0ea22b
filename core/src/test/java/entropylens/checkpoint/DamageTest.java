package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Good files, damaged at random: each is either read within its bounds or refused by name. Nothing
/// else may come out: no other exception, no endless loop, no memory that a number in the file
/// asked for.
class DamageTest {

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final String[] ODD_NUMBERS = {
        "0",
        "1",
        "2",
        "-1",
        "7",
        "8",
        "1e3",
        "1.5",
        "00",
        "NaN",
        "null",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "[",
        "\"4\"",
        "99999999999999999999999"
    };

    private static Path directory = Path.of(".");

    @BeforeContainer
    static void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("damage");
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static SafetensorsWriter good() {
        return new SafetensorsWriter()
                .counting("model.embed_tokens.weight", DType.F32, 0, 6, 2)
                .counting("empty", DType.F16, 0, 0, 3)
                .counting("scalar", DType.BF16, 1)
                .counting("blocks.0.bias", DType.F16, 7, 5)
                .counting("blocks.0.mask", DType.U8, 3, 2, 2);
    }

    @Property(tries = 1000, seed = "1", shrinking = ShrinkingMode.OFF)
    void aDamagedWeightFileIsReadWithinBoundsOrRefused(
            @ForAll @IntRange(min = 1, max = 4) int damages, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = good().bytes();
        for (int i = 0; i < damages; i++) {
            bytes = damageSafetensors(bytes, random);
        }
        Path file = SafetensorsWriter.write(directory.resolve("model.safetensors"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            checkEveryTensor(Checkpoint.open(directory, arena));
        } catch (CheckpointException e) {
            assertThat(e)
                    .satisfiesAnyOf(
                            x -> assertThat(x).hasMessageContaining(file.toString()),
                            x -> assertThat(x).hasMessageContaining("hold no tensors"));
        }
    }

    @Property(tries = 100, seed = "2", shrinking = ShrinkingMode.OFF)
    void damageToTheDataAloneIsDamageToTheValuesAlone(@ForAll long seed) throws IOException {
        byte[] bytes = good().bytes();
        int data = good().data().length;
        bytes[bytes.length - 1 - new Random(seed).nextInt(data)] ^= 0x55;
        Path file = SafetensorsWriter.write(directory.resolve("model.safetensors"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint checkpoint = Checkpoint.open(directory, arena);
            assertThat(checkpoint.names()).hasSize(5);
            checkEveryTensor(checkpoint);
        }
        Files.delete(file);
    }

    @Property(tries = 700, seed = "3", shrinking = ShrinkingMode.OFF)
    void aDamagedIndexIsFollowedWithinTheDirectoryOrRefused(
            @ForAll @IntRange(min = 1, max = 3) int damages, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Files.deleteIfExists(directory.resolve("model.safetensors"));
        var shards = new LinkedHashMap<String, SafetensorsWriter>();
        shards.put("model-1.safetensors", good());
        shards.put(
                "model-2.safetensors",
                new SafetensorsWriter().counting("lm_head", DType.F32, 1, 2));
        SafetensorsWriter.writeShards(directory, shards);
        damageFile(directory.resolve("model.safetensors.index.json"), damages, random);
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint checkpoint = Checkpoint.open(directory, arena);
            checkEveryTensor(checkpoint);
            assertThat(checkpoint.names()).hasSize(6);
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining("model.safetensors.index.json");
        }
    }

    @Property(tries = 700, seed = "4", shrinking = ShrinkingMode.OFF)
    void aDamagedConfigurationIsReadOrRefused(
            @ForAll @IntRange(min = 1, max = 3) int damages, @ForAll long seed) throws IOException {
        String json =
                """
                {"hidden_size": 64, "rms_norm_eps": 1e-05, "rope_scaling": {"factor": 8.0, "type": "linear"},
                 "tie_word_embeddings": true, "eos_token_id": [1, 2], "hidden_act": "silu", "x": null}
                """;
        Path file = directory.resolve("config.json");
        Files.writeString(file, json);
        damageFile(file, damages, new Random(seed));
        try {
            var config = ConfigJson.read(file);
            config.requireInt("hidden_size");
            assertThat(config.requireDouble("rms_norm_eps")).isFinite();
            config.object("rope_scaling")
                    .ifPresent(rope -> {
                        assertThat(rope.doubleOr("factor", 1)).isFinite();
                        rope.mustBe("type", "linear", "only linear");
                    });
            config.boolOr("tie_word_embeddings", false);
            config.ints("eos_token_id");
            config.mustBe("hidden_act", "silu", "only silu");
            config.refuseUnread(Set.of());
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(file.toString());
        }
    }

    private static void checkEveryTensor(Checkpoint checkpoint) {
        assertThat(checkpoint.bytes()).isEqualTo(checkTensors(checkpoint));
    }

    /// Reads all of every tensor, and counts the bytes.
    static long checkTensors(Checkpoint checkpoint) {
        for (String name : checkpoint.names()) {
            assertThat(checkpoint.has(name)).isTrue();
        }
        assertThat(checkpoint.sha256()).hasSize(64);
        assertThat(checkpoint.dtype()).isNotNull();
        long total = 0;
        for (WeightFile file : checkpoint.files()) {
            for (Tensor tensor : file.tensors().values()) {
                long elements = 1;
                for (long size : tensor.shape()) {
                    elements = Math.multiplyExact(elements, size);
                }
                assertThat(tensor.elements()).isEqualTo(elements);
                assertThat(tensor.data().byteSize()).isEqualTo(elements * tensor.dtype().bytes());
                total += tensor.data().byteSize();
                assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE))
                        .hasSize((int) tensor.data().byteSize());
            }
        }
        return total;
    }

    private static void damageFile(Path file, int damages, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < damages; i++) {
            bytes = damageText(bytes, random);
        }
        Files.write(file, bytes);
    }

    private static byte[] damageSafetensors(byte[] bytes, Random random) {
        if (bytes.length < 9) {
            return bytes;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) Math.clamp(buffer.getLong(0), 0, bytes.length - 8);
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16));
            case 2 -> {
                long[] lengths = {0, -1, length - 1L, length + 1L, 1L << 33, random.nextLong()};
                buffer.putLong(0, lengths[random.nextInt(lengths.length)]);
                yield bytes;
            }
            case 3 -> flip(bytes, random);
            default -> {
                byte[] header = damageText(Arrays.copyOfRange(bytes, 8, 8 + length), random);
                byte[] data = Arrays.copyOfRange(bytes, 8 + length, bytes.length);
                yield ByteBuffer.allocate(8 + header.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .put(data)
                        .array();
            }
        };
    }

    private static byte[] damageText(byte[] bytes, Random random) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String damaged =
                switch (random.nextInt(6)) {
                    case 0 -> new String(flip(bytes, random), StandardCharsets.ISO_8859_1);
                    case 1 -> text.substring(0, random.nextInt(text.length() + 1));
                    case 2 -> swapNumbers(text, random);
                    case 3 -> repeatOrDrop(text, random);
                    default -> replaceNumber(text, random);
                };
        return damaged.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] flip(byte[] bytes, Random random) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String replaceNumber(String text, Random random) {
        var numbers = NUMBER.matcher(text).results().toList();
        if (numbers.isEmpty()) {
            return text;
        }
        var number = numbers.get(random.nextInt(numbers.size()));
        String other = ODD_NUMBERS[random.nextInt(ODD_NUMBERS.length)];
        return text.substring(0, number.start()) + other + text.substring(number.end());
    }

    private static String swapNumbers(String text, Random random) {
        var numbers = NUMBER.matcher(text).results().toList();
        if (numbers.size() < 2) {
            return text;
        }
        int first = random.nextInt(numbers.size() - 1);
        var a = numbers.get(first);
        var b = numbers.get(first + 1 + random.nextInt(numbers.size() - first - 1));
        return text.substring(0, a.start())
                + b.group()
                + text.substring(a.end(), b.start())
                + a.group()
                + text.substring(b.end());
    }

    /// A whole `,"name":{...}` or `,"name":"..."` at a time, so that the JSON often stays valid.
    private static String repeatOrDrop(String text, Random random) {
        var entries =
                Pattern.compile(",\\s*\"[^\"]*\":\\s*(\\{[^{}]*}|\"[^\"]*\")")
                        .matcher(text)
                        .results()
                        .toList();
        if (entries.isEmpty()) {
            return text;
        }
        var entry = entries.get(random.nextInt(entries.size()));
        String instead = random.nextBoolean() ? "" : entry.group() + entry.group();
        return text.substring(0, entry.start()) + instead + text.substring(entry.end());
    }
}
