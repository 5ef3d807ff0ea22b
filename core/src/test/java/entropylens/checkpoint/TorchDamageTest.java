package entropylens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipFile;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// A good file of torch, damaged at random: it is either read within its bounds or refused by name.
class TorchDamageTest {

    private static final Path GOOD =
            Path.of("src/test/resources/torch/every-kind/pytorch_model.bin");
    private static final int END_OF_DIRECTORY = 98;

    private static Path file = GOOD;

    @BeforeContainer
    static void makeDirectory() throws IOException {
        file = Files.createTempDirectory("torch-damage").resolve("pytorch_model.bin");
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        Files.delete(file);
        Files.delete(file.resolveSibling(""));
    }

    @Property(tries = 1000, seed = "1", shrinking = ShrinkingMode.OFF)
    void aDamagedFileIsReadWithinBoundsOrRefused(
            @ForAll @IntRange(min = 1, max = 4) int damages, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = Files.readAllBytes(GOOD);
        for (int i = 0; i < damages; i++) {
            bytes = damage(bytes, random);
        }
        check(bytes);
    }

    @Property(tries = 2000, seed = "2", shrinking = ShrinkingMode.OFF)
    void aDamagedPickleIsReadWithinBoundsOrRefused(
            @ForAll @IntRange(min = 1, max = 3) int damages, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] pickle = entry("data.pkl");
        for (int i = 0; i < damages; i++) {
            pickle = damagePickle(pickle, random);
        }
        var writer = new TorchWriter(pickle);
        for (int storage = 0; storage < 16; storage++) {
            writer.with("data/" + storage, entry("data/" + storage));
        }
        check(writer.bytes());
    }

    private static byte[] entry(String name) throws IOException {
        try (var zip = new ZipFile(GOOD.toFile())) {
            var entry = zip.getEntry("pytorch_model/" + name);
            return entry == null ? new byte[0] : zip.getInputStream(entry).readAllBytes();
        }
    }

    private static void check(byte[] bytes) {
        SafetensorsWriter.write(file, bytes);
        Path directory = file.resolveSibling("");
        try (Arena arena = Arena.ofConfined()) {
            Checkpoint checkpoint = Checkpoint.open(directory, arena);
            DamageTest.checkTensors(checkpoint);
            for (WeightFile weights : checkpoint.files()) {
                weights.derived().values().forEach(view -> readStrided(view, checkpoint));
            }
        } catch (CheckpointException e) {
            assertThat(e)
                    .satisfiesAnyOf(
                            x -> assertThat(x).hasMessageContaining(file.toString()),
                            x -> assertThat(x).hasMessageContaining("hold no tensors"));
        }
    }

    private static void readStrided(DerivedTensor view, Checkpoint checkpoint) {
        long[] shape = view.shape().stream().mapToLong(n -> n).toArray();
        try {
            Tensor tensor = checkpoint.require(view.name(), shape);
            assertThat(tensor.elements()).isEqualTo(view.elements());
            assertThat(tensor.data().byteSize()).isLessThanOrEqualTo(view.storedBytes());
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContaining(file.toString());
        }
    }

    private static byte[] damage(byte[] bytes, Random random) {
        if (bytes.length < 2 * END_OF_DIRECTORY) {
            return bytes;
        }
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100));
            case 2 -> number(bytes, bytes.length - 1 - random.nextInt(END_OF_DIRECTORY), random);
            case 3 -> number(bytes, directory(bytes) + random.nextInt(1200), random);
            case 4 -> flip(bytes, directory(bytes) + random.nextInt(1200), random);
            default -> flip(bytes, random.nextInt(bytes.length), random);
        };
    }

    /// Where the first entry of the directory begins, or any place.
    private static int directory(byte[] bytes) {
        for (int i = 0; i + 4 < bytes.length; i++) {
            if (bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] == 1 && bytes[i + 3] == 2) {
                return i;
            }
        }
        return 0;
    }

    private static byte[] number(byte[] bytes, int at, Random random) {
        long[] numbers = {0, 1, -1, 0xFFFF, 0xFFFF_FFFFL, 1L << 31, 1L << 62, random.nextLong()};
        ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        number.putLong(0, numbers[random.nextInt(numbers.length)]);
        int count = Math.min(2 << random.nextInt(3), bytes.length - Math.min(at, bytes.length));
        for (int i = 0; i < count; i++) {
            bytes[at + i] = number.get(i);
        }
        return bytes;
    }

    private static byte[] flip(byte[] bytes, int at, Random random) {
        bytes[Math.min(at, bytes.length - 1)] = (byte) random.nextInt(256);
        return bytes;
    }

    /// Any byte, an instruction for another, a piece left out, or a piece twice.
    private static byte[] damagePickle(byte[] pickle, Random random) {
        if (pickle.length < 4) {
            return pickle;
        }
        byte[] instructions =
                TorchWriter.op("cqrhj(t)]ae}suQRbXKMJNG.\u0085\u0086\u0087\u0088\u008a");
        int at = random.nextInt(pickle.length - 1);
        int end = Math.min(pickle.length, at + 1 + random.nextInt(40));
        byte[] piece = Arrays.copyOfRange(pickle, at, end);
        byte[] before = Arrays.copyOf(pickle, at);
        byte[] after = Arrays.copyOfRange(pickle, end, pickle.length);
        return switch (random.nextInt(5)) {
            case 0 -> flip(pickle, at, random);
            case 1 -> TorchWriter.join(before, after);
            case 2 -> TorchWriter.join(before, piece, piece, after);
            case 3 -> number(pickle, at, random);
            default -> {
                pickle[at] = instructions[random.nextInt(instructions.length)];
                yield pickle;
            }
        };
    }
}
