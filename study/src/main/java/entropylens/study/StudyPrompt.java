package entropylens.study;

import org.jspecify.annotations.Nullable;

/// A prompt to profile, and what is known of it.
///
/// @param textId names it within a study; ids sort in the order of the prompts
/// @param groupId what it shares with others, so that they are not split between folds
/// @param label its class
/// @param variant of the prompt
/// @param wording of the instruction
/// @param text as read by people; null where the prompt is ids
/// @param ids what the model is given
record StudyPrompt(
        String textId,
        @Nullable String groupId,
        @Nullable String label,
        @Nullable String variant,
        @Nullable String wording,
        @Nullable String text,
        int[] ids) {
    /// Ids that sort as numbers do.
    static String id(int number) {
        return "%06d".formatted(number);
    }
}
