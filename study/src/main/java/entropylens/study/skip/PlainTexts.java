package entropylens.study.skip;

import entropylens.study.questions.MultipleChoice;
import entropylens.study.questions.QuestionSet;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.zoo.town.Corpus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Texts to measure ΔH on, and others to predict.
///
/// @param profiled for ΔH
/// @param predicted for the loss
/// @param source where they are from, for reports
record PlainTexts(List<Text> profiled, List<Text> predicted, String source) {
    /// Longer texts are cut off.
    private static final int MAX_TOKENS = 256;

    /// Documents of Tinytown that are running text, neither lists nor questions.
    private static final Set<String> KINDS = Set.of("story", "portrait", "chat", "poem", "note");

    /// @param id names it
    record Text(String id, String text) {
        int[] ids(Subject subject) {
            int[] ids = subject.tokenizer().encode(text);
            int most = Math.min(MAX_TOKENS, subject.model().config().nCtx());
            return ids.length <= most ? ids : Arrays.copyOf(ids, most);
        }
    }

    /// Held-out documents of Tinytown, or else the user's questions: for ΔH questions that are not
    /// measured.
    ///
    /// @param most of either
    static PlainTexts of(StudySettings settings, QuestionSet questions, int most) {
        return settings.inputs().questions().isPresent()
                ? ofQuestions(questions, most)
                : tinytown(most);
    }

    private static PlainTexts ofQuestions(QuestionSet questions, int most) {
        return new PlainTexts(
                texts(questions.others(), most),
                texts(questions.measured(), most),
                "ΔH is measured on questions of the file that are not asked; the loss is that of the text of questions that are");
    }

    private static List<Text> texts(List<MultipleChoice> questions, int most) {
        return questions.stream()
                .limit(most)
                .map(question -> new Text(question.id(), question.asked()))
                .toList();
    }

    private static PlainTexts tinytown(int most) {
        Corpus corpus = new Corpus(QuestionSet.TINYTOWN);
        List<Text> texts = new ArrayList<>();
        for (int i = 0; texts.size() < 2 * most; i++) {
            Corpus.Document document = corpus.heldOut(i);
            if (KINDS.contains(document.kind())) {
                texts.add(new Text(document.id(), document.text()));
            }
        }
        return new PlainTexts(
                texts.subList(0, most),
                texts.subList(most, 2 * most),
                "ΔH is measured on %d texts of Tinytown that no model was trained on, the loss on %d others"
                        .formatted(most, most));
    }
}
