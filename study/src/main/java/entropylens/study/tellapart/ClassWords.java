package entropylens.study.tellapart;

import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.SmallestEffects;
import entropylens.study.workbench.StudySettings;
import java.util.ArrayList;
import java.util.List;

/// What the report says in words of how classes are told apart.
final class ClassWords {
    private ClassWords() {}

    static List<String> protocol(ClassPlan plan, StudySettings settings) {
        return List.of(
                "The verdict's reader is the paper's: %s, euclidean. Beside it k of 1, 3, 9, 29 or 81 chosen by nested folds, and logistic regression on standardised features. Ten stratified folds, %s; other folds are named beside their figures. “Other wordings” learns from no text in the wording that it tests."
                        .formatted(plan.headline().name(), plan.headlineFolds(settings)),
                "AUC: of each class against the rest, averaged over the classes; the rows of all folds are scored together, each by the fold that tests it. Its null: the same with labels shuffled inside each %s, 200 times (20 times for logistic regression). Intervals: percentile bootstrap over %s given the folds, widened by the part of the variance that only the shuffles show, since rows that are each other's neighbours test each other."
                        .formatted(plan.oneUnit(), plan.unit()),
                "Controls, read by both readers in the same folds: lengths; the last layer's mean entropy; both; the last layer's entropy token by token; the profile of the last token alone; which tokens were generated; which tokens end the prompt. The first claim needs an AUC of at least %.2f beyond its null, by %s and in other wordings. The second needs the profile to beat each control in each of these by %.2f. The third holds all layers against the last layer at the same resolution. p of a difference: t over folds with Nadeau and Bengio's correction; the largest p of all that must hold, then Holm's correction over the run."
                        .formatted(
                                SmallestEffects.AUC,
                                plan.oneUnit(),
                                SmallestEffects.AUC_DIFFERENCE));
    }

    static List<String> notes(ClassPlan plan, StudySettings settings) {
        List<String> notes = new ArrayList<>();
        if (settings.has(Flaw.UNGROUPED_FOLDS)) {
            notes.add(
                    "In the published folds, texts of one %s may stand on both sides, where a reader may recognise the %s; the figure with folds %s is beside it."
                            .formatted(plan.oneUnit(), plan.oneUnit(), plan.grouped()));
        }
        return notes;
    }
}
