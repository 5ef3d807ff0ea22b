package entropylens.cuda;

import entropylens.EntropyLens;
import entropylens.checkpoint.ConfigJson;
import entropylens.cuda.driver.Gpu;
import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import entropylens.kernels.Precision;
import entropylens.lens.SelfCheck;
import entropylens.lens.TextProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The models that ship, on a GPU and on the processor: what they generate, and its profile.
final class ZooCheck {
    private static final List<String> TEXTS =
            List.of("Lily has a red ball", "Tom went to the garden.", "The dog");

    private static final int TOKENS = 48;
    private static final int THREADS = 4;

    private final Path folder;
    private final CheckLog log;

    ZooCheck(Path home, CheckLog log) {
        this.folder = home.resolve("zoo");
        this.log = log;
    }

    void run() {
        try (Gpu held = Gpu.open(0);
                Stream<Path> models = Files.list(folder)) {
            for (Path model : models.filter(ZooCheck::isModel).sorted().toList()) {
                for (Precision precision : Precision.values()) {
                    compare(model, precision);
                }
            }
            log.found("zoo", "held", held.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isModel(Path directory) {
        return Files.exists(directory.resolve("config.json"))
                && !ConfigJson.read(directory.resolve("config.json"))
                        .strings("architectures")
                        .isEmpty();
    }

    private void compare(Path model, Precision precision) {
        try (EntropyLens cpu = EntropyLens.open(model, LoadOptions.NONE, THREADS);
                EntropyLens gpu =
                        EntropyLens.open(
                                model, LoadOptions.NONE, THREADS, Device.of("cuda", precision))) {
            int same = 0;
            int tokens = 0;
            double mean = 0;
            for (String text : TEXTS) {
                TextProfile ours = cpu.profile(text, ask -> ask.tokens(TOKENS));
                TextProfile theirs = gpu.profile(text, ask -> ask.tokens(TOKENS));
                int[] a = ours.generatedIds();
                int[] b = theirs.generatedIds();
                int mismatch = Arrays.mismatch(a, b);
                same += mismatch < 0 ? a.length : mismatch;
                tokens += a.length;
                mean = Math.max(mean, largest(ours.meanByLayer(), theirs.meanByLayer()));
            }
            SelfCheck.Result check = gpu.selfCheck();
            log.found(
                    "zoo",
                    "model",
                    model.getFileName().toString(),
                    "kernels",
                    gpu.kernels(),
                    "tokens_before_they_part",
                    same,
                    "of_tokens",
                    tokens,
                    "mean_entropy_by_layer_differs_by",
                    mean,
                    "self_check_decoding",
                    check.decoding().orElse(-1),
                    "self_check_batching",
                    check.batching().orElse(-1));
        } catch (RuntimeException | Error e) {
            log.failed("zoo", model.getFileName() + " " + precision, e);
        }
    }

    private static double largest(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
