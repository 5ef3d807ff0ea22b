package entropylens.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.CheckpointException;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// GGUF files that are damaged at random: each is refused by name, or computed with.
class GgufDamageTest {
    private static final int DAMAGES = Integer.getInteger("gguf.damages", 2_000);

    private static final Path FOLDER = Path.of("src/test/resources/gguf");

    /// What a file may take, when every count in it may lie.
    private static final long MOST_BYTES = 64 << 20;

    private static final long[] ODD = {
        0,
        1,
        2,
        3,
        4,
        7,
        9,
        12,
        13,
        32,
        255,
        4096,
        65_535,
        Integer.MAX_VALUE,
        0xFFFF_FFFFL,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        1L << 32,
        1L << 40,
        1L << 61
    };

    @TempDir Path directory;

    @Test
    void aDamagedFileIsRefusedOrComputedWith() throws IOException {
        Backend backend = new CpuBackend(Kernels.best(), new WorkerPool(1));
        List<Path> models = models();
        int refused = 0;
        for (int seed = 0; seed < DAMAGES; seed++) {
            Random random = new Random(seed);
            Path model = models.get(random.nextInt(models.size()));
            Path damaged = directory.resolve("damaged.gguf");
            Files.write(damaged, damaged(Files.readAllBytes(model), random));
            long before = allocated();
            try (Arena arena = Arena.ofShared()) {
                LoadedModel loaded = LoadedModel.load(damaged, arena, backend);
                Batch batch = new Batch();
                int last = loaded.model().config().dVocab() - 1;
                int[] tokens = {Math.min(1, last), Math.min(7, last), 0};
                int room = Math.min(tokens.length, loaded.model().config().nCtx());
                batch.add(loaded.model().newSession(room), Arrays.copyOf(tokens, room));
                assertThat(loaded.model().forward(batch)).isNotEmpty();
            } catch (CheckpointException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed %d, %s: %s".formatted(seed, model, e), e);
            }
            assertThat(allocated() - before).as("seed %d, bytes", seed).isLessThan(MOST_BYTES);
        }
        System.out.printf("%,d damages, %,d refused%n", DAMAGES, refused);
        assertThat(refused).as("refused of %d", DAMAGES).isBetween(DAMAGES / 4, DAMAGES - 1);
    }

    private static List<Path> models() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    /// Most damages hit what stands before the weights.
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] file = whole;
        int header = Math.min(file.length, 3000);
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(random.nextInt(8) == 0 ? file.length : header) % file.length;
            ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
            switch (random.nextInt(8)) {
                case 0 -> file[at] = (byte) random.nextInt();
                case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 2, 3 -> number(bytes, random);
                case 4 -> bytes.putInt(Math.min(at, file.length - 4), (int) odd(random));
                case 5 -> bytes.putLong(Math.min(at, file.length - 8), odd(random));
                case 6 -> move(file, at, random);
                default -> file = Arrays.copyOf(file, Math.max(8, at));
            }
        }
        return file;
    }

    private static long odd(Random random) {
        return ODD[random.nextInt(ODD.length)];
    }

    /// A small number among those of the header has another value: a count, a size, a type.
    private static void number(ByteBuffer bytes, Random random) {
        int end = Math.min(bytes.capacity(), 3000) - 8;
        int at = random.nextInt(Math.max(1, end));
        for (int i = at; i < end; i++) {
            int value = bytes.getInt(i);
            if (value > 0 && value < 256 && bytes.get(i + 4) == 0) {
                bytes.putInt(i, random.nextBoolean() ? (int) odd(random) : value + 1);
                return;
            }
        }
    }

    private static void move(byte[] file, int at, Random random) {
        int length = Math.min(1 + random.nextInt(40), file.length - at);
        int to = random.nextInt(file.length - length + 1);
        System.arraycopy(file, at, file, to, length);
    }

    @Test
    void partsThatNameEachOtherInACircleAreRefused() {
        for (int number : new int[] {0, 1}) {
            GgufWriter.of("llama")
                    .integer("split.count", 2)
                    .integer("split.no", 0)
                    .floats("part" + number, new float[] {1}, 1)
                    .write(directory.resolve("m-%05d-of-00002.gguf".formatted(number + 1)));
        }
        refused(directory.resolve("m-00002-of-00002.gguf"), "it says that it is part 1 of 2");
    }

    @Test
    void countsOfPartsThatNobodyHasAreRefused() {
        Path file =
                GgufWriter.of("llama")
                        .integer("split.count", Integer.MAX_VALUE)
                        .floats("a", new float[] {1}, 1)
                        .write(directory.resolve("m-00001-of-99999.gguf"));
        refused(file, "is one of 2147483647 parts");
    }

    @Test
    void moreExpertsThanCanBeAreRefused() {
        Path file =
                GgufWriter.of("llama")
                        .integer("llama.attention.head_count", 1)
                        .integer("llama.embedding_length", 1)
                        .integer("llama.expert_count", 5000)
                        .floats("blk.0.ffn_up_exps.weight", new float[5000], 1, 1, 5000)
                        .write(directory.resolve("experts.gguf"));
        try (Arena arena = Arena.ofConfined()) {
            GgufModel model = GgufModel.open(file, arena);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> model.checkpoint(arena))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("5000 experts");
        }
    }

    private static void refused(Path file, String why) {
        try (Arena arena = Arena.ofConfined()) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> GgufModel.open(file, arena))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(why);
        }
    }
}
