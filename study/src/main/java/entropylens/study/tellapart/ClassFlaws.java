package entropylens.study.tellapart;

import entropylens.study.classify.Classifiers;
import entropylens.study.classify.Scheme;
import entropylens.study.statistics.Fold;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.FlawFigure;
import entropylens.study.workbench.StudySettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What single flaws of the published code do to the AUC of one model's profiles by the headline's
/// reader.
final class ClassFlaws {
    private static final String AUC = "AUC of profiles";

    private final ClassPlan plan;
    private final StudySettings settings;
    private final Function<LabelledTexts, ClassFeatures> features;
    private final ClassReadings readings;
    private final List<FlawFigure> figures = new ArrayList<>();

    ClassFlaws(
            ClassPlan plan,
            StudySettings settings,
            Function<LabelledTexts, ClassFeatures> features,
            ClassReadings readings) {
        this.plan = plan;
        this.settings = settings;
        this.features = features;
        this.readings = readings;
    }

    /// @param effects what flaws change about the prompts, where it can be counted
    List<FlawFigure> all(Function<Flaw, Optional<PromptEffect>> effects) {
        for (Flaw flaw : Flaw.values()) {
            if (flaw.studies().contains(plan.study())) {
                add(flaw, effects);
            }
        }
        return List.copyOf(figures);
    }

    private void add(Flaw flaw, Function<Flaw, Optional<PromptEffect>> effects) {
        double own = readings.headline().auc().estimate();
        switch (flaw) {
            case UNGROUPED_FOLDS -> {
                double other = readings.otherFolds().orElseThrow().auc().estimate();
                boolean on = settings.has(flaw);
                both(flaw, onBothSides(), split(ungrouped(plan.inOrder())), 0);
                both(flaw, AUC, on ? own : other, on ? other : own);
            }
            case FOLDS_IN_ORDER -> {
                both(flaw, onBothSides(), split(ungrouped(true)), split(ungrouped(false)));
                both(
                        flaw,
                        AUC + ", folds ungrouped",
                        auc(readings.texts(), ungrouped(true)),
                        auc(readings.texts(), ungrouped(false)));
            }
            case SAME_WORDINGS -> sameWordings(own);
            case PAST_END -> pastEnd(own);
            default -> ofPrompts(flaw, effects.apply(flaw), own);
        }
    }

    private void ofPrompts(Flaw flaw, Optional<PromptEffect> effect, double own) {
        effect.ifPresent(counted -> both(flaw, counted.what(), counted.count(), 0));
        if (effect.filter(counted -> counted.count() == 0).isPresent()) {
            both(flaw, AUC + ", no prompt differs", own, own);
        } else {
            one(flaw, own);
        }
    }

    private String onBothSides() {
        return plan.unit() + " on both sides of a fold";
    }

    /// How many groups have texts that are tested on what was learnt from others of them.
    private int split(Scheme scheme) {
        int[] groups = readings.texts().cases().groups();
        Set<Integer> split = new HashSet<>();
        for (Fold fold : scheme.folds()) {
            Set<Integer> learnt = new HashSet<>();
            Arrays.stream(fold.train()).forEach(row -> learnt.add(groups[row]));
            Arrays.stream(fold.test())
                    .map(row -> groups[row])
                    .filter(learnt::contains)
                    .forEach(split::add);
        }
        return split.size();
    }

    private Scheme ungrouped(boolean inOrder) {
        return inOrder
                ? Scheme.inOrder(plan.ungrouped(), readings.texts().cases())
                : Scheme.ungrouped(plan.ungrouped(), readings.texts().cases(), settings.seed());
    }

    /// Where the texts are of one wording each, another run takes other prompts.
    private void sameWordings(double own) {
        Scheme.acrossKinds(
                        plan.across(),
                        readings.texts().cases(),
                        readings.texts().wordings(),
                        settings.seed())
                .ifPresentOrElse(
                        across ->
                                both(
                                        Flaw.SAME_WORDINGS,
                                        AUC
                                                + "; the weaker of both kinds of folds without the flaw",
                                        own,
                                        Math.min(own, auc(readings.texts(), across))),
                        () -> one(Flaw.SAME_WORDINGS, own));
    }

    /// A text that was cut behind its end token is the one that would have ended there.
    private void pastEnd(double own) {
        if (settings.has(Flaw.PAST_END)) {
            LabelledTexts ended = readings.texts().ended(readings.about().stopIds());
            both(Flaw.PAST_END, AUC, own, auc(ended, ClassReadings.scheme(ended, plan, settings)));
        } else if (readings.texts().withEnd(readings.about().stopIds()) == 0) {
            both(Flaw.PAST_END, AUC + ", no text ends by itself", own, own);
        } else {
            one(Flaw.PAST_END, own);
        }
    }

    private double auc(LabelledTexts texts, Scheme scheme) {
        Classifiers.Reader reader = plan.headline();
        return ClassReadings.classification(texts, settings)
                .read("", features.apply(texts).profile(), reader, scheme)
                .auc()
                .estimate();
    }

    private void both(Flaw flaw, String figure, Number with, Number without) {
        figures.add(
                FlawFigure.bothWays(
                        flaw, plan.study(), readings.about().name(), figure, with, without));
    }

    private void one(Flaw flaw, double own) {
        figures.add(
                FlawFigure.oneWay(
                        flaw, plan.study(), readings.about().name(), AUC, settings.has(flaw), own));
    }
}
