package entropylens.data;

import org.jspecify.annotations.Nullable;

/// A text that was measured. `study`, `model` and `textId` name it: no two rows of a run share all
/// three.
///
/// @param groupId what it shares with others, so that they are not split between folds: a story, a
///   topic, a question
/// @param label the class it belongs to
/// @param variant which variant of its prompt
/// @param wording which wording of its instruction
/// @param generatedText for display only
/// @param seed of its sampling; null where greedy
/// @param written by a chat template; null where the prompt was given as it is
public record TextRow(
        String study,
        String model,
        String textId,
        @Nullable String groupId,
        @Nullable String label,
        @Nullable String variant,
        @Nullable String wording,
        @Nullable String prompt,
        int[] promptIds,
        int[] generatedIds,
        @Nullable String generatedText,
        @Nullable Long seed,
        @Nullable WrittenPrompt written) {
    /// Of a prompt that was given as it is.
    public TextRow(
            String study,
            String model,
            String textId,
            @Nullable String groupId,
            @Nullable String label,
            @Nullable String variant,
            @Nullable String wording,
            @Nullable String prompt,
            int[] promptIds,
            int[] generatedIds,
            @Nullable String generatedText,
            @Nullable Long seed) {
        this(
                study,
                model,
                textId,
                groupId,
                label,
                variant,
                wording,
                prompt,
                promptIds,
                generatedIds,
                generatedText,
                seed,
                null);
    }
}
