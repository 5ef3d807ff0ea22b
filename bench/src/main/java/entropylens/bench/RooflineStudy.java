package entropylens.bench;

import entropylens.bench.RandomWeights.Shape;
import entropylens.bench.TimeShares.Kind;
import entropylens.kernels.WorkerPool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A study as a whole, as users run it: the launcher, from start to report, on a model of GPT-2
/// small's shape and its untrained twin.
///
/// Of its arithmetic only that of generated tokens and their read-outs is counted, not that of
/// prompts, so its share of the peak is a little too small.
final class RooflineStudy {
    private static final Shape SHAPE = Shape.GPT2_SMALL;
    private static final int TOPICS = 8;
    private static final int TEXTS = 2 * 3 * TOPICS; // in three formats, by the model and its twin
    private static final int TOKENS = 24;
    private static final int TOGETHER = 16;

    private RooflineStudy() {}

    static void measure(RooflineOptions options, Path work)
            throws IOException, InterruptedException {
        Path model = Files.createDirectory(work.resolve("model"));
        RandomCheckpoint.write(SHAPE, "F32", model);
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Path.of("zoo/models/tinytown-llama-4", file), model.resolve(file));
        }
        try (Peaks peaks = new Peaks(new WorkerPool(options.threads()))) {
            peaks.measure();
            peaks.measure();
            Peaks.Rates before = peaks.measure();
            Path recording = work.resolve("study.jfr");
            long start = System.nanoTime();
            Duration processor = run(options, work, model, recording);
            double seconds = 1e-9 * (System.nanoTime() - start);
            double busy = 1e-9 * processor.toNanos() / seconds / options.threads();
            print(seconds, before.max(peaks.measure()), TimeShares.of(recording, busy));
        }
    }

    /// @return what it took of the processors
    private static Duration run(RooflineOptions options, Path work, Path model, Path recording)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./entropy-lens", "study", "formats"));
        command.addAll(List.of("--model", model.toString(), "--samples", "" + TOPICS));
        command.addAll(List.of("--tokens", "" + TOKENS, "--batch", "" + TOGETHER));
        command.addAll(List.of("-o", work.resolve("run").toString()));
        File log = work.resolve("study.log").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        List<String> jvm = new ArrayList<>(options.jvm());
        jvm.add("-XX:StartFlightRecording=filename=" + recording + ",settings=profile");
        builder.environment().put("ENTROPY_LENS_JAVA_OPTS", String.join(" ", jvm));
        Process process = builder.redirectOutput(log).start();
        Duration processor = Duration.ZERO;
        while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
            processor = process.info().totalCpuDuration().orElse(processor);
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("the study failed:\n" + Files.readString(log.toPath()));
        }
        return processor;
    }

    private static void print(double seconds, Peaks.Rates peaks, Map<Kind, Double> times) {
        double token = 2.0 * SHAPE.weights();
        double readout = 2.0 * SHAPE.layers() * SHAPE.dModel() * SHAPE.dVocab();
        double gflop = 1e-9 * TEXTS * TOKENS * (token + readout);
        System.out.println(
                new RooflineRow(
                                "study formats, GPT-2",
                                "F32",
                                TOGETHER,
                                Peaks.lanes(),
                                "texts",
                                TEXTS / seconds,
                                0,
                                gflop / seconds,
                                0,
                                peaks,
                                times)
                        .line());
    }
}
