package entropylens.study.correctness;

import entropylens.data.AnswerRow;
import entropylens.data.LeftOut;
import entropylens.data.StoredText;
import entropylens.data.UnitRows;
import entropylens.hook.Intervention;
import entropylens.study.questions.Answering;
import entropylens.study.questions.Letters;
import entropylens.study.questions.MultipleChoice;
import entropylens.study.questions.QuestionSet;
import entropylens.study.report.Verdict;
import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.WithTwin;
import entropylens.study.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A claim of the paper's second version: whether the entropy profile of what a model writes after
/// a question tells right answers from wrong ones.
public final class Correctness implements Study {
    /// As on the command line.
    public static final String ID = "correctness";

    private static final int TOKENS = 8;

    private final StudySettings settings;
    private QuestionSet questions;

    /// Reads the user's file, if there is one.
    ///
    /// @throws entropylens.data.DataException that names file, row and column
    public Correctness(StudySettings settings) {
        this.settings = settings;
        this.questions = QuestionSet.of(settings, settings.samples(400, 400, 160));
    }

    @Override
    public boolean prompts() {
        return true;
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public void requireFits(Subject subject) {
        Letters.of(subject);
        questions =
                questions.fitting(subject, protocol(settings).tokens(), settings.inputs().strict());
    }

    @Override
    public List<LeftOut> leftOut() {
        return questions.leftOut();
    }

    static Protocol protocol(StudySettings settings) {
        return new Protocol(settings.tokens(TOKENS, TOKENS, TOKENS), 0, Protocol.STATISTICS);
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        Protocol protocol = protocol(settings);
        List<int[]> prompts = questions.prompts(subject, protocol.tokens());
        Letters letters = Letters.of(subject);
        bench.once(
                "%s/%s/answers".formatted(ID, subject.name()),
                subject,
                () -> answers(subject, letters, questions.measured(), prompts));
        bench.profile(ID, subject, texts(subject, questions), protocol);
    }

    private static UnitRows answers(
            Subject subject, Letters letters, List<MultipleChoice> questions, List<int[]> prompts) {
        double[][] logits =
                new Answering(subject, letters, Intervention.NONE).letterLogits(prompts);
        UnitRows rows = new UnitRows();
        for (int i = 0; i < logits.length; i++) {
            rows.add(questions.get(i).row(ID, subject.name(), logits[i]));
        }
        return rows;
    }

    private static List<StudyPrompt> texts(Subject subject, QuestionSet questions) {
        return questions.measured().stream()
                .map(question ->
                        StudyPrompt.asked(
                                subject,
                                question.id(),
                                question.group(),
                                null,
                                question.subject().isEmpty() ? null : question.subject(),
                                null,
                                questions.prompt(question)))
                .toList();
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        CorrectnessSection section = new CorrectnessSection(settings, questions);
        List<Verdict> verdicts = new ArrayList<>();
        for (WithTwin pair : WithTwin.of(subjects)) {
            CorrectnessScores scores = scores(pair.about(), bench);
            Optional<CorrectnessScores> twin = pair.twin().map(about -> scores(about, bench));
            verdicts.addAll(new CorrectnessVerdicts(scores, twin).all());
            section.add(scores);
        }
        return new Findings(verdicts, section.build());
    }

    private CorrectnessScores scores(Subject.About about, Workbench bench) {
        bench.concluding(ID, about);
        List<AnswerRow> answers = bench.answers(ID, about.name());
        List<StoredText> texts = bench.texts(ID, about.name(), List.of("entropy"));
        return CorrectnessScores.of(about, answers, texts, settings);
    }
}
