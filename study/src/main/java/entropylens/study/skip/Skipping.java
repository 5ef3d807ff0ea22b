package entropylens.study.skip;

import entropylens.data.LeftOut;
import entropylens.data.StoredText;
import entropylens.study.questions.Letters;
import entropylens.study.questions.QuestionSet;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Preset;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyLenses;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.TextArrays;
import entropylens.study.workbench.Verdicts;
import entropylens.study.workbench.WithTwin;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;

/// Claim (iv): skipping blocks that expand the set of candidates usually costs more accuracy than
/// skipping blocks that prune it.
public final class Skipping implements Study {
    /// As on the command line.
    public static final String ID = "skip";

    /// Every position of a text, which is given in full. The embedding gives block 1 a ΔH.
    private static final Protocol PROFILE = new Protocol(0, 0, Protocol.STATISTICS, true);

    private final StudySettings settings;
    private QuestionSet questions;

    /// Reads the user's file, if there is one.
    ///
    /// @throws entropylens.data.DataException that names file, row and column
    public Skipping(StudySettings settings) {
        this.settings = settings;
        this.questions = QuestionSet.of(settings, SkipDesign.questions(settings));
    }

    @Override
    public boolean prompts() {
        return true;
    }

    @Override
    public boolean wantsTwins() {
        return settings.preset() != Preset.PAPER;
    }

    @Override
    public void requireFits(Subject subject) {
        Letters.of(subject);
        questions = questions.fitting(subject, 0, settings.inputs().strict());
    }

    @Override
    public List<LeftOut> leftOut() {
        return questions.leftOut();
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        SkipDesign design = SkipDesign.of(settings, subject.model().config().nLayers());
        if (!design.possible()) {
            return;
        }
        PlainTexts texts = PlainTexts.of(settings, questions, design.texts());
        bench.profile(ID, subject, profiled(subject, texts), PROFILE);
        if (design.controls()) {
            new BlockUpdates(subject).measure(texts.profiled(), bench);
        }
        SkipChoices choices = choices(subject.about(), bench);
        SkipRuns runs = new SkipRuns(subject, bench, questions, texts);
        if (subject.untrainedSeed().isPresent()) {
            runs.predict(SkipPlan.ofSingles(choices));
        } else {
            runs.run(plan(choices, design, subject.about(), bench));
        }
    }

    private static List<StudyPrompt> profiled(Subject subject, PlainTexts texts) {
        return texts.profiled().stream()
                .map(text ->
                        new StudyPrompt(
                                text.id(),
                                text.id(),
                                null,
                                null,
                                null,
                                text.text(),
                                text.ids(subject)))
                .toList();
    }

    /// Mean ΔH of each text: `[text][block - 1]`.
    static double[][] changes(Subject.About about, Workbench bench) {
        List<StoredText> texts = bench.texts(ID, about.name(), List.of("entropy"));
        return TextArrays.of(texts, "entropy").changes().meansOfTexts();
    }

    /// Blocks are chosen by what the logit lens says, whatever the lens that reads.
    static SkipChoices choices(Subject.About about, Workbench bench) {
        return SkipChoices.of(changes(about, bench.through(StudyLenses.LOGIT)));
    }

    static SkipPlan plan(
            SkipChoices choices, SkipDesign design, Subject.About about, Workbench bench) {
        return SkipPlan.of(choices, design, bench.seed(ID + "/" + about.name() + "/random"));
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        SkipSection section = new SkipSection(settings, questions);
        List<Verdict> verdicts = new ArrayList<>();
        List<SkipMeasures> all = new ArrayList<>();
        for (WithTwin pair : WithTwin.of(subjects)) {
            Subject.About about = pair.about();
            bench.concluding(ID, about);
            SkipDesign design = SkipDesign.of(settings, about.blocks());
            if (design.possible()) {
                SkipMeasures measures = SkipMeasures.of(pair, design, questions, settings, bench);
                all.add(measures);
                section.add(measures);
                verdicts.addAll(new SkipVerdicts(measures, settings.seed()).all());
            } else {
                verdicts.add(notTested(about));
            }
        }
        PooledBlocks.verdict(all, settings.seed()).ifPresent(verdicts::add);
        return new Findings(verdicts, section.build());
    }

    private static Verdict notTested(Subject.About about) {
        return new Verdicts(ID, about.name(), 0, SkipVerdicts.PAPER)
                .notTestable(
                        SkipVerdicts.CLAIM,
                        SkipVerdicts.EFFECT,
                        "Needs at least three blocks, two of them with a block before them; this model has %d."
                                .formatted(about.blocks()));
    }
}
