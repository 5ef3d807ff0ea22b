package entropylens.study.tellapart;

import entropylens.study.report.Verdict;
import entropylens.study.workbench.Flaw;
import entropylens.study.workbench.FlawFigure;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.WithTwin;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// What the texts of all models say of a study's classes, each model read beside its untrained
/// twin.
///
/// @param plan what is told apart
/// @param wordings in which texts were asked for
/// @param statistics what is read of every text; of a twin's, the entropy alone
/// @param features what texts are told apart by: functions of the entropy
/// @param effects what flaws of the published code change about prompts, where it can be counted
record ClassConclusion(
        ClassPlan plan,
        StudySettings settings,
        ClassWordings wordings,
        List<String> statistics,
        Function<LabelledTexts, ClassFeatures> features,
        BiFunction<Flaw, LabelledTexts, Optional<PromptEffect>> effects) {
    static final String ENTROPY = "entropy";

    Study.Findings of(List<Subject.About> subjects, Workbench bench, ClassSection section) {
        List<Verdict> verdicts = new ArrayList<>();
        List<FlawFigure> flaws = new ArrayList<>();
        for (WithTwin pair : WithTwin.of(subjects)) {
            bench.concluding(plan.study(), pair.about());
            LabelledTexts texts = texts(pair.about(), statistics, bench);
            Optional<String> obstacle = texts.cases().obstacle(plan.unit());
            if (obstacle.isPresent()) {
                verdicts.addAll(
                        ClassVerdict.notTestable(
                                plan, pair.about(), texts.cases(), obstacle.get()));
                section.addUnread(pair.about(), texts);
            } else {
                ClassReadings readings = readings(pair, texts, bench);
                verdicts.addAll(ClassVerdict.of(plan, readings));
                noOtherWordings(readings)
                        .map(why ->
                                ClassVerdict.notInOtherWordings(
                                        plan, pair.about(), texts.cases(), why))
                        .ifPresent(verdicts::add);
                section.add(readings);
                flaws.addAll(flaws(readings));
            }
        }
        return new Study.Findings(verdicts, section.build(), flaws);
    }

    private List<FlawFigure> flaws(ClassReadings readings) {
        return settings.preset() == Preset.PAPER
                ? new ClassFlaws(plan, settings, features, readings)
                        .all(flaw -> effects.apply(flaw, readings.texts()))
                : List.of();
    }

    /// Why nothing was learnt in other wordings than those that are tested, where that was wanted.
    private Optional<String> noOtherWordings(ClassReadings readings) {
        if (readings.otherWordings().isPresent() || settings.has(Flaw.SAME_WORDINGS)) {
            return Optional.empty();
        }
        return Optional.of(
                wordings.obstacle()
                        .orElse(
                                "a fold would have too few texts in other wordings to learn from; give more --samples"));
    }

    private ClassReadings readings(WithTwin pair, LabelledTexts texts, Workbench bench) {
        return ClassReadings.of(
                pair.about(),
                texts,
                features.apply(texts),
                pair.twin().map(twin -> ofTwin(twin, bench)),
                plan,
                settings);
    }

    private ClassFeatures ofTwin(Subject.About twin, Workbench bench) {
        return features.apply(texts(twin, List.of(ENTROPY), bench));
    }

    private LabelledTexts texts(Subject.About about, List<String> columns, Workbench bench) {
        return LabelledTexts.of(bench.texts(plan.study(), about.name(), columns), plan.classes());
    }
}
