package entropylens.study.workbench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the published code does that changes its figures, and what is done instead where it is
/// corrected. All hold in the preset of the paper, and none in the others.
public enum Flaw {
    SCRAMBLED_IN_PLACE(
            List.of("tasks"),
            "a story is scrambled in place, once for each question, so that nearly all of its prompts carry scrambled text",
            "only scrambled variants carry scrambled text, all in one order of the words"),
    WORDS_AT_BLANKS(
            List.of("tasks"),
            "words are cut at single blanks, so that the ends of lines stay inside words",
            "words are cut at white space"),
    BARE_PROMPTS(
            List.of("tasks"),
            "story and question stand in a prompt without labels, an empty line behind each",
            "they are labelled Story and Question, a line each, and Answer ends the prompt"),
    LONG_PROMPTS_DROPPED(
            List.of("tasks"),
            "prompts of more than 1,500 characters, or too long for the context, are left out",
            "a story that is too long for the context is cut, for all of its prompts alike"),
    ONE_WORDING(
            List.of("formats"),
            "each format is asked for in one wording, unless --wordings gives others",
            "three wordings take turns from topic to topic"),
    BEGIN_TWICE(
            List.of("strategies", "families"),
            "the begin token stands twice where it is the prompt, once as text and once set by the library",
            "it stands once"),
    PAST_END(
            List.of("strategies", "families", "tasks", "formats", "correctness"),
            "generation goes on behind an end token",
            "a text ends with its end token"),
    SHORT_TSNE(List.of("families"), "t-SNE goes 300 steps", "it goes 1,000, as it does by default"),
    UNGROUPED_FOLDS(
            List.of("tasks", "formats"),
            "folds are cut without regard to story or topic, whose texts may stand on both sides",
            "folds keep stories and topics whole"),
    FOLDS_IN_ORDER(
            List.of("formats"),
            "folds are cut from the texts in their order",
            "folds are drawn with the seed"),
    SAME_WORDINGS(
            List.of("tasks", "formats"),
            "the wordings of the questions are the same on both sides of every fold",
            "the verdict is also held to folds that test other wordings than are learnt from");

    private final List<String> studies;
    private final String published;
    private final String corrected;

    Flaw(List<String> studies, String published, String corrected) {
        this.studies = studies;
        this.published = published;
        this.corrected = corrected;
    }

    /// As on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The studies that it changes.
    public List<String> studies() {
        return studies;
    }

    /// What the published code does, as a clause.
    public String published() {
        return published;
    }

    /// What is done instead.
    public String corrected() {
        return corrected;
    }

    /// The flaw of a word.
    public static Optional<Flaw> of(String word) {
        return Arrays.stream(values()).filter(flaw -> flaw.word().equals(word)).findFirst();
    }

    /// Whether any of some studies has a flaw that can be corrected.
    public static boolean anyOf(Collection<String> studies) {
        return Arrays.stream(values())
                .flatMap(flaw -> flaw.studies.stream())
                .anyMatch(studies::contains);
    }

    /// All words, in the order of the report.
    public static List<String> words() {
        return Arrays.stream(values()).map(Flaw::word).toList();
    }

    /// Why one of some corrections would change nothing in a run, if so.
    ///
    /// @param studies of the run
    public static Optional<String> withoutEffect(
            Collection<Flaw> corrected, Collection<String> studies) {
        for (Flaw flaw : corrected) {
            if (flaw.studies.stream().noneMatch(studies::contains)) {
                return Optional.of(
                        "%s is a flaw of %s, and the studies of this run are %s"
                                .formatted(
                                        flaw.word(),
                                        String.join(", ", flaw.studies),
                                        String.join(", ", studies)));
            }
        }
        if (corrected.contains(UNGROUPED_FOLDS) && corrected.contains(FOLDS_IN_ORDER)) {
            return Optional.of(
                    "%s changes nothing beside %s, whose folds are drawn with the seed"
                            .formatted(FOLDS_IN_ORDER.word(), UNGROUPED_FOLDS.word()));
        }
        return Optional.empty();
    }

    /// Their words, in the order of the report.
    public static String list(Collection<Flaw> flaws) {
        return flaws.stream().sorted().map(Flaw::word).collect(Collectors.joining(","));
    }
}
