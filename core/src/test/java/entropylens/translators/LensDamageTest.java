package entropylens.translators;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.checkpoint.CheckpointException;
import entropylens.model.Model;
import entropylens.translators.LensGoldens.Case;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Good lenses, damaged at random: each is opened, or refused by name. Nothing else may come out.
/// More than 3,000 with `-Dlens.damages=N`.
class LensDamageTest {
    private static final int DAMAGES = Integer.getInteger("lens.damages", 3_000);

    private static final List<Case> LENSES =
            List.of(
                    LensGoldens.named("jacobian of llama"),
                    LensGoldens.named("tuned of llama"),
                    LensGoldens.named("own of llama"));

    private static final List<String> ODD =
            List.of("0", "-1", "1e9", "1.5", "null", "true", "[", "{", "\"", "4294967296", "F64");

    @TempDir Path directory;

    @Test
    void aDamagedLensIsOpenedOrRefused() throws IOException {
        Model model = LensGoldens.load(LENSES.getFirst().base());
        int refused = 0;
        for (int seed = 0; seed < DAMAGES; seed++) {
            refused += isRefused(seed, model) ? 1 : 0;
        }
        assertThat(refused).isBetween(DAMAGES / 4, DAMAGES - 1);
    }

    private boolean isRefused(int seed, Model model) throws IOException {
        Random random = new Random(seed);
        Case golden = LENSES.get(random.nextInt(LENSES.size()));
        Path good = LensGoldens.ROOT.resolve(golden.file());
        Path file;
        if (Files.isDirectory(good)) {
            file = directory.resolve("tuned");
            Files.createDirectories(file);
            boolean config = random.nextBoolean();
            write(good.resolve("config.json"), file.resolve("config.json"), config, random);
            write(good.resolve("params.pt"), file.resolve("params.pt"), !config, random);
        } else {
            file = directory.resolve(golden.file());
            write(good, file, true, random);
        }
        try (Arena arena = Arena.ofConfined()) {
            Lenses.open(golden.source(file), model, arena);
            return false;
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).as("seed %d", seed).contains(directory.toString());
            return true;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + " gives no refusal", e);
        }
    }

    private static void write(Path from, Path to, boolean damage, Random random)
            throws IOException {
        byte[] bytes = Files.readAllBytes(from);
        Files.write(to, damage ? damaged(bytes, random) : bytes);
    }

    /// The front of the file, where names and sizes are, or any place.
    private static byte[] damaged(byte[] bytes, Random random) {
        int at =
                random.nextInt(random.nextInt(3) > 0 ? Math.min(1500, bytes.length) : bytes.length);
        byte[] damaged = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> damaged[at] = (byte) random.nextInt(256);
            case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> damaged = Arrays.copyOf(bytes, at);
            case 3 -> damaged = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(50));
            default -> {
                byte[] odd = ODD.get(random.nextInt(ODD.size())).getBytes();
                System.arraycopy(odd, 0, damaged, at, Math.min(odd.length, damaged.length - at));
            }
        }
        return damaged;
    }
}
