package entropylens.study.tellapart;

import entropylens.study.classify.Classification;
import entropylens.study.classify.Comparison;
import entropylens.study.classify.Reading;
import entropylens.study.classify.Scheme;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.Intervals;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import java.util.List;
import java.util.Optional;

/// Everything that was read from the texts of one model: the profile by several readers and folds,
/// and the controls.
///
/// @param about the model
/// @param texts its texts
/// @param headline the reading of the verdict, beside shuffled labels
/// @param otherWordings the same where no wording stands on both sides, where there are several
/// @param otherFolds the headline's reader on the folds that the preset does not go by, where
///   groups are more than single texts
/// @param twin the headline's reader on the profiles of the untrained twin, in the folds in which
///   the model's profile does worse: those of the verdict
/// @param all every reading, in the order of the report
/// @param controls the profile beside what is known without it, by both readers and in all folds of
///   the verdict: each must be beaten
/// @param controlElsewhere the hardest of these on the twin's texts, and in folds of other seeds
/// @param beside the profile beside other controls, which decide nothing
/// @param layers all layers beside the last one, both as finely over the tokens
/// @param layersElsewhere the smaller gain likewise
/// @param overSeeds AUC of the headline's reader in folds of five seeds: by group, or in other
///   wordings where that is the weaker
record ClassReadings(
        Subject.About about,
        LabelledTexts texts,
        Reading headline,
        Optional<Reading> otherWordings,
        Optional<Reading> otherFolds,
        Optional<Reading> twin,
        List<Reading> all,
        List<Comparison> controls,
        Contrast.Elsewhere controlElsewhere,
        List<Comparison> beside,
        List<Comparison> layers,
        Contrast.Elsewhere layersElsewhere,
        double[] overSeeds) {
    static final String TWIN = "profile of the untrained twin";

    /// @param twin features of the untrained twin's texts, of the same prompts
    static ClassReadings of(
            Subject.About about,
            LabelledTexts texts,
            ClassFeatures features,
            Optional<ClassFeatures> twin,
            ClassPlan plan,
            StudySettings settings) {
        return new ClassScoring(texts, features, plan, settings).read(about, twin);
    }

    /// The classification of texts, as the settings have it.
    static Classification classification(LabelledTexts texts, StudySettings settings) {
        return new Classification(
                texts.cases(), settings.draws(), Intervals.LEVEL, settings.seed());
    }

    /// The folds of the verdict.
    static Scheme scheme(LabelledTexts texts, ClassPlan plan, StudySettings settings) {
        return scheme(texts, plan, settings, !settings.has(Flaw.UNGROUPED_FOLDS));
    }

    static Scheme scheme(
            LabelledTexts texts, ClassPlan plan, StudySettings settings, boolean grouped) {
        return scheme(texts, plan, grouped, settings.seed());
    }

    static Scheme scheme(LabelledTexts texts, ClassPlan plan, boolean grouped, long seed) {
        return grouped
                ? Scheme.grouped(plan.grouped(), texts.cases(), seed)
                : plan.inOrder()
                        ? Scheme.inOrder(plan.ungrouped(), texts.cases())
                        : Scheme.ungrouped(plan.ungrouped(), texts.cases(), seed);
    }
}
