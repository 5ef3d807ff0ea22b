package entropylens.cli.gpu;

import entropylens.EntropyLens;
import entropylens.cuda.CudaBackend;
import entropylens.cuda.driver.Gpu;
import entropylens.data.StoredText;
import entropylens.kernels.Device;
import entropylens.kernels.Precision;
import entropylens.study.report.Verdict;
import entropylens.study.tellapart.Tasks;
import entropylens.study.workbench.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Claim (iii) on task types, with the prompts of the preset `sound` (100 stories, 24 prompts each)
/// on random weights of a published shape: how long it takes. Without an untrained twin, for the
/// model is one itself, and nothing is to be found.
final class ShapeStudy {
    /// Texts that run together.
    private static final int BATCH = 256;

    private final GpuStudies check;
    private final Path zoo;
    private final RandomCheckpoint shape;
    private final OptionalInt samples;

    ShapeStudy(GpuStudies check, Path zoo, RandomCheckpoint shape, OptionalInt samples) {
        this.check = check;
        this.zoo = zoo;
        this.shape = shape;
        this.samples = samples;
    }

    void run(String part) throws IOException {
        long start = System.nanoTime();
        Path directory = Files.createTempDirectory("random-checkpoint");
        shape.write(directory, zoo.resolve("tinytown-llama-4"));
        int threads = Runtime.getRuntime().availableProcessors();
        Device device = Device.of("cuda", Precision.BFLOAT16);
        try (EntropyLens lens = GpuStudies.open(directory, OptionalLong.empty(), threads, device);
                GpuStudies.One study =
                        new GpuStudies.One(
                                List.of(Tasks.ID),
                                GpuStudies.settings(Preset.SOUND, samples, BATCH),
                                lens.kernels())) {
            RandomCheckpoint.draw(lens.model());
            check.found(
                    part,
                    "kernels",
                    lens.kernels(),
                    "parameters",
                    lens.loaded().parameters(),
                    "open_seconds",
                    GpuStudies.seconds(start));
            measure(part, lens, study);
        } finally {
            Files.deleteIfExists(directory.resolve("model.safetensors"));
        }
    }

    private void measure(String part, EntropyLens lens, GpuStudies.One study) throws IOException {
        long start = System.nanoTime();
        String undone =
                study.measure(
                        GpuStudies.subject("random", lens, OptionalLong.empty(), false),
                        check.untilTheEnd());
        double seconds = GpuStudies.seconds(start);
        List<StoredText> texts = study.bench().texts(Tasks.ID, "random", List.of("entropy"));
        Gpu gpu = ((CudaBackend) lens.model().backend()).gpu();
        check.found(
                part,
                "kernels",
                lens.kernels(),
                "what",
                "measured",
                "texts",
                texts.size(),
                "undone",
                undone,
                "prompt_tokens",
                texts.stream().mapToLong(text -> text.text().promptIds().length).sum(),
                "generated_tokens",
                texts.stream().mapToLong(text -> text.text().generatedIds().length).sum(),
                "readouts",
                texts.stream().mapToLong(ShapeStudy::readouts).sum(),
                "mean_entropy",
                texts.stream()
                        .flatMap(text -> Arrays.stream(text.statistic("entropy")))
                        .flatMapToDouble(Arrays::stream)
                        .average()
                        .orElse(Double.NaN),
                "seconds",
                seconds,
                "texts_per_minute",
                60 * texts.size() / seconds,
                "used_bytes",
                gpu.totalBytes() - gpu.freeBytes());
        study.copyTo(check.out().resolve(part));
        long concluding = System.nanoTime();
        for (Verdict verdict : study.conclude()) {
            check.found(part, "verdict", verdict);
        }
        check.found(
                part,
                "what",
                "concluded",
                "conclude_seconds",
                GpuStudies.seconds(concluding),
                "seconds",
                GpuStudies.seconds(start));
    }

    private static long readouts(StoredText text) {
        return Arrays.stream(text.statistic("entropy")).mapToLong(row -> row.length).sum();
    }
}
