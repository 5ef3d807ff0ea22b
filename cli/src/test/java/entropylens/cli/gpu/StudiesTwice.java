package entropylens.cli.gpu;

import entropylens.EntropyLens;
import entropylens.data.AnswerRow;
import entropylens.data.StoredText;
import entropylens.kernels.Device;
import entropylens.kernels.Precision;
import entropylens.study.StudyRun;
import entropylens.study.correctness.Correctness;
import entropylens.study.report.Verdict;
import entropylens.study.skip.Skipping;
import entropylens.study.strategies.Strategies;
import entropylens.study.tellapart.Tasks;
import entropylens.study.workbench.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Quick studies of the zoo's models on the GPU in float32, and on the processor of the same
/// machine: the same tokens, entropies equal to rounding, and the same verdicts.
final class StudiesTwice {
    private static final String PART = "studies";
    private static final List<String> STUDIES =
            List.of(Strategies.ID, Tasks.ID, Correctness.ID, Skipping.ID);
    private static final int THREADS = 4;
    private static final int BATCH = 64;

    private final GpuStudies check;
    private final Path zoo;
    private final OptionalInt samples;

    StudiesTwice(GpuStudies check, Path zoo, OptionalInt samples) {
        this.check = check;
        this.zoo = zoo;
        this.samples = samples;
    }

    void run() throws IOException {
        List<Path> models;
        try (Stream<Path> all = Files.list(zoo)) {
            models = all.filter(StudiesTwice::isModel).sorted().toList();
        }
        for (String study : STUDIES) {
            for (Path model : models) {
                try {
                    compare(model, study);
                } catch (RuntimeException | Error e) {
                    check.found(PART, "what", model.getFileName() + " " + study, "failed", e + "");
                    e.printStackTrace();
                }
            }
        }
    }

    private static boolean isModel(Path directory) {
        return Files.exists(directory.resolve("config.json"));
    }

    private void compare(Path model, String study) throws IOException {
        String name = model.getFileName().toString();
        try (GpuStudies.One ours = one(study, "cpu");
                GpuStudies.One theirs = one(study, "cuda")) {
            long start = System.nanoTime();
            String undone = measured(model, Device.CPU, ours);
            double cpu = GpuStudies.seconds(start);
            start = System.nanoTime();
            undone += measured(model, Device.of("cuda", Precision.FLOAT32), theirs);
            double gpu = GpuStudies.seconds(start);
            if (!undone.isEmpty()) {
                check.found(PART, "model", name, "study", study, "undone", undone);
                return;
            }
            Differences differences = new Differences();
            for (String subject : List.of(name, name + " untrained")) {
                differences.texts(
                        ours.bench().texts(study, subject, List.of("entropy")),
                        theirs.bench().texts(study, subject, List.of("entropy")));
                differences.answers(
                        ours.bench().answers(study, subject),
                        theirs.bench().answers(study, subject));
            }
            verdicts(name, study, ours.conclude(), theirs.conclude());
            check.found(
                    PART,
                    "model",
                    name,
                    "study",
                    study,
                    "texts",
                    differences.texts,
                    "texts_of_other_tokens",
                    differences.otherTokens,
                    "entropies",
                    differences.entropies,
                    "entropy_differs_by",
                    differences.entropy,
                    "answers",
                    differences.answers,
                    "other_answers",
                    differences.otherAnswers,
                    "logits_differ_by",
                    differences.logits,
                    "cpu_seconds",
                    cpu,
                    "gpu_seconds",
                    gpu);
        }
    }

    private GpuStudies.One one(String study, String kernels) throws IOException {
        return new GpuStudies.One(
                List.of(study), GpuStudies.settings(Preset.QUICK, samples, BATCH), kernels);
    }

    /// The model, and its untrained twin.
    private String measured(Path model, Device device, GpuStudies.One study) {
        String undone = "";
        for (OptionalLong seed :
                List.of(OptionalLong.empty(), OptionalLong.of(StudyRun.TWIN_SEED))) {
            try (EntropyLens lens = GpuStudies.open(model, seed, THREADS, device)) {
                String name = model.getFileName() + (seed.isPresent() ? " untrained" : "");
                undone +=
                        study.measure(
                                GpuStudies.subject(name, lens, seed, true), check.untilTheEnd());
            }
        }
        return undone;
    }

    private void verdicts(String model, String study, List<Verdict> ours, List<Verdict> theirs) {
        int otherWords = ours.size() == theirs.size() ? 0 : 1;
        double effects = 0;
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            Verdict a = ours.get(i);
            Verdict b = theirs.get(i);
            if (a.outcome() != b.outcome() || !a.claim().equals(b.claim())) {
                otherWords++;
                check.found(PART, "on the processor", a);
                check.found(PART, "on the GPU", b);
            }
            if (!Double.isNaN(a.value())) {
                effects = Math.max(effects, Math.abs(a.value() - b.value()));
            }
        }
        check.found(
                PART,
                "model",
                model,
                "study",
                study,
                "verdicts",
                ours.size(),
                "other_verdicts",
                otherWords,
                "effects_differ_by",
                effects);
    }

    /// Of measurements that should be the same.
    private static final class Differences {
        private int texts;
        private int otherTokens;
        private long entropies;
        private double entropy;
        private int answers;
        private int otherAnswers;
        private double logits;

        /// Texts whose tokens part are counted, and left out: their entropies are of other texts.
        void texts(List<StoredText> ours, List<StoredText> theirs) {
            requireAsMany(ours, theirs);
            for (int i = 0; i < ours.size(); i++) {
                texts++;
                int[] tokens = ours.get(i).text().generatedIds();
                if (!Arrays.equals(tokens, theirs.get(i).text().generatedIds())) {
                    otherTokens++;
                    continue;
                }
                double[][] a = ours.get(i).statistic("entropy");
                double[][] b = theirs.get(i).statistic("entropy");
                for (int token = 0; token < a.length; token++) {
                    entropies += a[token].length;
                    entropy = Math.max(entropy, largest(a[token], b[token]));
                }
            }
        }

        void answers(List<AnswerRow> ours, List<AnswerRow> theirs) {
            requireAsMany(ours, theirs);
            for (int i = 0; i < ours.size(); i++) {
                answers++;
                otherAnswers += ours.get(i).predicted() == theirs.get(i).predicted() ? 0 : 1;
                logits = Math.max(logits, largest(ours.get(i).logits(), theirs.get(i).logits()));
            }
        }

        private static void requireAsMany(List<?> ours, List<?> theirs) {
            if (ours.size() != theirs.size()) {
                throw new IllegalStateException(
                        "%d rows, but %d on the GPU".formatted(ours.size(), theirs.size()));
            }
        }

        /// NaN is no number, and equal to itself alone.
        private static double largest(double[] a, double[] b) {
            double largest = 0;
            for (int i = 0; i < a.length; i++) {
                boolean same = Double.compare(a[i], b[i]) == 0;
                double difference = same ? 0 : Math.abs(a[i] - b[i]);
                largest =
                        Double.isNaN(difference)
                                ? Double.POSITIVE_INFINITY
                                : Math.max(largest, difference);
            }
            return largest;
        }
    }
}
