package entropylens.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.CheckpointException;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Good adapters, damaged at random: each is applied, or refused by name. Nothing else may come
/// out. More than 2,000 with `-Dadapter.damages=N`.
class AdapterDamageTest {
    private static final int DAMAGES = Integer.getInteger("adapter.damages", 2_000);

    private static final List<String> ADAPTERS =
            List.of("llama-dora", "llama-patterns", "llama-saved-head", "llama-rs");

    private static final List<String> ODD =
            List.of(
                    "0",
                    "-1",
                    "1e9",
                    "1.5",
                    "null",
                    "true",
                    "[",
                    "{",
                    "\"",
                    "\"a\"",
                    ".*",
                    "(a+)+$",
                    "lora_B",
                    "q_proj",
                    "4294967296",
                    "99999999999999999999",
                    "{1000}",
                    "[]",
                    "{}",
                    "F64",
                    "BF16",
                    "base_model.model.",
                    ".");

    @TempDir Path directory;

    @Test
    void aDamagedAdapterIsAppliedOrRefused() throws IOException {
        int refused = 0;
        try (WorkerPool pool = new WorkerPool(1)) {
            Backend backend = new CpuBackend(Kernels.scalar(), pool);
            for (int seed = 0; seed < DAMAGES; seed++) {
                refused += isRefused(seed, backend) ? 1 : 0;
            }
        }
        assertThat(refused).isBetween(DAMAGES / 2, DAMAGES - 1);
    }

    private boolean isRefused(int seed, Backend backend) throws IOException {
        Random random = new Random(seed);
        Path golden = AdapterGoldens.ROOT.resolve(ADAPTERS.get(random.nextInt(ADAPTERS.size())));
        byte[] config = Files.readAllBytes(golden.resolve("adapter_config.json"));
        byte[] tensors = Files.readAllBytes(golden.resolve("adapter_model.safetensors"));
        if (random.nextBoolean()) {
            config = damaged(config, 0, config.length, random);
        } else {
            tensors = damagedHeader(tensors, random);
        }
        Files.write(directory.resolve("adapter_config.json"), config);
        Files.write(directory.resolve("adapter_model.safetensors"), tensors);
        LoadOptions options = LoadOptions.NONE.adapted(List.of(new AdapterSource(directory)));
        try (Arena arena = Arena.ofShared()) {
            LoadedModel.load(AdapterGoldens.named("llama-lora").base(), arena, backend, options);
            return false;
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).as("seed %d", seed).contains(directory.toString());
            return true;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + " gives no refusal", e);
        }
    }

    /// With the length that its header then has, mostly.
    private static byte[] damagedHeader(byte[] file, Random random) {
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] damaged = damaged(file, 8, 8 + length, random);
        if (random.nextInt(8) > 0) {
            ByteBuffer.wrap(damaged)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length + damaged.length - file.length);
        }
        return damaged;
    }

    private static byte[] damaged(byte[] bytes, int from, int to, Random random) {
        int at = from + random.nextInt(to - from);
        byte[] damaged = bytes.clone();
        switch (random.nextInt(4)) {
            case 0 -> damaged[at] = (byte) random.nextInt(256);
            case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> damaged = spliced(bytes, at, Math.min(to, at + random.nextInt(40)), "");
            default ->
                    damaged =
                            spliced(
                                    bytes,
                                    at,
                                    Math.min(to, at + random.nextInt(12)),
                                    ODD.get(random.nextInt(ODD.size())));
        }
        return damaged;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, String middle) {
        byte[] inserted = middle.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(bytes.length - (to - from) + inserted.length)
                .put(bytes, 0, from)
                .put(inserted)
                .put(bytes, to, bytes.length - to)
                .array();
    }
}
