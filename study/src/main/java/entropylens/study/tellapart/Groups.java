package entropylens.study.tellapart;

import entropylens.batch.BatchSettings.Measured;
import entropylens.data.LeftOut;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.WithTwin;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Claim (iii) on a user's own prompts: do mean profiles of their labels differ, and do profiles
/// tell the labels apart?
public final class Groups implements Study {
    /// As on the command line.
    public static final String ID = "groups";

    /// Generated, as in the study of tasks.
    private static final int TOKENS = 8;

    /// Neither the most ragged nor the most blurred for a few dozen prompts; the tables have k
    /// chosen by nested folds beside it.
    private static final int NEIGHBOURS = 9;

    private final StudySettings settings;
    private GroupPrompts prompts;

    /// Reads the user's files.
    ///
    /// @throws entropylens.data.DataException that names file, row and column
    public Groups(StudySettings settings) {
        if (settings.preset() == Preset.PAPER) {
            throw new StudyException(
                    "groups: is no experiment of the paper's; use --preset sound or quick");
        }
        this.settings = settings;
        this.prompts = GroupPrompts.of(settings);
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public void requireFits(Subject subject) {
        prompts =
                prompts.fitting(
                        subject, protocol(settings, measured()), settings.inputs().strict());
    }

    @Override
    public List<LeftOut> leftOut() {
        return prompts.leftOut();
    }

    private Measured measured() {
        return prompts.own().measured();
    }

    static Protocol protocol(StudySettings settings, Measured measured) {
        return switch (measured) {
            case GENERATED ->
                    new Protocol(
                            settings.tokens(TOKENS, TOKENS, TOKENS),
                            settings.temperature(1.0),
                            Protocol.STATISTICS);
            case PROMPT -> new Protocol(0, 0, Protocol.STATISTICS);
            case ANSWER -> Protocol.ofAnswers(Protocol.STATISTICS);
        };
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        bench.once(ID + "/inputs", subject, prompts::inputs);
        bench.profile(ID, subject, prompts.tokens(subject), protocol(settings, measured()));
    }

    /// What is told apart.
    static ClassPlan plan(GroupPrompts prompts) {
        return new ClassPlan(
                ID,
                prompts.classes(),
                "the labels of '%s'".formatted(prompts.own().columns().label()),
                prompts.grouped() ? "groups" : "prompts",
                prompts.grouped() ? "group" : "prompt",
                List.of(NEIGHBOURS),
                false,
                "not in the paper: the prompts are your own",
                "nothing but a small invented world",
                "ungrouped, with groups on both sides",
                true);
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        ClassPlan plan = plan(prompts);
        GroupsSection section = new GroupsSection(plan, settings, prompts);
        List<Verdict> verdicts = new ArrayList<>();
        for (WithTwin pair : WithTwin.of(subjects)) {
            bench.concluding(ID, pair.about());
            LabelledTexts texts = texts(plan, pair.about(), bench);
            ClassFeatures features = GroupFeatures.of(texts, measured());
            Optional<ClassFeatures> twin =
                    pair.twin()
                            .map(about -> GroupFeatures.of(texts(plan, about, bench), measured()));
            ClassReadings readings =
                    ClassReadings.of(pair.about(), texts, features, twin, plan, settings);
            GroupDifferences differences =
                    GroupDifferences.of(
                            texts.cases(),
                            features.profile(),
                            twin.map(ClassFeatures::profile),
                            settings);
            verdicts.add(
                    GroupVerdict.differ(
                            plan, readings, differences, GroupFeatures.lengthsName(measured())));
            verdicts.addAll(ClassVerdict.of(plan, readings));
            section.add(readings, differences);
        }
        return new Findings(verdicts, section.build());
    }

    private static LabelledTexts texts(ClassPlan plan, Subject.About about, Workbench bench) {
        return LabelledTexts.of(
                bench.texts(ID, about.name(), List.of(ClassConclusion.ENTROPY)), plan.classes());
    }
}
