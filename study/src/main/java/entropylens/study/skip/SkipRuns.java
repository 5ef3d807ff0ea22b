package entropylens.study.skip;

import entropylens.data.AnswerRow;
import entropylens.data.LossRow;
import entropylens.data.UnitRows;
import entropylens.study.questions.Answering;
import entropylens.study.questions.Letters;
import entropylens.study.questions.MultipleChoice;
import entropylens.study.questions.QuestionSet;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.Collection;
import java.util.List;

/// Runs a model under each choice of blocks to skip, and keeps how it did. A unit of work is what
/// is done to the model and some questions or texts; its rows are kept under every choice that does
/// the same.
final class SkipRuns {
    /// Questions or texts of one unit.
    private static final int CHUNK = 100;

    private final Subject subject;
    private final Workbench bench;
    private final Letters letters;
    private final List<MultipleChoice> questions;
    private final List<int[]> prompts;
    private final List<PlainTexts.Text> texts;
    private final List<int[]> textIds;

    SkipRuns(Subject subject, Workbench bench, QuestionSet questions, PlainTexts texts) {
        this.subject = subject;
        this.bench = bench;
        this.letters = Letters.of(subject);
        this.questions = questions.measured();
        this.prompts = questions.prompts(subject, 0);
        this.texts = texts.predicted();
        this.textIds = this.texts.stream().map(text -> text.ids(subject)).toList();
    }

    /// Asks the questions and predicts the texts.
    void run(SkipPlan plan) {
        Collection<List<Skip>> all = plan.distinct();
        long done = 0;
        long total = (long) all.size() * (questions.size() + texts.size());
        for (List<Skip> same : all) {
            answer(same);
            predict(same);
            done += questions.size() + texts.size();
            bench.progress("skip, answers", subject, done, total);
        }
    }

    /// Predicts the texts only.
    void predict(SkipPlan plan) {
        Collection<List<Skip>> all = plan.distinct();
        long done = 0;
        for (List<Skip> same : all) {
            predict(same);
            done += texts.size();
            bench.progress("skip", subject, done, (long) all.size() * texts.size());
        }
    }

    private void answer(List<Skip> same) {
        for (int from = 0; from < prompts.size(); from += CHUNK) {
            int first = from;
            bench.once(unit(same, "answers", from), subject, () -> answers(same, first));
        }
    }

    private void predict(List<Skip> same) {
        for (int from = 0; from < texts.size(); from += CHUNK) {
            int first = from;
            bench.once(unit(same, "losses", from), subject, () -> losses(same, first));
        }
    }

    private String unit(List<Skip> same, String kind, int from) {
        return "%s/%s/%s/%s/%03d"
                .formatted(Skipping.ID, subject.name(), same.getFirst().what(), kind, from / CHUNK);
    }

    private Answering answering(List<Skip> same) {
        return new Answering(subject, letters, same.getFirst().intervention());
    }

    private UnitRows answers(List<Skip> same, int from) {
        int to = Math.min(from + CHUNK, prompts.size());
        double[][] logits = answering(same).letterLogits(prompts.subList(from, to));
        UnitRows rows = new UnitRows();
        for (Skip skip : same) {
            for (int i = 0; i < logits.length; i++) {
                rows.add(row(questions.get(from + i), skip, logits[i]));
            }
        }
        return rows;
    }

    private AnswerRow row(MultipleChoice question, Skip skip, double[] logits) {
        return question.row(
                Skipping.ID,
                subject.name(),
                skip.condition().word(),
                skip.partOrNull(),
                skip.drawOrNull(),
                skip.blockNumbers(),
                logits);
    }

    private UnitRows losses(List<Skip> same, int from) {
        int to = Math.min(from + CHUNK, texts.size());
        double[] nats = answering(same).nats(textIds.subList(from, to));
        UnitRows rows = new UnitRows();
        for (Skip skip : same) {
            for (int i = 0; i < nats.length; i++) {
                rows.add(
                        new LossRow(
                                Skipping.ID,
                                subject.name(),
                                skip.condition().word(),
                                skip.partOrNull(),
                                skip.k(),
                                skip.drawOrNull(),
                                texts.get(from + i).id(),
                                nats[i],
                                textIds.get(from + i).length - 1));
            }
        }
        return rows;
    }
}
