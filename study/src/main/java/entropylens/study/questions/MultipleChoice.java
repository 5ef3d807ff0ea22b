package entropylens.study.questions;

import entropylens.data.AnswerRow;
import entropylens.data.Question;
import entropylens.zoo.town.Choice;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A multiple-choice question, in the one format in which all are asked.
///
/// @param id names it
/// @param subject what it is about; empty if that is not said
/// @param group what it shares with other questions (a story, a fact), so that they are not
///   independent
/// @param context a text that the question is about
/// @param options as many as there are letters
/// @param answer the right option, from 0
public record MultipleChoice(
        String id,
        String subject,
        String group,
        Optional<String> context,
        String question,
        List<String> options,
        int answer) {
    /// What the options are called.
    static final List<String> LETTERS = Choice.LETTERS;

    /// Accuracy of guessing.
    public static final double CHANCE = 1.0 / LETTERS.size();

    /// The condition of a model with all of its blocks, in the tables of results.
    public static final String INTACT = "intact";

    /// The format, for reports.
    public static final String FORMAT =
            "“Story: …” (where there is a text to ask about), “Question: …”, “A. …” to “D. …”, “Answer:”, a line each; questions with their answers before it are divided from it by an empty line";

    public MultipleChoice {
        options = List.copyOf(options);
    }

    static MultipleChoice of(Choice choice, int index) {
        return new MultipleChoice(
                choice.about() + "-" + index,
                choice.about(),
                choice.key(),
                choice.story().isEmpty() ? Optional.empty() : Optional.of(choice.story()),
                choice.question(),
                choice.options(),
                choice.answer());
    }

    static MultipleChoice of(Question question, String group) {
        return new MultipleChoice(
                question.id(),
                question.subject().orElse(""),
                group,
                question.context(),
                question.question(),
                question.options(),
                question.answer());
    }

    /// An answer of the intact model, as the results have it.
    ///
    /// @param logits of the letters
    public AnswerRow row(String study, String model, double[] logits) {
        return row(study, model, INTACT, null, null, new int[0], logits);
    }

    /// An answer of a model without some of its blocks, as the results have it.
    ///
    /// @param condition how the blocks were chosen
    /// @param part what of them was skipped
    /// @param draw which of several choices
    /// @param skipped the blocks, from 1
    /// @param logits of the letters
    public AnswerRow row(
            String study,
            String model,
            String condition,
            @Nullable String part,
            @Nullable Integer draw,
            int[] skipped,
            double[] logits) {
        return new AnswerRow(
                study,
                model,
                id,
                subject.isEmpty() ? null : subject,
                condition,
                part,
                skipped.length,
                draw,
                skipped,
                logits,
                Letters.largest(logits),
                answer,
                Letters.margin(logits, answer));
    }

    /// The question, up to where the letter of the answer begins.
    public String asked() {
        StringBuilder text = new StringBuilder();
        context.ifPresent(story -> text.append("Story: ").append(story).append('\n'));
        text.append("Question: ").append(question);
        for (int i = 0; i < options.size(); i++) {
            text.append('\n').append(LETTERS.get(i)).append(". ").append(options.get(i));
        }
        return text.append('\n').append(Letters.BEFORE).toString();
    }

    /// The question with its answer, as an example for others.
    String answered() {
        return asked() + " " + LETTERS.get(answer);
    }
}
