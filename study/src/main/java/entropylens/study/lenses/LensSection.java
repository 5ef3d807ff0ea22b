package entropylens.study.lenses;

import entropylens.study.report.Section;
import entropylens.study.report.Table;
import entropylens.study.report.UnderLens;
import entropylens.study.report.Verdict;
import entropylens.study.statistics.Draws;
import entropylens.study.statistics.Interval;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudyLenses;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What other lenses make of the claims, of all studies of a run.
public final class LensSection {
    private final StudySettings settings;
    private final List<LayerChanges> changes = new ArrayList<>();

    /// @param settings of the run, with its lenses
    public LensSection(StudySettings settings) {
        this.settings = settings;
    }

    /// Adds the texts of a study on a model, whose ΔH is compared layer by layer.
    public void add(String study, Subject.About about, Workbench bench) {
        LayerChanges read = LayerChanges.read(study, about, settings, bench);
        if (read.comparable()) {
            changes.add(read);
        }
    }

    /// What a lens changes, of models that have learnt something.
    public List<Verdict> verdicts(String label) {
        return changes.stream()
                .filter(one -> !one.about().untrained())
                .flatMap(one -> new LensVerdicts(one, label).all().stream())
                .toList();
    }

    /// @param logit what the logit lens shows
    /// @param others what each other lens does
    public Section build(List<Verdict> logit, List<UnderLens> others) {
        return new Section(
                "lenses",
                "Through other lenses",
                List.of(
                        "The same forward passes, read through each lens: every layer's stream is translated first, and then read out with the model's own final norm and unembedding. The last layer is the same in all of them. %s"
                                .formatted(nulls()),
                        "Verdicts through one lens are corrected among themselves, apart from those of the logit lens. Differences from the logit lens are paired: in every bootstrap sample, both figures are of the same texts. Those called unpaired are of figures whose interval is over blocks or models: they are as if these were not the same, and too wide where both go up and down together."),
                List.of(),
                List.of(sideBySide(logit, others), layers()),
                List.of(
                        "The untrained twin is seen through a lens that was fitted on it where one is given, else through its model's: then its figure says what the lens makes of a stream without meaning."));
    }

    private String nulls() {
        return settings.lenses().nulls()
                ? "Lenses called drift look at the null of drift: each layer's stream, rotated at random within its own mean and covariance, each text by itself. What drifts, or spreads, without a change of meaning looks the same in it."
                : "";
    }

    private static Table sideBySide(List<Verdict> logit, List<UnderLens> others) {
        List<List<Object>> rows = new ArrayList<>();
        for (Verdict verdict : logit) {
            rows.add(row(verdict, StudyLenses.LOGIT, ""));
            for (UnderLens other : others) {
                same(verdict, other)
                        .ifPresent(its -> rows.add(row(its, other.lens(), less(its, verdict))));
            }
        }
        for (UnderLens other : others) {
            for (Verdict verdict : other.verdicts()) {
                if (logit.stream().noneMatch(one -> sameClaim(one, verdict))) {
                    rows.add(row(verdict, other.lens(), ""));
                }
            }
        }
        return new Table(
                "Verdicts through each lens",
                List.of(
                        "claim",
                        "model",
                        "lens",
                        "verdict",
                        "figure (95 %)",
                        "less the logit lens's (95 %)"),
                rows,
                3);
    }

    private static Optional<Verdict> same(Verdict verdict, UnderLens other) {
        return other.verdicts().stream().filter(one -> sameClaim(one, verdict)).findFirst();
    }

    private static boolean sameClaim(Verdict one, Verdict other) {
        return one.study().equals(other.study())
                && one.claim().equals(other.claim())
                && one.model().equals(other.model());
    }

    private static List<Object> row(Verdict verdict, String lens, String difference) {
        return List.of(
                verdict.claim(),
                verdict.model(),
                lens,
                verdict.outcome().words(),
                Double.isNaN(verdict.value()) ? "" : Intervals.shown(interval(verdict)),
                difference);
    }

    private static String less(Verdict verdict, Verdict logit) {
        if (Double.isNaN(verdict.value()) || Double.isNaN(logit.value())) {
            return "";
        }
        Interval its = interval(verdict);
        return its.lessPaired(interval(logit))
                .map(Intervals::shown)
                .orElseGet(() -> Intervals.shown(its.less(interval(logit))) + ", unpaired");
    }

    private static Interval interval(Verdict verdict) {
        return new Interval(
                verdict.value(),
                verdict.low(),
                verdict.high(),
                verdict.level(),
                new Draws(verdict.draws().samples(), verdict.draws().values()));
    }

    private Table layers() {
        List<List<Object>> rows = new ArrayList<>();
        for (LayerChanges one : changes) {
            for (String label : one.byLens().keySet()) {
                Interval[] intervals = one.intervals(label);
                for (int l = 0; l < intervals.length; l++) {
                    rows.add(
                            List.of(
                                    one.study(),
                                    one.about().name(),
                                    label,
                                    l + 2,
                                    Intervals.shown(intervals[l])));
                }
            }
        }
        return new Table(
                "ΔH by layer through each lens, nats; intervals hold for all layers of a row's lens at once",
                List.of("study", "model", "lens", "layer", "ΔH (95 %)"),
                rows,
                3);
    }
}
