package entropylens.study.questions;

import entropylens.data.DataException;
import entropylens.data.Question;
import entropylens.data.Questions;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.zoo.town.Corpus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The questions of a study. A function of the settings and the user's file, and of nothing else.
///
/// @param measured those that the models answer
/// @param others questions that are not measured: examples come from them
/// @param shots examples before each question
/// @param source where they are from, for reports
/// @param warnings about the file
public record QuestionSet(
        List<MultipleChoice> measured,
        List<MultipleChoice> others,
        int shots,
        String source,
        List<String> warnings) {
    /// The corpus that the zoo was trained on; its questions are of a part that no model has seen.
    public static final long TINYTOWN = 1;

    /// Questions that are kept from being measured.
    private static final int MAX_OTHERS = 64;

    private static final int FEWEST = 4;

    public QuestionSet {
        measured = List.copyOf(measured);
        others = List.copyOf(others);
        warnings = List.copyOf(warnings);
    }

    /// @param most questions to measure, where the file has as many
    /// @throws DataException when the user's file cannot be used
    public static QuestionSet of(StudySettings settings, int most) {
        int shots = settings.inputs().shots().orElse(0);
        Optional<Path> file = settings.inputs().questions();
        return file.isPresent()
                ? read(
                        file.get(),
                        settings.inputs().fourOptionsOnly(),
                        most,
                        shots,
                        settings.seed())
                : tinytown(most, shots);
    }

    private static QuestionSet tinytown(int most, int shots) {
        Corpus corpus = new Corpus(TINYTOWN);
        List<MultipleChoice> all =
                IntStream.range(0, most + MAX_OTHERS + 2 * shots)
                        .mapToObj(i -> MultipleChoice.of(corpus.question(i), i))
                        .toList();
        return new QuestionSet(
                all.subList(0, most),
                all.subList(most, all.size()),
                shots,
                "%d questions on Tinytown, half of them about facts of that world, half about a story that the prompt tells; the zoo's models were not trained on any of them"
                        .formatted(most),
                List.of());
    }

    private static QuestionSet read(
            Path file, boolean fourOptionsOnly, int most, int shots, long seed) {
        Questions.Found found = Questions.read(file, fourOptionsOnly);
        List<MultipleChoice> all = new ArrayList<>(grouped(found.questions()));
        Collections.shuffle(all, new Random(seed));
        int kept = Math.max(Math.min(MAX_OTHERS, all.size() / 4), shots);
        if (all.size() < FEWEST || kept >= all.size()) {
            throw new DataException(
                    "%s: holds %d questions; at least %d are needed, since some of them (%d here) are kept apart from those that are measured"
                            .formatted(file, all.size(), Math.max(FEWEST, shots + 1), kept));
        }
        int measured = Math.min(most, all.size() - kept);
        return new QuestionSet(
                all.subList(0, measured),
                all.subList(measured, all.size()),
                shots,
                "%d of the %d questions in %s, drawn with the run's seed"
                        .formatted(measured, all.size(), file.getFileName()),
                warnings(file, found));
    }

    private static List<String> warnings(Path file, Questions.Found found) {
        List<String> warnings = new ArrayList<>(found.warnings());
        if (found.dropped() > 0) {
            warnings.add(
                    "%s: %d questions with another number of options than four were left out"
                            .formatted(file.getFileName(), found.dropped()));
        }
        return warnings;
    }

    /// Questions on one text belong together; others are by themselves.
    private static List<MultipleChoice> grouped(List<Question> questions) {
        Map<String, String> firstOn = new HashMap<>();
        return questions.stream()
                .map(question -> {
                    String group =
                            question.context()
                                    .map(text -> firstOn.computeIfAbsent(text, _ -> question.id()))
                                    .orElse(question.id());
                    return MultipleChoice.of(question, group);
                })
                .toList();
    }

    /// What the model is given, up to where the letter begins.
    public String prompt(MultipleChoice question) {
        List<String> parts = new ArrayList<>();
        examples(question).map(MultipleChoice::answered).limit(shots).forEach(parts::add);
        parts.add(question.asked());
        return String.join("\n\n", parts);
    }

    /// Questions of the same subject first; none on the same text or fact.
    private Stream<MultipleChoice> examples(MultipleChoice question) {
        List<MultipleChoice> strangers =
                others.stream().filter(other -> !other.group().equals(question.group())).toList();
        return Stream.concat(
                strangers.stream().filter(other -> other.subject().equals(question.subject())),
                strangers.stream().filter(other -> !other.subject().equals(question.subject())));
    }

    /// Tokens of all prompts.
    ///
    /// @param generated tokens that are to follow each
    /// @throws StudyException when one does not fit the model's context
    public List<int[]> prompts(Subject subject, int generated) {
        int context = subject.model().config().nCtx();
        List<int[]> prompts = new ArrayList<>();
        for (MultipleChoice question : measured) {
            int[] ids = subject.tokenizer().encode(prompt(question));
            if (ids.length + generated > context) {
                throw new StudyException(tooLong(subject, question, ids.length, generated));
            }
            prompts.add(ids);
        }
        return prompts;
    }

    private String tooLong(Subject subject, MultipleChoice question, int tokens, int generated) {
        return "%s: question '%s' takes %d tokens%s%s, but the model's context holds %d; %s"
                .formatted(
                        subject.name(),
                        question.id(),
                        tokens,
                        shots == 0 ? "" : " with %d shots".formatted(shots),
                        generated == 0 ? "" : " and %d generated ones".formatted(generated),
                        subject.model().config().nCtx(),
                        shots == 0 ? "leave it out, or shorten it" : "use fewer --shots");
    }

    /// How many examples there are, for reports.
    public String shotsInWords() {
        return switch (shots) {
            case 0 -> "without examples";
            case 1 -> "1 answered question before each";
            default -> shots + " answered questions before each";
        };
    }

    /// A number for each group, by question.
    public int[] groups() {
        List<String> names = measured.stream().map(MultipleChoice::group).distinct().toList();
        return measured.stream().mapToInt(question -> names.indexOf(question.group())).toArray();
    }
}
