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
public record StudyInputs(
        Optional<Path> stories,
        Optional<String> storyColumn,
        Optional<Path> questions,
        boolean fourOptionsOnly,
        OptionalInt shots) {
    public static final StudyInputs NONE =
            new StudyInputs(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    OptionalInt.empty());
}
