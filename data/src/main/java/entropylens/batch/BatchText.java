package entropylens.batch;

import entropylens.data.PromptRow;
import entropylens.data.WrittenPrompt;
import entropylens.lens.Prompt;
import org.jspecify.annotations.Nullable;

/// One text to be measured.
///
/// @param row that its prompt stands in
/// @param sample which of the texts of its prompt, from 0
/// @param prompt in tokens, and which random numbers it draws
/// @param written by a chat template, where one is used
public record BatchText(PromptRow row, int sample, Prompt prompt, @Nullable WrittenPrompt written) {
    /// Tokens that are given.
    public int length() {
        return prompt.ids().length + prompt.answer().length;
    }
}
