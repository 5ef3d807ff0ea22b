package entropylens.study.questions;

import entropylens.data.DataException;
import entropylens.data.LeftOut;
import entropylens.data.Question;
import entropylens.data.Questions;
import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Unmeasured;
import entropylens.zoo.town.Corpus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
/// @param places where each stands in the user's file, by its id
/// @param leftOut questions of the file that are not asked, since they cannot be
/// @param warnings about the file
public record QuestionSet(
        List<MultipleChoice> measured,
        List<MultipleChoice> others,
        int shots,
        String source,
        Map<String, String> places,
        List<LeftOut> leftOut,
        List<String> warnings) {
    /// The corpus that the zoo was trained on; its questions are of a part that no model has seen.
    public static final long TINYTOWN = 1;

    /// Questions that are kept from being measured.
    private static final int MAX_OTHERS = 64;

    private static final int FEWEST = 4;

    public QuestionSet {
        measured = List.copyOf(measured);
        others = List.copyOf(others);
        places = Map.copyOf(places);
        leftOut = List.copyOf(leftOut);
        warnings = List.copyOf(warnings);
    }

    /// @param most questions to measure, where the file has as many
    /// @throws DataException when the user's file cannot be used
    public static QuestionSet of(StudySettings settings, int most) {
        int shots = settings.inputs().shots().orElse(0);
        Optional<Path> file = settings.inputs().questions();
        return file.isPresent() ? read(file.get(), settings, most, shots) : tinytown(most, shots);
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
                Map.of(),
                List.of(),
                List.of());
    }

    private static QuestionSet read(Path file, StudySettings settings, int most, int shots) {
        Questions.Found found =
                Questions.read(
                        file, settings.inputs().fourOptionsOnly(), settings.inputs().strict());
        List<MultipleChoice> all = new ArrayList<>(grouped(found.questions()));
        Collections.shuffle(all, new Random(settings.seed()));
        int kept = Math.max(Math.min(MAX_OTHERS, all.size() / 4), shots);
        if (all.size() < FEWEST || kept >= all.size()) {
            throw new DataException(
                    "%s: holds %d questions; at least %d are needed, since some of them (%d here) are kept apart from those that are measured%s"
                            .formatted(
                                    file,
                                    all.size(),
                                    Math.max(FEWEST, shots + 1),
                                    kept,
                                    Unmeasured.note("rows", found.leftOut())
                                            .map(note -> ". " + note)
                                            .orElse("")));
        }
        int measured = Math.min(most, all.size() - kept);
        return new QuestionSet(
                all.subList(0, measured),
                all.subList(measured, all.size()),
                shots,
                "%d of the %d questions in %s, drawn with the run's seed"
                        .formatted(measured, all.size(), file.getFileName()),
                places(file, found),
                found.leftOut(),
                warnings(file, found));
    }

    private static Map<String, String> places(Path file, Questions.Found found) {
        Map<String, String> places = new HashMap<>(found.places());
        places.replaceAll((_, where) -> "%s: %s".formatted(file, where));
        return places;
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

    /// The questions that a model can be asked: the others are left out.
    ///
    /// @param generated tokens that are to follow each
    /// @param strict whether one that it cannot be asked is an error
    /// @throws StudyException when `strict` and there is one, or when too few are left
    public QuestionSet fitting(Subject subject, int generated, boolean strict) {
        List<MultipleChoice> fitting = new ArrayList<>();
        List<LeftOut> unfit = new ArrayList<>();
        for (MultipleChoice question : measured) {
            Optional<String> problem =
                    problem(subject, question, subject.encode(prompt(question)), generated);
            if (problem.isEmpty()) {
                fitting.add(question);
            } else if (strict) {
                throw new StudyException(problem.get());
            } else {
                unfit.add(new LeftOut(question.id(), problem.get()));
            }
        }
        if (!unfit.isEmpty() && fitting.size() < FEWEST) {
            throw new StudyException(
                    "%s; %d of %d questions are left, and at least %d are needed"
                            .formatted(
                                    unfit.getFirst().reason(),
                                    fitting.size(),
                                    measured.size(),
                                    FEWEST));
        }
        return new QuestionSet(
                fitting,
                others,
                shots,
                source,
                places,
                Stream.concat(leftOut.stream(), unfit.stream()).toList(),
                warnings);
    }

    /// Tokens of all prompts.
    ///
    /// @param generated tokens that are to follow each
    /// @throws StudyException when one cannot be given to the model
    public List<int[]> prompts(Subject subject, int generated) {
        List<int[]> prompts = new ArrayList<>();
        for (MultipleChoice question : measured) {
            int[] ids = subject.encode(prompt(question));
            problem(subject, question, ids, generated)
                    .ifPresent(problem -> {
                        throw new StudyException(problem);
                    });
            prompts.add(ids);
        }
        return prompts;
    }

    private Optional<String> problem(
            Subject subject, MultipleChoice question, int[] ids, int generated) {
        int context = subject.model().config().nCtx();
        int dVocab = subject.model().config().dVocab();
        if (ids.length + generated > context) {
            return Optional.of(
                    named(question)
                            + tooLong(ids.length, generated)
                            + "the context of %s holds %d; %s"
                                    .formatted(
                                            subject.name(),
                                            context,
                                            shots == 0
                                                    ? "leave it out, or shorten it"
                                                    : "use fewer --shots"));
        }
        return Arrays.stream(ids)
                .filter(id -> id >= dVocab)
                .mapToObj(id ->
                        "%sholds token %d, but the vocabulary of %s ends at %d"
                                .formatted(named(question), id, subject.name(), dVocab - 1))
                .findFirst();
    }

    private String named(MultipleChoice question) {
        String place = places.get(question.id());
        return "%squestion '%s' ".formatted(place == null ? "" : place + ": ", question.id());
    }

    private String tooLong(int tokens, int generated) {
        return "takes %d tokens%s%s, but "
                .formatted(
                        tokens,
                        shots == 0 ? "" : " with %d shots".formatted(shots),
                        generated == 0 ? "" : " and %d generated ones".formatted(generated));
    }

    /// What reports say of the file: warnings, and how many questions are left out.
    public List<String> notes() {
        return Stream.concat(warnings.stream(), Unmeasured.note("questions", leftOut).stream())
                .toList();
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
