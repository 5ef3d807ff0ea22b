package entropylens.cli.report;

import entropylens.study.report.Evidence;
import entropylens.study.report.FigureDraws;
import entropylens.study.report.Outcome;
import entropylens.study.report.Section;
import entropylens.study.report.StudyReport;
import entropylens.study.report.Verdict;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A report with every kind of chart, long names and hostile ones. **Nothing in it was measured**:
/// models, numbers and findings are made up.
final class InventedReport {
    static final String HOSTILE =
            "</script><img src=x onerror=alert(1)> \"it's\" `${1+1}` 🙂 &amp; {{data}}";
    static final String LONG_NAME =
            "Inventa-Chat-270M-instruct-2026-preview (untrained, random weights, three seeds)";

    /// All that there can be; one of the seeds is not known.
    static final Evidence EVIDENCE =
            Evidence.of(12, "stories")
                    .withTest("exchange of labels, 999 times", 0.012)
                    .withAdjusted(0.0631)
                    .withNull(-0.0001)
                    .withTwin(-0.02)
                    .withSmallest(0.05, 0.0349)
                    .withSeeds(new double[] {-0.0121, -0.02, Double.NaN, 0.0042, -0.0003, -0.011});

    /// Hardly anything, and its names are hostile.
    static final Evidence HOSTILE_EVIDENCE =
            Evidence.of(3, HOSTILE)
                    .withTest(HOSTILE, 0.0001)
                    .withAdjusted(0.0004)
                    .withoutTwin(HOSTILE)
                    .withSeeds(HOSTILE, new double[] {1, 2});

    private InventedReport() {}

    static StudyReport report() {
        return new StudyReport(
                "Invented test data: do entropy profiles tell families, tasks and formats apart?",
                "./entropy-lens study --models zoo/alfa-2m,zoo/alfa-4m,zoo/bravo-2m --studies strategies,families,skipping --samples 64 --seed 7 --out results/invented",
                facts(),
                verdicts(),
                List.of(
                        new Section(
                                "strategies",
                                "Does entropy rise where candidates are added, and fall where they are removed?",
                                List.of(
                                        "Prompts are 64 beginnings of stories that no model was trained on; 32 tokens are generated at temperature 0.7, and every one of them is measured at its own position.",
                                        "Departure from the paper: folds are grouped by story, so that no text is on both sides. The figure without groups stands beside it."),
                                List.of(
                                        InventedCharts.profiles(),
                                        InventedCharts.oneModel(),
                                        InventedCharts.points()),
                                List.of(InventedCharts.table()),
                                List.of(
                                        "Entropy of the stream before the norm mostly measures its scale; the standard deviation of the logits is in the table.",
                                        HOSTILE)),
                        new Section(
                                "families",
                                "Are families told apart by their profiles?",
                                List.of(
                                        "Profiles are interpolated to a common grid of relative depth."),
                                List.of(
                                        InventedCharts.distances(),
                                        InventedCharts.changes(),
                                        InventedCharts.accuracies(),
                                        InventedCharts.shortBars()),
                                List.of(),
                                List.of(
                                        "With two models a family, leave-one-model-out has few folds."))));
    }

    private static SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("entropy-lens", "0.1.0-SNAPSHOT, commit 0123456789");
        facts.put("definition", "2");
        facts.put("seeds", "7 (sampling), 11 (bootstrap), 13 (folds)");
        facts.put("machine", "2 cores, AVX-512, 24 GiB; kernels vector/16");
        facts.put(
                "model alfa-2m",
                "sha256 4f2c9a8e0b7d6c5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a");
        facts.put("__proto__", "polluted?");
        facts.put(HOSTILE, HOSTILE);
        return facts;
    }

    private static List<Verdict> verdicts() {
        String goes = "The change of entropy goes with the change of the candidate set";
        String rho = "Spearman correlation of ΔH and Δ size of the top-p set (p = 0.6)";
        String paper = "0.74 to 0.88 over four models (second-hand)";
        String aligned =
                "Profiles of one family are nearer to each other than to those of other families";
        String skipping =
                "Skipping blocks that expand costs more accuracy than skipping random blocks";
        return List.of(
                verdict(
                        goes,
                        "alfa-2m",
                        Outcome.SUPPORTED,
                        rho,
                        0.83,
                        0.79,
                        0.86,
                        0.5,
                        paper,
                        "Where alfa-2m adds candidates, entropy rises with them."),
                verdict(
                        goes,
                        "alfa-4m",
                        Outcome.SUPPORTED,
                        rho,
                        0.71,
                        0.62,
                        0.78,
                        0.5,
                        paper,
                        "The same holds at twice the depth."),
                verdict(
                        goes,
                        "bravo-2m",
                        Outcome.UNDECIDED,
                        rho,
                        0.52,
                        0.41,
                        0.61,
                        0.5,
                        paper,
                        "The interval holds the threshold; four times the samples would halve it."),
                verdict(
                        goes,
                        LONG_NAME,
                        Outcome.NOT_SUPPORTED,
                        rho,
                        0.04,
                        -0.09,
                        0.17,
                        0.5,
                        paper,
                        "As it should be: a model that learned nothing has no strategy."),
                verdict(
                        aligned,
                        "all models",
                        Outcome.SUPPORTED,
                        "ratio of mean distances, between / within",
                        1.92,
                        1.35,
                        2.6,
                        1,
                        "families align over relative depth (abstract); no figure is given",
                        "Between families the mean distance is 1.9 times that within."),
                verdict(
                        skipping,
                        "alfa-2m",
                        Outcome.UNDECIDED,
                        "difference in accuracy, percentage points",
                        3.1,
                        -1.2,
                        7.4,
                        0,
                        "“usually more critical” (second-hand)",
                        "Four random sets matched in depth: no difference that 400 questions could show."),
                verdict(
                        skipping,
                        "bravo-2m",
                        Outcome.NOT_TESTABLE,
                        "difference in accuracy, percentage points",
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        0,
                        "inverts for one model (second-hand)",
                        "bravo-2m answers at the level of chance with all its blocks: there is nothing to lose."),
                verdict(
                        HOSTILE,
                        "__proto__",
                        Outcome.UNDECIDED,
                        "constructor",
                        1,
                        Double.NEGATIVE_INFINITY,
                        Double.POSITIVE_INFINITY,
                        0,
                        "",
                        HOSTILE),
                verdict(
                                "Profiles tell task types apart",
                                "alfa-4m",
                                Outcome.NO_EFFECT,
                                "AUC less that of last-layer entropy",
                                -0.012,
                                -0.031,
                                0.008,
                                0,
                                "",
                                "The whole interval lies below what is worth the name.")
                        .with(EVIDENCE),
                verdict(
                                "Candidate sets of adjacent layers overlap",
                                "alfa-4m",
                                Outcome.BY_CONSTRUCTION,
                                "Jaccard index, trained less untrained",
                                0.01,
                                -0.01,
                                0.03,
                                0,
                                "they overlap substantially (second-hand)",
                                "Random weights have as much.")
                        .with(HOSTILE_EVIDENCE));
    }

    private static Verdict verdict(
            String claim,
            String model,
            Outcome outcome,
            String effect,
            double value,
            double low,
            double high,
            double threshold,
            String paper,
            String sentence) {
        return new Verdict(
                "strategies",
                claim,
                model,
                outcome,
                effect,
                value,
                low,
                high,
                0.95,
                threshold,
                paper,
                sentence,
                Evidence.NONE,
                FigureDraws.NONE);
    }
}
