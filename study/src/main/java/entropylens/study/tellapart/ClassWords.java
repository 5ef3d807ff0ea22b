package entropylens.study.tellapart;

import entropylens.study.workbench.Preset;
import entropylens.study.workbench.StudySettings;
import java.util.ArrayList;
import java.util.List;

/// What the report says in words of how classes are told apart.
final class ClassWords {
    private ClassWords() {}

    static List<String> protocol(ClassPlan plan, StudySettings settings) {
        return List.of(
                "Readers: nearest neighbours in euclidean distance, k as in the paper (%s) and k of 1, 3, 9, 29 or 81 chosen by nested folds inside the training rows; logistic regression on standardised features. Ten stratified folds: %s keep all texts of a %s on one side, ungrouped ones, which are the paper's, do not. The verdict goes by %s, folds %s."
                        .formatted(
                                String.join(
                                        ", ",
                                        plan.neighbours().stream().map(String::valueOf).toList()),
                                "folds " + plan.grouped(),
                                plan.oneUnit(),
                                plan.headline(settings).name(),
                                plan.headlineFolds(settings)),
                "AUC: of each class against the rest, averaged over the classes; the rows of all folds are scored together, each by the fold that tests it. Intervals: percentile bootstrap over %s, given the folds."
                        .formatted(plan.unit()),
                "Controls, in the same folds: lengths and last-layer entropy without the rest of the profile, shuffled labels (inside each %s), a stratified dummy, and the same architecture with random weights. Differences of the folds' AUCs are tested by Student's t (as in the paper), by t with Nadeau and Bengio's correction for training rows that folds share, and by Wilcoxon's signed ranks; the corrected t, after Holm's correction for the number of comparisons, decides."
                        .formatted(plan.oneUnit()),
                "Supported: the interval lies above 0.5 and the profile is better than each of the trivial features. Above 0.5 only: undecided, or not supported where one of them does as well.");
    }

    static List<String> notes(ClassPlan plan, StudySettings settings) {
        List<String> notes = new ArrayList<>();
        if (settings.preset() == Preset.PAPER) {
            notes.add(
                    "In the published folds, texts of one %s stand on both sides, so a reader may recognise the %s; the figure with folds %s is beside it."
                            .formatted(plan.oneUnit(), plan.oneUnit(), plan.grouped()));
        }
        return notes;
    }
}
