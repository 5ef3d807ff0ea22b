package entropylens.study.workbench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// Files of the user's that studies read in place of the zoo's own texts.
///
/// @param stories texts to ask about, for the study of tasks
/// @param storyColumn of that file
/// @param questions multiple-choice questions, for the studies of skipping and of correctness
/// @param fourOptionsOnly leaves out questions with another number of options, instead of refusing
///   the file
/// @param shots questions with their answers that stand before each question
/// @param wordings in which to ask, for the studies of tasks and of formats
/// @param prompts labelled prompts, for the study of groups
/// @param strict whether a row that cannot be measured ends the run, instead of being left out
public record StudyInputs(
        Optional<Path> stories,
        Optional<String> storyColumn,
        Optional<Path> questions,
        boolean fourOptionsOnly,
        OptionalInt shots,
        Optional<Path> wordings,
        Optional<OwnPrompts> prompts,
        boolean strict) {
    public static final StudyInputs NONE =
            new StudyInputs(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    OptionalInt.empty());

    /// Of no wordings.
    public StudyInputs(
            Optional<Path> stories,
            Optional<String> storyColumn,
            Optional<Path> questions,
            boolean fourOptionsOnly,
            OptionalInt shots) {
        this(
                stories,
                storyColumn,
                questions,
                fourOptionsOnly,
                shots,
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /// The same, asked in wordings of a file.
    public StudyInputs withWordings(Path file) {
        return new StudyInputs(
                stories,
                storyColumn,
                questions,
                fourOptionsOnly,
                shots,
                Optional.of(file),
                prompts,
                strict);
    }

    /// The same with labelled prompts.
    public StudyInputs withPrompts(OwnPrompts own) {
        return new StudyInputs(
                stories,
                storyColumn,
                questions,
                fourOptionsOnly,
                shots,
                wordings,
                Optional.of(own),
                strict);
    }

    /// The same, stopped by a row that cannot be measured.
    public StudyInputs strictly() {
        return new StudyInputs(
                stories, storyColumn, questions, fourOptionsOnly, shots, wordings, prompts, true);
    }
}
