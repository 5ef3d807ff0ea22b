package entropylens.study;

import entropylens.data.Manifest;
import entropylens.data.Store;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import entropylens.study.report.Outcome;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Interval;
import entropylens.study.statistics.Proportions;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudyInputs;
import entropylens.study.workbench.StudyProgress;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/// How often whole runs find something where nothing was learnt: a model with random weights stands
/// where the trained one does, beside a twin with other random weights. Run it by hand, with
/// tools/check-false-findings.sh; it takes about half a minute a run.
///
/// Claim: at most 5 % of runs have a verdict "supported", Holm's correction over the run included.
final class FalseFindings {
    private static final List<String> STUDIES =
            List.of("strategies", "tasks", "formats", "correctness");
    private static final List<String> MODELS = List.of("tinytown-llama-4", "tinytown-gpt2-4");

    private final Path zoo;
    private final PrintStream out;
    private final Map<String, Map<Outcome, Integer>> outcomes = new TreeMap<>();

    private FalseFindings(Path zoo, PrintStream out) {
        this.zoo = zoo;
        this.out = out;
    }

    /// @param arguments the directory of the zoo's models, how many runs, and the number of the
    ///   first, which decides all seeds
    public static void main(String... arguments) throws IOException {
        int runs = Integer.parseInt(arguments[1]);
        int first = Integer.parseInt(arguments[2]);
        FalseFindings check = new FalseFindings(Path.of(arguments[0]), System.out);
        if (!check.holds(first, runs)) {
            System.exit(1);
        }
    }

    private boolean holds(int first, int runs) throws IOException {
        int found = 0;
        for (int run = first; run < first + runs; run++) {
            List<Verdict> supported = supported(run);
            found += supported.isEmpty() ? 0 : 1;
            out.println("run %d, %s: %s".formatted(run, model(run), words(supported)));
        }
        outcomes.forEach((claim, counts) -> out.println("%s: %s".formatted(claim, counts)));
        Interval share = Proportions.wilson(found, runs, Intervals.LEVEL);
        out.println(
                String.format(
                        Locale.ROOT,
                        "%d of %d runs have a verdict 'supported': %.1f %% (95 %%: %.1f to %.1f %%)",
                        found,
                        runs,
                        100 * share.estimate(),
                        100 * share.low(),
                        100 * share.high()));
        return share.low() <= 1 - Intervals.LEVEL;
    }

    private static String model(int run) {
        return MODELS.get(run % MODELS.size());
    }

    private static String words(List<Verdict> supported) {
        return supported.isEmpty()
                ? "nothing supported"
                : String.join("; ", supported.stream().map(FalseFindings::words).toList());
    }

    private static String words(Verdict verdict) {
        return String.format(
                Locale.ROOT,
                "SUPPORTED %s: %.3f (%.3f to %.3f), twin %.3f, p %.4f",
                verdict.claim(),
                verdict.value(),
                verdict.low(),
                verdict.high(),
                verdict.evidence().twin(),
                verdict.evidence().adjusted());
    }

    private List<Verdict> supported(int run) throws IOException {
        Path directory = Files.createTempDirectory("false-findings");
        try {
            List<Verdict> verdicts = verdicts(run, directory);
            for (Verdict verdict : verdicts) {
                outcomes.computeIfAbsent(verdict.claim(), _ -> new EnumMap<>(Outcome.class))
                        .merge(verdict.outcome(), 1, Integer::sum);
            }
            return verdicts.stream()
                    .filter(verdict -> verdict.outcome() == Outcome.SUPPORTED)
                    .toList();
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private List<Verdict> verdicts(int run, Path directory) {
        StudyRun study = new StudyRun(STUDIES, settings(run));
        try (Store store =
                Store.open(
                        directory,
                        Manifest.of(Map.of("seed", run), Map.of()),
                        study.columns(),
                        true)) {
            List<Subject.About> abouts = new ArrayList<>();
            // no two runs share weights
            abouts.add(measured(run, 2L * run + 1, OptionalLong.empty(), study, store));
            OptionalLong twin = OptionalLong.of(2L * run + 2);
            abouts.add(measured(run, twin.getAsLong(), twin, study, store));
            return study.conclude(abouts, store, StudyProgress.NONE).verdicts();
        }
    }

    private static StudySettings settings(int run) {
        return new StudySettings(
                Preset.QUICK,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                run,
                16,
                StudyInputs.NONE);
    }

    /// @param asTwin the seed where the studies are to know that the weights are random
    private Subject.About measured(
            int run, long seed, OptionalLong asTwin, StudyRun study, Store store) {
        Path model = zoo.resolve(model(run));
        try (Arena arena = Arena.ofShared();
                WorkerPool pool = new WorkerPool(1)) {
            LoadedModel loaded =
                    LoadedModel.load(
                            model,
                            arena,
                            new CpuBackend(Kernels.best(), pool),
                            LoadOptions.NONE.untrained(seed));
            String name = asTwin.isPresent() ? "other random weights" : "random weights";
            Subject subject = new Subject(name, loaded, Tokenizers.open(model), asTwin, false);
            study.measure(subject, store, StudyProgress.NONE);
            return subject.about();
        }
    }
}
