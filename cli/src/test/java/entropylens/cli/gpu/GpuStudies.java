package entropylens.cli.gpu;

import entropylens.EntropyLens;
import entropylens.data.Manifest;
import entropylens.data.Store;
import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import entropylens.study.StudyRun;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudyProgress;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Studies on a GPU, as `tools/gpu-check run` starts them: `GpuStudies HOME FINDINGS.jsonl PART
/// SECONDS`. It lives among the tests, so that no program carries it.
public final class GpuStudies {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Path findings;
    private final long deadline;

    private GpuStudies(Path findings, int seconds) {
        this.findings = findings;
        this.deadline = System.nanoTime() + seconds * 1_000_000_000L;
    }

    /// @param args folder with a zoo, file of findings, part (`studies`, `8b`, `tiny`), and after
    ///   how many seconds measuring ends; then, if not all, how many samples
    public static void main(String[] args) {
        Path zoo = Path.of(args[0]).resolve("zoo");
        GpuStudies check = new GpuStudies(Path.of(args[1]), Integer.parseInt(args[3]));
        OptionalInt samples =
                args.length > 4 ? OptionalInt.of(Integer.parseInt(args[4])) : OptionalInt.empty();
        String part = args[2].equals("studies") ? "studies" : "study-" + args[2];
        try {
            switch (args[2]) {
                case "studies" -> new StudiesTwice(check, zoo, samples).run();
                case "8b" -> new ShapeStudy(check, zoo, RandomCheckpoint.OF_8B, samples).run(part);
                case "tiny" -> new ShapeStudy(check, zoo, RandomCheckpoint.TINY, samples).run(part);
                default -> throw new IllegalArgumentException("there is no part " + part);
            }
        } catch (Exception | Error e) {
            check.found(part, "what", "all", "failed", String.valueOf(e));
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    /// The folder of the findings.
    Path out() {
        return findings.toAbsolutePath().getParent();
    }

    /// One finding: a line of JSON, written at once.
    ///
    /// @param pairs names and values in turn
    void found(String part, Object... pairs) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("part", part);
        for (int i = 0; i < pairs.length; i += 2) {
            found.put((String) pairs[i], pairs[i + 1]);
        }
        String line = MAPPER.writeValueAsString(found);
        System.out.println(line);
        try {
            Files.writeString(
                    findings, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void found(String part, String what, Verdict verdict) {
        found(
                part,
                "model",
                verdict.model(),
                "what",
                what,
                "claim",
                verdict.claim(),
                "outcome",
                verdict.outcome().words(),
                "value",
                verdict.value(),
                "low",
                verdict.low(),
                "high",
                verdict.high(),
                "sentence",
                verdict.sentence());
    }

    /// Ends measuring when the time is out.
    StudyProgress untilTheEnd() {
        return (study, model, done, total) -> {
            if (System.nanoTime() > deadline && done < total) {
                throw new OutOfTime("%s on %s: %d of %d".formatted(study, model, done, total));
            }
        };
    }

    static double seconds(long since) {
        return Math.round((System.nanoTime() - since) * 1e-6) * 1e-3;
    }

    /// The time for measuring is out; what was measured is kept.
    static final class OutOfTime extends RuntimeException {
        private static final long serialVersionUID = 1;

        OutOfTime(String message) {
            super(message);
        }
    }

    /// A study on a model, in a folder of its own.
    static final class One implements AutoCloseable {
        private final StudyRun run;
        private final Store store;
        private final StudySettings settings;
        private final Path folder;
        private final List<Subject.About> abouts = new ArrayList<>();

        One(List<String> studies, StudySettings settings, String kernels) throws IOException {
            this.run = new StudyRun(studies, settings);
            this.settings = settings;
            this.folder = Files.createTempDirectory("gpu-check");
            this.store =
                    Store.open(
                            folder,
                            Manifest.of(Map.of("kernels", kernels), Map.of()),
                            run.columns(),
                            false);
        }

        /// Measures, until the time is out.
        ///
        /// @return what was left undone; empty where nothing was
        String measure(Subject subject, StudyProgress progress) {
            run.requireFits(subject);
            abouts.add(subject.about());
            try {
                run.measure(subject, store, progress);
                return "";
            } catch (OutOfTime e) {
                return String.valueOf(e.getMessage());
            }
        }

        List<Verdict> conclude() {
            return run.conclude(abouts, store, StudyProgress.NONE).verdicts();
        }

        /// Copies what was measured, to be concluded from elsewhere.
        void copyTo(Path target) throws IOException {
            Files.createDirectories(target);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(file -> !file.endsWith("run.lock")).toList()) {
                    Files.copy(
                            file,
                            target.resolve(file.getFileName()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }

        Workbench bench() {
            return new Workbench(store, settings, StudyProgress.NONE);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    static StudySettings settings(Preset preset, OptionalInt samples, int batch) {
        return new StudySettings(
                preset,
                samples,
                OptionalInt.empty(),
                OptionalDouble.empty(),
                0,
                batch,
                StudyInputs.NONE);
    }

    static EntropyLens open(Path model, OptionalLong untrained, int threads, Device device) {
        LoadOptions options = LoadOptions.NONE;
        return EntropyLens.open(
                model,
                untrained.isPresent() ? options.untrained(untrained.getAsLong()) : options,
                threads,
                device);
    }

    static Subject subject(String name, EntropyLens lens, OptionalLong untrained, boolean town) {
        return new Subject(name, lens.loaded(), lens.tokenizer().orElseThrow(), untrained, town);
    }
}
